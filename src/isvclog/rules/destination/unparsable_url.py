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
from isvclog.rules.places import other_url, url_name, url_path
from isvclog.rules.rule import Issue, rule

_REMEDY = "Write a whole URL, `http://host:port/path`, and a percent sign in it as `%25`."
# By Go's words, which are not repeated because they hold parts of the URL.
_REASONS = (
    ("invalid control character", "it has a line break or another control character"),
    ("first path segment", "there is a colon, and no scheme before it"),
    ("missing protocol scheme", "there is nothing before the first colon"),
    ("invalid URL escape", "a percent sign in it begins no escape"),
    ("invalid port", "what follows its host and a colon is no number"),
    ("invalid userinfo", "what stands before its `@` has a character that must be escaped"),
    ("invalid character", "its host has a character that no host may have"),
    ("missing ']'", "the bracket around its host is never closed"),
    ("invalid host", "what its host has in brackets is no IPv6 address"),
    ("invalid IP-literal", "what its host has in brackets is no IPv6 address"),
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
            fix = _repaired(logger, sink.text)
            yield Issue(url_path(logger), message, fix.title if fix else _REMEDY, fix)


def _repaired(logger: LoggerContext, text: str) -> Fix | None:
    stripped = text.strip()
    if stripped != text:
        fix = other_url(logger, stripped, "Remove the white space around it.", safe=True)
        if fix:
            return fix
    return None if "://" in text else other_url(logger, f"http://{stripped}", "Write `http://` before it.")
