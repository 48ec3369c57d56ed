"""A listed annotation with a DEL or NUL character, which cannot be sent.

The event contains the annotations in an HTTP header. JSON escapes every control character except DEL (U+007F). With DEL
in a value, the agent cannot send the event: every event of the component is lost, and only the agent's log reports
this. A NUL character ends an argument on Linux. With NUL in a value, the agent's container cannot start at all.

Instead: Remove the character from the value.

    # before
    metadata:
      annotations:
        example.com/note: "a\\x7Fb"
    spec:
      predictor:
        logger:
          metadataAnnotations: [example.com/note]

    # after
    metadata:
      annotations:
        example.com/note: "ab"
    spec:
      predictor:
        logger:
          metadataAnnotations: [example.com/note]
"""

from collections.abc import Iterator

from isvclog.changes import Replace
from isvclog.findings import Fix, Severity, code
from isvclog.rules.context import LintContext, LoggerContext
from isvclog.rules.rule import Issue, rule

_NUL, _DEL = "\0", "\x7f"


@rule("unsendable-annotation", Severity.ERROR, since="metadataAnnotations", fixes="unsafe", applies_to="annotations")
def unsendable_annotation(context: LintContext) -> Iterator[Issue]:
    for logger in context.loggers:
        sent = _sent(logger) if any(_DEL in value for _, value in logger.pairs) else frozenset()
        for key, value in logger.pairs:
            if _NUL in value:
                message = f"The value of {code(key)} has a NUL character: the agent's container does not start."
                yield _issue(logger, key, value, _NUL, message)
            if _DEL in value and key in sent:
                message = f"The value of {code(key)} has a DEL character: no event is sent."
                yield _issue(logger, key, value, _DEL, message)


def _issue(logger: LoggerContext, key: str, value: str, char: str, message: str) -> Issue:
    path = logger.origin(key)
    title = "Remove the character from the value."
    clean = value.replace(_NUL, "").replace(_DEL, "")
    fix = Fix(title, (Replace(path, clean),), safe=False) if path else None
    index = logger.character(key, value.find(char))
    return Issue(logger.value_path(key), message, title, fix, at_key=True, character=index)


def _sent(logger: LoggerContext) -> frozenset[str]:
    """Collect the keys whose DEL character is in the agent's memory, or whose value cannot be read yet."""
    if not logger.sends_events:
        return frozenset()
    pairs = {reading.broken for reading in logger.readings if reading.broken is not None}
    for reading in logger.readings:
        pairs.update(item.pair for item in reading.items if _DEL in item.key or _DEL in (item.value or ""))
    return frozenset(logger.pairs[pair][0] for pair in pairs)
