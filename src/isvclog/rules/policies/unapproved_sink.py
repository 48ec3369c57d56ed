"""A logger that sends to a sink that the project file does not allow.

`allowedSinks` in `.isvclog.yaml` lists URLs, or shell patterns of them. isvclog compares them with the address that the
agent gets. This address comes from `url`, from KServe's internal annotation or, without either, from the `defaultUrl`
of the ConfigMap inferenceservice-config. User name, password, query and fragment are not compared. Scheme, host (with
its port) and path must each match: `https://*.example.com/events/*`. A pattern without a path allows every path.

Instead: Send to an approved sink, or ask for approval of this one.

    # isvclog lint --config .isvclog.yaml
    # before
    logger:
      mode: all
      url: http://sink.elsewhere.example

    # after
    logger:
      mode: all
      url: http://sink.research.svc.cluster.local
"""

from collections.abc import Iterator

from isvclog.findings import Severity, code
from isvclog.keypath import KeyPath
from isvclog.kserve.apis.constants import SINK_URL
from isvclog.kserve.golang import url as gourl
from isvclog.kserve.golang.url import URL
from isvclog.rules.context import LintContext, LoggerContext
from isvclog.rules.rule import Issue, rule


@rule("unapproved-sink", Severity.ERROR)
def unapproved_sink(context: LintContext) -> Iterator[Issue]:
    allowed = context.policy.allowed_sinks
    for logger in context.loggers if allowed is not None else ():
        url = _sink_url(logger)
        if url is not None and not any(_matches(url, pattern) for pattern in allowed or ()):
            sink = code(f"{url.scheme}://{url.host}")
            message = f"The project file does not allow the sink {sink}, which gets everything that is logged."
            path = _address_path(logger)
            yield Issue(path, message, "Send to an approved sink.", at_key=path == logger.field())


def _sink_url(logger: LoggerContext) -> URL | None:
    """Parse the URL to which the agent sends; None if it cannot send anything."""
    args = logger.prediction.args
    if "--log-url" not in args:
        return None
    try:
        url = gourl.parse(args[args.index("--log-url") + 1])
    except gourl.UrlError:
        return None
    return url if url.host else None


def _matches(url: URL, pattern: str) -> bool:
    """Match the URL against a pattern. A `*` in the host must not match any of the path.

    Otherwise the owner of another host could choose a path that matches.
    """
    from fnmatch import fnmatchcase

    scheme, _, address = pattern.rpartition("://")
    host, slash, path = address.partition("/")
    return (
        fnmatchcase(url.scheme, scheme or "*")
        and fnmatchcase(url.host.lower(), host.lower())
        and (not slash or fnmatchcase(url.path or "/", f"/{path}"))
    )


def _address_path(logger: LoggerContext) -> KeyPath:
    """Find the path of the address, or of the logger if the address is the installation's default."""
    path = logger.origin(SINK_URL) or logger.field("url")
    return logger.field() if logger.context.value(path) is None else path
