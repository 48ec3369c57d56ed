"""Rules about the sink's URL, by the regular expression of what Go's parser accepts."""

from collections.abc import Iterator, Sequence

from isvclog.diagnosis.sink_check import HTTP_SCHEMES, OTHER_BLOB_SCHEMES
from isvclog.kserve.agent.store import BLOB_SCHEMES
from isvclog.kserve.apis import constants as c
from isvclog.kserve.golang.url import PARSABLE
from isvclog.kserve.webhook.environment import SECRETS
from isvclog.policy.cel import each, record, regex, string_list
from isvclog.policy.checks.annotations import variable
from isvclog.policy.model import ExportedRule, PolicyTarget
from isvclog.redact.wordlists import PARAMETER, SECRET
from isvclog.rules.destination.cleartext_url import PRIVATE_ENDINGS, PUBLIC_ENDINGS

_STORAGE = "|".join((*BLOB_SCHEMES, *OTHER_BLOB_SCHEMES))
_USER = rf"^(?i:https?)://[^/?#]*[^/?#:][^/?#]*@|^(?i:{_STORAGE})://[^/?#]*:[^/?#]*@"
"""A user name or a password for HTTP; for object storage, where a user name is the container, a password."""
_WORDS = "|".join(sorted(phrase.replace(" ", "[-_.]?") for phrase in {*SECRET, *PARAMETER}))
_PARAMETER = rf"(?i)[?&#](?:[^=&#]*[^A-Za-z=&#])?(?:{_WORDS})=[^&#]"
"""A parameter of the query or the fragment whose name ends in a secret, with a value."""
_BROKER = c.FORMER_BROKER.partition("//")[2]
_STRANGE = f"^(?:{'|'.join(BLOB_SCHEMES)})[^:/?#]*://"
"""Matches URLs that the agent takes for object storage by their first letters (`sink_strategy`), whatever follows."""
_ADDRESS = r"^(?i:https?)://[^/?#]"
_AUTHORITY = "u.split('://')[1].split('/')[0].split('?')[0].split('#')[0].split('@')"


def destination_variables() -> dict[str, str]:
    """Write the variables with the URLs that can be parsed, and with the labels of the hosts of http and https."""
    authority = f"{_AUTHORITY}.filter(a, a != '')"
    host = f"{authority}[size({authority}) - 1].split(':')[0].lowerAscii()"
    parsable = f"u != '' && !u.contains('$(') && u.matches({regex(PARSABLE)})"
    has_host = f"u.matches('{_ADDRESS}') && size({authority}) > 0 && !u.contains('[')"
    urls = record(component="l.component", all="l.url", url=f"l.url.filter(u, {parsable})")
    hosts = record(
        component="l.component",
        scheme="l.url.map(u, u.split(':')[0].lowerAscii())",
        labels=f"l.url.filter(u, {has_host}).map(u, {host}.split('.')).map(n, "
        "n[size(n) - 1] == '' && size(n) > 1 ? n.filter(m, m != '') : n)",
    )
    return {"urls": f"variables.sinks.map(l, {urls})", "hosts": f"variables.urls.map(l, {hosts})"}


def destination_rules(target: PolicyTarget) -> Iterator[ExportedRule]:
    """Yield the rules for a target."""
    yield ExportedRule(
        "missing-url",
        each("sinks", "size(l.url) == 0", "logger"),
        "There is no `url` in {}: events go to the `defaultUrl` of KServe's ConfigMap, a host that normally does not "
        "exist. Write the sink's URL into `url`.",
    )
    yield ExportedRule(
        "empty-url",
        each("sinks", "l.url.exists(u, u == '')", "logger.url"),
        "{} is empty: the agent runs without a logger, and nothing is logged. Write the sink's URL, or remove "
        "`logger`.",
    )
    yield ExportedRule(
        "unparsable-url",
        each("urls", "l.all.exists(u, u != '' && !u.contains('$(')) && size(l.url) == 0", "logger.url"),
        "{} cannot be parsed: the agent exits at every start. Write a complete URL, `http://host:port/path`, and a "
        "percent sign in it as `%25`.",
    )
    known = "|".join((*HTTP_SCHEMES, *_blob_schemes(target)))
    yield ExportedRule(
        "unsupported-scheme",
        _url(
            f"!u.matches({regex(f'^(?i:{known}):')})"
            + (f" && !u.matches('{_STRANGE}')" if _blob_schemes(target) else "")
        ),
        "{} has no scheme, or one that KServe does not support: write a URL that begins with `http://` or `https://`.",
    )
    yield ExportedRule(
        "url-credentials",
        _url(f"u.matches({regex(_USER)}) || u.matches({regex(_PARAMETER)})")
        + " + "
        + each("sinks", f"l.url.exists(u, u.matches({regex(variable(SECRETS))}))", "logger.url"),
        "{} contains credentials: they leave the cluster with every event, and everybody who can read "
        "InferenceServices can read them. Send to a broker in the cluster that adds them from a Secret.",
    )
    yield from _about_hosts(target)


def _about_hosts(target: PolicyTarget) -> Iterator[ExportedRule]:
    is_broker = f"n[0] == '{_BROKER}' && (size(n) <= 2 || n.exists(m, m.startsWith('svc')))"
    yield ExportedRule(
        "former-broker",
        _labels(is_broker),
        "{} has a host that Knative Eventing has not created since 2020: normally it does not exist. Write the address "
        "that `kubectl get broker` shows.",
    )
    is_outside = (
        "!('svc' in n) && size(n) > 1 && !n.all(m, m.matches('^[0-9]*$')) && (size(n) == 2 ? n[1] in "
        f"{string_list(sorted(PUBLIC_ENDINGS))} : !(n[size(n) - 1] in {string_list(PRIVATE_ENDINGS)}))"
    )
    yield ExportedRule(
        "cleartext-url",
        _labels(f"'http' in l.scheme && {is_outside}"),
        "{} sends events unencrypted out of the cluster: anybody on the way can read them. Write `https://`, or send "
        "to a broker or proxy inside the cluster.",
    )
    if not _blob_schemes(target):
        return
    written, other = "|".join(BLOB_SCHEMES), "|".join(OTHER_BLOB_SCHEMES)
    azure = "n.exists(m, m in ['blob', 'dfs']) && 'core' in n"
    google = "size(n) > 2 && n[size(n) - 2] == 'googleapis' && n[size(n) - 3] == 'storage'"
    amazon = "'amazonaws' in n && n.exists(m, m.startsWith('s3'))"
    yield ExportedRule(
        "unsupported-blob-scheme",
        _url(f"u.matches('^(?i:{written}|{other}):|{_STRANGE}') && !u.matches('^(?:{written}):')")
        + " + "
        + _labels(f"({azure}) || ({google}) || ({amazon})"),
        "{} is object storage, but its scheme is not exactly `s3`, `gs` or `abfs`: every event is lost, or the agent "
        "exits.",
    )


def _blob_schemes(target: PolicyTarget) -> Sequence[str]:
    return (*BLOB_SCHEMES, *OTHER_BLOB_SCHEMES) if target.release.has("blob-storage") else ()


def _url(condition: str) -> str:
    """Write the loggers with a URL `u` that can be parsed and fulfils the condition."""
    return each("urls", f"l.url.exists(u, {condition})", "logger.url")


def _labels(condition: str) -> str:
    """Write the loggers with a host whose labels `n` fulfil the condition."""
    return each("hosts", f"l.labels.exists(n, {condition})", "logger.url")
