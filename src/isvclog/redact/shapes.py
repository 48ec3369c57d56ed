"""Credentials that can be recognized by their shape, one row each.

The patterns follow what the issuers say about their own tokens. Each has texts that are searched for first, because
almost no value has them, and compiling a pattern takes longer than searching a short text for all of them. An
annotation may be as long as 256 KiB: no pattern may look at the same long run from each of its characters.
"""

from typing import NamedTuple


class Pattern(NamedTuple):
    """One kind of credential: a regular expression that is tried if one of `starts` occurs in the value."""

    name: str
    starts: tuple[str, ...]
    regex: str


SECRETS = (
    Pattern("a private key", ("PRIVATE KEY",), r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY"),
    Pattern(
        "a private key", ("AGE-SECRET-KEY-", "PuTTY-User-Key"), r"AGE-SECRET-KEY-1[0-9A-Z]{20}|PuTTY-User-Key-File-"
    ),
    Pattern("a JSON Web Token", ("eyJ",), r"\beyJ[\w-]{8,2000}\.[\w-]{8,}\."),
    Pattern("an AWS access key", ("AKIA", "ASIA"), r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"),
    Pattern("an AWS API key", ("ABSK",), r"\bABSK[A-Za-z0-9+/]{100}"),
    Pattern("a Google API key", ("AIza",), r"\bAIza[\w-]{35}"),
    Pattern("a Google access token", ("ya29.",), r"\bya29\.[\w-]{20}"),
    Pattern("a Google client secret", ("GOCSPX-",), r"\bGOCSPX-[\w-]{28}"),
    Pattern("a GitHub token", ("gh", "github_pat_"), r"\bgh[pousr]_\w{30}|\bgithub_pat_\w{20}"),
    Pattern("a GitLab token", ("gl",), r"\bgl(?:pat|dt|rt|ptt|soat|ft|imt|agent|oas|cbt)-[\w-]{20}"),
    Pattern("a Slack token", ("xox", "xapp-"), r"\bxox[abceoprsd]-[\w-]{10}|\bxapp-\d-[\w-]{10}"),
    Pattern("a Slack webhook", ("hooks.slack.com/",), r"hooks\.slack\.com/(?:services|workflows)/T\w{5,}/"),
    Pattern("a Hugging Face token", ("hf_", "api_org_"), r"\b(?:hf_|api_org_)[A-Za-z0-9]{30}"),
    Pattern(
        "an OpenAI-style API key",
        ("sk-",),
        # A name like `sk-learn-gradient-boosting-v2` has no long part with a digit or a capital.
        r"\bsk-(?:[a-z0-9]{1,10}-){0,3}(?=[A-Za-z]{0,64}[0-9A-Z])(?=\w{0,64}[a-zA-Z])[A-Za-z0-9_]{16}"
        r"|\bsk-(?:live|test|prod|proj|ant)-(?=[a-z-]{0,64}\d)[\w-]{10}",
    ),
    Pattern(
        "a Stripe key", ("k_live_", "k_test_", "whsec_"), r"\b[rsp]k_(?:live|test)_\w{10}|\bwhsec_[A-Za-z0-9+/]{20}"
    ),
    Pattern("an NVIDIA API key", ("nvapi-",), r"\bnvapi-[\w-]{30}"),
    Pattern("a Groq API key", ("gsk_",), r"\bgsk_[A-Za-z0-9]{30}"),
    Pattern("an xAI API key", ("xai-",), r"\bxai-[A-Za-z0-9]{40}"),
    Pattern("a Perplexity API key", ("pplx-",), r"\bpplx-[A-Za-z0-9]{30}"),
    Pattern("a Replicate token", ("r8_",), r"\br8_[A-Za-z0-9]{30}"),
    Pattern("a LangSmith API key", ("lsv2_",), r"\blsv2_(?:pt|sk)_[0-9a-f]{20}"),
    Pattern("a Databricks token", ("dapi",), r"\bdapi[0-9a-f]{32}"),
    Pattern("an npm token", ("npm_",), r"\bnpm_[A-Za-z0-9]{36}"),
    Pattern("a PyPI token", ("pypi-",), r"\bpypi-AgE[\w-]{30}"),
    Pattern("a Docker token", ("dckr_",), r"\bdckr_(?:pat|oat)_[\w-]{20}"),
    Pattern("a DigitalOcean token", ("do",), r"\bdo[opr]_v1_[0-9a-f]{40}"),
    Pattern("a Vault token", ("hvs.", "hvb.", "hvr."), r"\bhv[sbr]\.[\w-]{20}"),
    Pattern("a Terraform token", (".atlasv1.",), r"\b[A-Za-z0-9]{14}\.atlasv1\.[\w-]{20}"),
    Pattern("a Grafana token", ("glsa_", "glc_"), r"\bglsa_\w{30}|\bglc_eyJ[\w+/]{20}"),
    Pattern("a SendGrid key", ("SG.",), r"\bSG\.[\w-]{16,32}\.[\w-]{16}"),
    Pattern("a Mailchimp key", ("-us",), r"\b[0-9a-f]{32}-us\d"),
    Pattern("a Twilio key", ("SK",), r"\bSK[0-9a-f]{32}\b"),
    Pattern("a Telegram bot token", (":AA",), r"\b\d{8,10}:AA[\w-]{33}\b"),
    Pattern("a Shopify token", ("shp",), r"\bshp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}"),
    Pattern("an Atlassian token", ("ATATT3",), r"\bATATT3[\w=-]{20}"),
    Pattern("a Linear API key", ("lin_api_",), r"\blin_api_\w{30}"),
    Pattern("a Notion token", ("ntn_",), r"\bntn_[A-Za-z0-9]{30}"),
    Pattern("a Postman key", ("PMAK-",), r"\bPMAK-[0-9a-f]{20}"),
    Pattern("a New Relic key", ("NRAK-",), r"\bNRAK-[0-9A-Z]{20}"),
    Pattern("a Dynatrace token", ("dt0",), r"\bdt0[a-z]\d\d\.[A-Z0-9]{20}"),
    Pattern("a Tailscale key", ("tskey-",), r"\btskey-[a-z]{1,10}-\w{10}"),
    Pattern("a 1Password token", ("ops_eyJ",), r"\bops_eyJ[\w-]{20}"),
    Pattern("an Azure client secret", ("Q~",), r"(?<![\w~.-])[\w~.-]{3}\dQ~[\w~.-]{30}"),
    Pattern("an Azure storage key", ("Account", "SharedAccess"), r"\b(?:AccountKey|SharedAccess(?:Key|Signature))=."),
    Pattern("a signed URL", ("sig=",), r"[?&]sig=[\w%]{20}"),
    Pattern("a signed URL", ("X-Amz-Signature=", "X-Goog-Signature="), r"[?&]X-(?:Amz|Goog)-Signature=[0-9a-fA-F]{20}"),
    Pattern("a URL with a password", ("://",), r"\b[a-zA-Z][a-zA-Z0-9+.-]{0,20}://[^\s/@:]*:(?!\*+@)[^\s/@]+@"),
    Pattern("a bearer token", ("earer ",), r"\b[Bb]earer (?:[A-Za-z0-9]{16}|(?=[A-Za-z_+/=.-]{0,64}\d)[\w+/=.-]{8})"),
    Pattern(
        "a connection string with a password",
        ("assword", "ASSWORD", "pwd", "Pwd", "PWD"),
        r"(?:\A|[;&\s\"',?])(?i:password|pwd)\s{0,9}=\s{0,9}(?![*<$\s;&\"',]|\{\{)[^\s;&]",
    ),
)
HINTS = (Pattern("a PEM certificate", ("CERTIFICATE",), r"-----BEGIN [A-Z0-9 ]{0,40}CERTIFICATE"),)
BASIC = r"\b[Bb]asic ([A-Za-z0-9+/]{8,600}={0,2})"
EMAIL = r"(?<![\w.+/@-])[\w.+-]+@(?:[A-Za-z0-9][\w-]*\.)+[A-Za-z]{2,24}(?![\w@-]|\.\w|:[^\s])"
CARD = r"(?<![\w.-])(?:\d{4}([ -]?)\d{4}\1\d{4}\1\d{1,7}|3\d{3}([ -]?)\d{6}\2\d{4,5})(?![\w]|[.-]\w)"
