"""A `url` that sends events unencrypted out of the cluster.

With `http://`, anybody on the network path can read and change the events: the bodies of requests and responses, the
listed annotations and the listed headers. isvclog does not report hosts that are cluster names or private addresses:
`sink.research.svc.cluster.local`, `sink.research`, `sink`, `*.internal`, `10.0.0.7`.

Instead: Write `https://` if the sink supports it, or send to a broker or proxy inside the cluster that uses `https://`.

    # before
    logger:
      mode: all
      url: http://events.example.com/ingest

    # after
    logger:
      mode: all
      url: https://events.example.com/ingest
"""

from collections.abc import Iterator

from isvclog.findings import Fix, Severity
from isvclog.kserve.golang.netip import AddressError, ip_version
from isvclog.rules.context import LintContext, LoggerContext
from isvclog.rules.rule import Issue, rule
from isvclog.rules.sink_url import url_fix, url_name, url_path

PRIVATE_ENDINGS = ("local", "localhost", "internal", "intranet", "lan", "corp", "home", "arpa", "test")
# The second of two labels is a namespace, unless it can hardly be one: `sink.research`, `example.com`.
PUBLIC_ENDINGS = frozenset("com org net edu gov mil info biz io".split())


@rule("cleartext-url", Severity.WARNING, security=5.3, fixes="unsafe")
def cleartext_url(context: LintContext) -> Iterator[Issue]:
    for logger in context.loggers:
        sink = logger.sink
        if sink is None or sink.problem or sink.url.scheme != "http" or not _is_outside(sink.url.hostname()):
            continue
        message = f"{url_name(logger)} sends events unencrypted out of the cluster: anybody on the way can read them."
        fix = _https_fix(logger, sink.text)
        remedy = "Write `https://`, or send to a broker or proxy inside the cluster."
        yield Issue(url_path(logger), message, fix.title if fix else remedy, fix)


def _https_fix(logger: LoggerContext, text: str) -> Fix | None:
    scheme, _, rest = text.partition(":")
    has_port = logger.sink is not None and logger.sink.url.port()
    return None if has_port else url_fix(logger, f"{scheme}s:{rest}", "Write `https://`, if the sink supports it.")


def _is_outside(host: str) -> bool:
    labels = host.lower().rstrip(".").split(".")
    if "svc" in labels or (len(labels) == 1 and ":" not in host):
        return False
    if _is_ip(host):
        from ipaddress import ip_address

        return ip_address(host.partition("%")[0]).is_global
    return labels[-1] in PUBLIC_ENDINGS if len(labels) == 2 else labels[-1] not in PRIVATE_ENDINGS


def _is_ip(host: str) -> bool:
    try:
        return bool(ip_version(host))
    except AddressError:
        return False
