"""A `url` that the agent cannot parse.

KServe does not check the URL before the agent starts. The agent logs "Malformed log-url" and exits with code 255 at
every start: a new revision never becomes ready, while old pods keep serving. The most common causes are a percent sign
that does not begin an escape sequence, a host and port without a scheme (`10.0.0.7:8080`), and a space or line break
around the URL.

Instead: Write a complete URL, `http://host:port/path`, and write a percent sign in it as `%25`.

    # before
    logger:
      mode: all
      url: 10.0.0.7:8080

    # after
    logger:
      mode: all
      url: http://10.0.0.7:8080
"""

from collections.abc import Iterator

from isvclog.diagnosis.sink_check import SinkProblem
from isvclog.findings import Fix, Severity
from isvclog.kserve.agent.startup import LOGGER_EXIT
from isvclog.rules.context import LintContext, LoggerContext
from isvclog.rules.rule import Issue, rule
from isvclog.rules.sink_url import url_fix, url_name, url_path

_REMEDY = "Write a complete URL, `http://host:port/path`, and a percent sign in it as `%25`."
# By Go's message, which is not shown because it contains parts of the URL.
_REASONS = (
    ("invalid control character", "it has a line break or another control character"),
    ("first path segment", "it has a colon but no scheme before it"),
    ("missing protocol scheme", "it has nothing before the first colon"),
    ("invalid URL escape", "a percent sign in it does not begin an escape sequence"),
    ("invalid port", "its port is not a number"),
    ("invalid userinfo", "the part before its `@` has a character that must be escaped"),
    ("invalid character", "its host has a character that is not allowed there"),
    ("missing ']'", "the bracket around its host is never closed"),
    ("invalid host", "its host has brackets around something that is not an IPv6 address"),
    ("invalid IP-literal", "its host has brackets around something that is not an IPv6 address"),
)


@rule("unparsable-url", Severity.ERROR, fixes="safe")
def unparsable_url(context: LintContext) -> Iterator[Issue]:
    for logger in context.loggers:
        sink = logger.sink
        if sink is not None and sink.problem is SinkProblem.UNPARSABLE:
            reason = next((f", because {why}" for words, why in _REASONS if words in sink.detail), "")
            message = (
                f"{url_name(logger)} cannot be parsed{reason}: the agent exits with code {LOGGER_EXIT} at every start."
            )
            fix = _fix(logger, sink.text)
            yield Issue(url_path(logger), message, fix.title if fix else _REMEDY, fix)


def _fix(logger: LoggerContext, text: str) -> Fix | None:
    stripped = text.strip()
    if stripped != text:
        fix = url_fix(logger, stripped, "Remove the white space around it.", safe=True)
        if fix:
            return fix
    return None if "://" in text else url_fix(logger, f"http://{stripped}", "Write `http://` before it.")
