"""A listed annotation with a line break, where the agent stops reading.

The webhook joins `key=value` pairs with commas, and the agent reads only the first line of the result. A line break in
a value ends the list: the rest of the value is lost, and so is every annotation that is listed later. There is no
error. A YAML block (`|` or `>`) ends with a line break unless it begins with `|-` or `>-`.

Instead: Write the value on one line.

    # before
    metadata:
      annotations:
        example.com/purpose: |
          scores loans
        example.com/team: research
    spec:
      predictor:
        logger:
          metadataAnnotations: [example.com/purpose, example.com/team]

    # after
    metadata:
      annotations:
        example.com/purpose: scores loans
        example.com/team: research
    spec:
      predictor:
        logger:
          metadataAnnotations: [example.com/purpose, example.com/team]
"""

from collections.abc import Iterator

from isvclog.changes import Replace
from isvclog.findings import Fix, Severity, code, enumerated
from isvclog.rules.context import LintContext, LoggerContext
from isvclog.rules.rule import Issue, rule

_SHOWN = 20


@rule("truncated-annotation", Severity.ERROR, since="metadataAnnotations", fixes="unsafe", applies_to="annotations")
def truncated_annotation(context: LintContext) -> Iterator[Issue]:
    for logger in context.loggers:
        if not any("\n" in value or "\r" in value for _, value in logger.pairs):
            continue
        for reading in logger.readings:
            if reading.cut:
                yield _issue(logger, reading.last)
        key, value = logger.pairs[-1]
        if value.endswith("\r"):
            message = f"The agent drops the carriage return at the end of the value of {code(key)}."
            fix = _fix(logger, key, value)
            path, index = logger.value_path(key), logger.character(key, len(value) - 1)
            yield Issue(path, message, _remedy(fix), fix, Severity.WARNING, at_key=True, character=index)


def _issue(logger: LoggerContext, pair: int) -> Issue:
    key, value = logger.pairs[pair]
    at_end = not value.rstrip("\r\n").count("\n")
    before = {name for name, _ in logger.pairs[: pair + 1]}
    later = list(dict.fromkeys(name for name, _ in logger.pairs[pair + 1 :] if name not in before))
    message = f"A line break {'at the end of' if at_end else 'in'} the value of {code(key)} ends the agent's list: "
    lost = [] if at_end else ["the rest of the value"]
    most = _SHOWN + len(lost)
    lost += map(code, later)
    message += f"events lack {enumerated(lost, most)}." if lost else "events contain the value without it."
    fix = _fix(logger, key, value) if at_end else None
    severity = None if lost else Severity.WARNING
    index = logger.character(key, len(value.rstrip("\r\n")) if at_end else value.find("\n"))
    return Issue(logger.value_path(key), message, _remedy(fix), fix, severity, at_key=True, character=index)


def _fix(logger: LoggerContext, key: str, value: str) -> Fix | None:
    """Remove the line break at the end of a value written in this manifest; None if it is written elsewhere.

    The fix is unsafe, because others may read the value with its line break.
    """
    path = logger.origin(key)
    changes = (Replace(path, value.rstrip("\r\n")),) if path else ()
    return Fix("Write the value without a line break at its end.", changes, safe=False) if changes else None


def _remedy(fix: Fix | None) -> str:
    return fix.title if fix else "Write the value on one line."
