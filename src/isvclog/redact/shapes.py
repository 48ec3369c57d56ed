"""Credentials that can be recognized by their shape, one row each.

The patterns follow what the issuers say about their own tokens. Each has texts that are searched for first, because
almost no value has them, and compiling a pattern takes longer than searching a short text for all of them. An
annotation may be as long as 256 KiB: no pattern may look at the same long run from each of its characters.
"""

import re
from enum import Enum
from functools import cache

from isvclog.records import NamedTuple


class Class(Enum):
    """The sensitivity of a shape, the worst first: anyone who has a secret can use it.

    What is likely a secret is reported as a warning; a hint is worth a look and may be harmless.
    """

    SECRET = "secret"
    PERSONAL = "personal"
    LIKELY = "likely"
    HINT = "hint"


class Shape(NamedTuple):
    """The kind of thing that a value looks like, with its article: "a JSON Web Token"."""

    name: str
    kind: Class


class Pattern(NamedTuple):
    """One kind of credential: a regular expression that is tried if one of `starts` occurs in the value."""

    name: str
    starts: tuple[str, ...]
    regex: str


@cache
def compile_late(regex: str, flags: re.RegexFlag = re.ASCII) -> re.Pattern[str]:
    """Compile an expression at its first use, because most runs need none."""
    return re.compile(regex, flags)


SECRETS = (
    Pattern("a private key", ("PRIVATE KEY",), r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY"),
    Pattern(
        "a private key", ("AGE-SECRET-KEY-", "PuTTY-User-Key"), r"AGE-SECRET-KEY-1[0-9A-Z]{20}|PuTTY-User-Key-File-"
    ),
    # In base64, of which the end may be missing.
    Pattern(
        "a private key",
        ("LS0tLS1CRUdJTi",),
        r"LS0tLS1CRUdJTi[A-Za-z0-9+/]{0,40}(?:FJJVkFURSBLRV|SSVZBVEUgS0VZ|QUklWQVRFIEtFW)",
    ),
    Pattern("a JSON Web Token", ("eyJ",), r"\beyJ[\w-]{8,2000}\.[\w-]{8,}\."),
    Pattern("a JSON Web Token", (".ey",), r"\bey[A-Za-z0-9]{17,2000}\.ey[\w/\\-]{17}"),
    Pattern("a JSON Web Token", ("ZXlK",), r"\bZXlK[\w+/-]{50}"),
    Pattern(
        "an AWS access key",
        ("AKIA", "ASIA", "ABIA", "ACCA", "A3T"),
        r"\b(?:AKIA|ASIA|ABIA|ACCA|A3T[A-Z0-9])[0-9A-Z]{16}\b",
    ),
    Pattern("an AWS API key", ("ABSK",), r"\bABSK[A-Za-z0-9+/]{100}"),
    Pattern("a Google API key", ("AIza",), r"\bAIza[\w-]{35}"),
    Pattern("a Google access token", ("ya29.",), r"\bya29\.[\w-]{20}"),
    Pattern("a Google client secret", ("GOCSPX-",), r"\bGOCSPX-[\w-]{28}"),
    Pattern("a GitHub token", ("gh", "github_pat_"), r"\bgh[pousr]_\w{30}|\bgithub_pat_\w{20}"),
    Pattern("a GitLab token", ("gl",), r"\bgl(?:pat|dt|rt|ptt|soat|ft|imt|agent|oas|cbt|ffct)-[\w-]{20}"),
    Pattern(
        "a GitLab token",
        ("GR1348941", "_gitlab_session="),
        r"\bGR1348941[\w-]{20}|_gitlab_session=[0-9a-z]{32}",
    ),
    Pattern("a Slack token", ("xox", "xapp-"), r"\bxox[abceoprsd]-[\w-]{10}|\bxapp-\d-[\w-]{10}"),
    Pattern("a Slack token", ("xoxe.",), r"(?i:\bxoxe\.xox[bp])-\d-[A-Za-z0-9]{40}"),
    Pattern(
        "a Slack webhook",
        ("hooks.slack.com/",),
        r"hooks\.slack\.com/(?:(?:services|workflows)/T\w{5,}/|(?:services|workflows|triggers)/[A-Za-z0-9+/]{40})",
    ),
    Pattern(
        "a Discord webhook",
        ("/webhooks/",),
        r"\bdiscord(?:app)?\.com/api/(?:v\d{1,2}/)?webhooks/\d{17,20}/[\w-]{40}",
    ),
    Pattern(
        "a Teams webhook",
        ("/IncomingWebhook/",),
        r"\.?(?:office|office365)\.com/webhook(?:b2)?/[\w@-]{36,80}/IncomingWebhook/\w{20}",
    ),
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
    Pattern("a DigitalOcean token", ("do",), r"\bdo[opr]_v1_[0-9a-fA-F]{40}"),
    Pattern("a Vault token", ("hvs.", "hvb.", "hvr."), r"\bhv[sbr]\.[\w-]{20}"),
    # Of Vault before 1.10. A name like this has no digit.
    Pattern("a Vault token", ("s.",), r"(?<![\w.-])s\.(?=[A-Za-z]{0,23}\d)[A-Za-z0-9]{24}(?![\w.-])"),
    Pattern("a Terraform token", (".atlasv1.",), r"\b[A-Za-z0-9]{14}\.atlasv1\.[\w-]{20}"),
    Pattern("a Grafana token", ("glsa_", "glc_"), r"\bglsa_\w{30}|\bglc_eyJ[\w+/]{20}"),
    Pattern(
        "a Grafana token",
        ("glc_", "GLC_", "eyJrIjoi", "eyj", "EYJ"),
        r"(?i:\bglc_)[A-Za-z0-9+/]{30}|(?i:\beyJrIjoi)[A-Za-z0-9]{60}",
    ),
    Pattern("a SendGrid key", ("SG.",), r"\bSG\.(?:[\w-]{16,32}\.[\w-]{16}|(?=[\w=.-]{0,64}\d)[\w=.-]{60})"),
    Pattern("a Mailchimp key", ("-us",), r"\b[0-9a-f]{32}-us\d"),
    Pattern("a Twilio key", ("SK",), r"\bSK[0-9a-fA-F]{32}\b"),
    Pattern("a Telegram bot token", (":AA",), r"\b\d{8,10}:AA[\w-]{33}\b"),
    Pattern("a Shopify token", ("shp",), r"\bshp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}"),
    Pattern("an Atlassian token", ("ATATT3",), r"\bATATT3[\w=-]{20}"),
    Pattern("a Linear API key", ("lin_api_",), r"\blin_api_\w{30}"),
    Pattern("a Notion token", ("ntn_",), r"\bntn_[A-Za-z0-9]{30}"),
    Pattern("a Postman key", ("PMAK-",), r"\bPMAK-[0-9a-fA-F]{20}"),
    Pattern("a New Relic key", ("NRAK-",), r"\bNRAK-[0-9A-Z]{20}"),
    Pattern(
        "a Dynatrace token",
        ("dt0",),
        r"\bdt0[a-z]\d\d\.(?:[A-Z0-9]{20}|[A-Za-z0-9]{24}\.[A-Za-z0-9]{30})",
    ),
    Pattern("a Tailscale key", ("tskey-",), r"\btskey-[a-z]{1,10}-\w{10}"),
    Pattern("a 1Password token", ("ops_eyJ",), r"\bops_eyJ[\w+/-]{20}"),
    Pattern("a 1Password secret key", ("A3-",), r"\bA3-[A-Z0-9]{6}-[A-Z0-9-]{11,12}(?:-[A-Z0-9]{5}){3}\b"),
    Pattern("a 42 secret", ("s-s4t2",), r"\bs-s4t2(?:ud|af)-[0-9a-fA-F]{64}"),
    Pattern("an Adobe secret", ("p8e-",), r"\bp8e-[A-Za-z0-9]{32}\b"),
    Pattern("an Alibaba key", ("LTAI",), r"\bLTAI[A-Za-z0-9]{20}\b"),
    Pattern("an Artifactory key", ("AKCp", "cmVmd"), r"\bAKCp[A-Za-z0-9]{69}\b|\bcmVmd[A-Za-z0-9]{59}\b"),
    Pattern("an Authress key", (".acc",), r"\b(?:sc|ext|scauth|authress)_\w{5,30}\.\w{4,6}\.acc[_-]"),
    Pattern("a Brevo key", ("xkeysib-",), r"\bxkeysib-[0-9a-f]{40}"),
    Pattern("a ClickHouse key", ("4b1d",), r"\b4b1d(?=[a-z0-9]{0,37}[A-Z])[A-Za-z0-9]{38}\b"),
    Pattern("a Clojars token", ("CLOJARS_", "clojars_"), r"(?i:\bCLOJARS_)[a-z0-9A-Z]{60}"),
    Pattern("a Cloudflare key", ("v1.0-",), r"\bv1\.0-[0-9a-f]{24}-[0-9a-f]{40}"),
    Pattern("a Doppler token", ("dp.",), r"\bdp\.(?:pt|ct|sa|scim|audit|st(?:\.[\w-]{1,40})?)\.[A-Za-z0-9]{40}"),
    Pattern("a Duffel token", ("duffel_",), r"\bduffel_(?:test|live)_[\w=-]{30}"),
    Pattern("an EasyPost key", ("EZAK", "EZTK"), r"\bEZ[AT]K[A-Za-z0-9]{54}\b"),
    Pattern("a Facebook token", ("EAAM", "EAAC"), r"\bEAA[MC][A-Za-z0-9]{90}"),
    Pattern("a Flutterwave key", ("FLWSECK",), r"\bFLWSECK(?:_TEST)?-[A-Za-z0-9]{12}"),
    Pattern("a Fly.io token", ("fo1_", "fm1", "fm2_"), r"\b(?:fo1|fm1[ar]|fm2)_[\w+/-]{40}"),
    Pattern("a Frame.io token", ("fio-u-",), r"\bfio-u-[\w=-]{40}"),
    Pattern("a Harness key", ("pat.", "sat."), r"\b(?:pat|sat)\.[\w-]{22}\.[A-Za-z0-9]{24}\.[A-Za-z0-9]{20}"),
    Pattern("a Heroku key", ("HRKU-AA",), r"\bHRKU-AA[\w-]{40}"),
    Pattern("an Infracost key", ("ico-",), r"\bico-(?=[a-zA-Z]{0,31}\d)[A-Za-z0-9]{32}\b"),
    Pattern("a MaxMind key", ("_mmk",), r"\b[A-Za-z0-9]{6}_[A-Za-z0-9]{29}_mmk\b"),
    Pattern("an Octopus key", ("API-",), r"\bAPI-(?=[A-Z]{0,25}\d)[A-Z0-9]{26}\b"),
    Pattern("an OpenShift token", ("sha256~",), r"\bsha256~[\w-]{43}"),
    Pattern("a PlanetScale token", ("pscale_",), r"\bpscale_(?:tkn|oauth|pw)_[\w=.-]{32}"),
    Pattern("a Prefect key", ("pnu_",), r"\bpnu_[A-Za-z0-9]{36}\b"),
    Pattern("a Pulumi token", ("pul-",), r"\bpul-[0-9a-f]{40}"),
    Pattern("a ReadMe token", ("rdme_",), r"\brdme_[a-z0-9]{60}"),
    Pattern("a RubyGems token", ("rubygems_",), r"\brubygems_[0-9a-f]{40}"),
    Pattern("a Scalingo token", ("tk-us-",), r"\btk-us-[\w-]{48}"),
    Pattern("a Sentry token", ("sntrys_", "sntryu_"), r"\bsntrys_eyJ[\w+/]{20}|\bsntryu_[0-9a-f]{40}"),
    Pattern("a SettleMint token", ("sm_",), r"\bsm_[aps]at_[A-Za-z0-9]{16}\b"),
    Pattern("a Shippo token", ("shippo_",), r"\bshippo_(?:live|test)_[0-9a-fA-F]{40}"),
    Pattern("a Sourcegraph token", ("sgp_",), r"\bsgp_(?:[0-9a-fA-F]{16}_|local_)?[0-9a-fA-F]{40}"),
    Pattern("a Square token", ("EAAA", "sq0"), r"\b(?:EAAA|sq0(?:atp|csp)-)(?=[A-Za-z_-]{0,21}\d)[\w-]{22,60}\b"),
    Pattern("a Weights & Biases key", ("wandb_v1_",), r"\bwandb_v1_\w{40}"),
    Pattern("an Azure client secret", ("Q~",), r"(?<![\w~.-])[\w~.-]{3}\dQ~[\w~.-]{30}"),
    Pattern("an Azure storage key", ("Account", "SharedAccess"), r"\b(?:AccountKey|SharedAccess(?:Key|Signature))=."),
    Pattern("a signed URL", ("sig=",), r"[?&]sig=[\w%~.-]{20}"),
    Pattern("a signed URL", ("X-Amz-Signature=", "X-Goog-Signature="), r"[?&]X-(?:Amz|Goog)-Signature=[0-9a-fA-F]{20}"),
    Pattern("a URL with a password", ("://",), r"\b[a-zA-Z][a-zA-Z0-9+.-]{0,20}://[^\s/@:]*:(?!\*+@)[^\s/@]+@"),
    Pattern("a bearer token", ("earer ",), r"\b[Bb]earer (?:[A-Za-z0-9]{16}|(?=[A-Za-z_+/=.-]{0,64}\d)[\w+/=.-]{8})"),
    Pattern(
        "a connection string with a password",
        ("assword", "ASSWORD", "pwd", "Pwd", "PWD"),
        r"(?:\A|[;&\s\"',?])(?i:password|pwd)\s{0,9}=\s{0,9}(?![*<$\s;&\"',]|\{\{)[^\s;&]",
    ),
    Pattern("credentials of curl", ("curl",), r"\s(?:-u|--user)[= ]{0,3}[\"']?[^\s:\"']{1,100}:(?![*<$])[^\s\"']{3}"),
    Pattern(
        "a header with credentials",
        ("uthorization:", "-Key:", "-Token:", "-key:", "-token:"),
        r"(?i:authorization: {0,3}(?:(?:bearer|basic|token) {1,3})?|\bx-[a-z-]{0,40}(?:key|token): {0,3})"
        r"(?=[^\s\"']{0,100}\d)[\w+/=.~-]{8}",
    ),
)
HINTS = (Pattern("a PEM certificate", ("CERTIFICATE",), r"-----BEGIN [A-Z0-9 ]{0,40}CERTIFICATE"),)
BASIC = r"\b[Bb]asic ([A-Za-z0-9+/]{8,600}={0,2})"
# Domains may be international: not for `re.ASCII`.
EMAIL = (
    r"(?<![\w.+/@-])[\w.+-]+@(?:[^\W_][\w-]*\.)+(?:xn--[a-z0-9-]{2,59}|[^\W\d_]{2,24})"
    r"(?![\w@-]|\.\w|\.\.\w|:(?!\d{2,5}\b)\S)"
)
CARD = r"(?<![\w.-])(?:\d{4}([ -]?)\d{4}\1\d{4}\1\d{1,7}|3\d{3}([ -]?)\d{6}\2\d{4,5})(?![\w]|[.-]\w)"
SSN = r"(?<![\w.-])(?!000|666|9\d\d)\d{3}-(?!00)\d\d-(?!0000)\d{4}(?![\w-]|\.\w)"
IBAN = r"(?<![\w-])[A-Za-z]{2}\d\d(?= ?[A-Za-z0-9]{4})"
PHONE = r"(?<![\w.+-])(?:\+|00(?=\d{1,3} ))[1-9][\d ().-]{6,22}\d(?![\w:-]|\.\w)"
