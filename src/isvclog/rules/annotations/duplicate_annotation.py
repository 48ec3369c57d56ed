"""A key that `metadataAnnotations` lists twice.

The webhook passes the annotation to the agent twice, and the event contains it once. The second entry only makes the
agent's argument longer. It may also be a mistake: perhaps another key was intended.

Instead: List each key once.

    # before
    metadata:
      annotations:
        example.com/team: research
    spec:
      predictor:
        logger:
          metadataAnnotations: [example.com/team, example.com/team]

    # after
    metadata:
      annotations:
        example.com/team: research
    spec:
      predictor:
        logger:
          metadataAnnotations: [example.com/team]
"""

from collections.abc import Iterator

from isvclog.changes import Remove
from isvclog.findings import Fix, Severity, code
from isvclog.rules.context import LintContext
from isvclog.rules.rule import Issue, rule


@rule("duplicate-annotation", Severity.INFO, since="metadataAnnotations", fixes="safe", applies_to="annotations")
def duplicate_annotation(context: LintContext) -> Iterator[Issue]:
    for logger in context.loggers:
        seen = set()
        for path, key in logger.annotations():
            if key in seen:
                title = f"Remove the second {code(key)}."
                message = f"{code(key)} is listed twice: the event contains it once."
                yield Issue(path, message, title, Fix(title, (Remove(path),)))
            seen.add(key)
