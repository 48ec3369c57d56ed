"""An http or https `url` with a missing or invalid host, or an invalid port.

The URL has no host, its port is above 65535, or its host is not a name that can be looked up. Examples are `http:sink`,
`http:///path`, `http://sink:80800` and `http://my..sink`. The agent starts, and then each event fails before it is
sent. The agent's log does not show the failure as an error, there is no metric, and the InferenceService is ready.

Instead: Write a URL with a valid host and a port up to 65535.

    # before
    logger:
      mode: all
      url: http://sink.research.svc.cluster.local:80800

    # after
    logger:
      mode: all
      url: http://sink.research.svc.cluster.local:8080
"""

from collections.abc import Iterator

from isvclog.diagnosis.sink_check import SinkProblem
from isvclog.findings import Severity
from isvclog.rules.context import LintContext
from isvclog.rules.rule import Issue, rule
from isvclog.rules.sink_url import url_fix, url_name, url_path

# By Go's message, which is not shown because it contains parts of the URL.
_REASONS = (
    ("no Host in request URL", "has no host", "Write `http://` and then the host."),
    ("invalid port", "has a port above 65535", "Write a port up to 65535."),
    ("no such host", "has a host that is not a valid name", "Write a valid host name."),
)
_OTHER = ("is not a URL that a request can be sent to", "Write a URL like `http://host:port/path`.")


@rule("unreachable-url", Severity.ERROR, fixes="unsafe")
def unreachable_url(context: LintContext) -> Iterator[Issue]:
    for logger in context.loggers:
        sink = logger.sink
        if sink is None or sink.problem is not SinkProblem.UNREACHABLE:
            continue
        problem, remedy = next(((text, advice) for words, text, advice in _REASONS if words in sink.detail), _OTHER)
        message = f"{url_name(logger)} {problem}: every event is lost, and no metric or status shows it."
        scheme, _, rest = sink.text.partition(":")
        fix = url_fix(logger, f"{scheme}://{rest.lstrip('/')}", "Write `//` after the scheme, and then the host.")
        yield Issue(url_path(logger), message, fix.title if fix else remedy, fix)
