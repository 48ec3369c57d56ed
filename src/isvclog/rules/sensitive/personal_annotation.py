"""A listed annotation that is about a person.

An address, a telephone number or the number of an identity card leaves the cluster with every event. Whoever stores the
events then stores personal data, and has all the duties that come with it.

Instead: List an annotation that names a team or a role, or remove the name from `metadataAnnotations`. If the name is
harmless in your project, add it to `sensitive.allow` in `.isvclog.yaml`.

    # before
    metadata:
      annotations:
        example.com/owner-email: ada@example.com
        example.com/team: fraud
    spec:
      predictor:
        logger:
          mode: all
          metadataAnnotations: [example.com/team, example.com/owner-email]

    # after
    metadata:
      annotations:
        example.com/owner-email: ada@example.com
        example.com/team: fraud
    spec:
      predictor:
        logger:
          mode: all
          metadataAnnotations: [example.com/team]
"""

from collections.abc import Iterator

from isvclog.findings import Severity, code
from isvclog.redact.keys import personal_name
from isvclog.redact.shapes import Class
from isvclog.redact.values import value_shape
from isvclog.redact.words import is_allowed
from isvclog.rules.context import LintContext
from isvclog.rules.removal import removal_fix
from isvclog.rules.rule import Issue, rule


@rule(
    "personal-annotation",
    Severity.WARNING,
    since="metadataAnnotations",
    security=4.0,
    fixes="unsafe",
    applies_to="annotations",
)
def personal_annotation(context: LintContext) -> Iterator[Issue]:
    vocabulary = context.policy.vocabulary
    for logger in context.loggers:
        values = dict(logger.pairs)
        for key in (*values, *logger.missing):
            if is_allowed(key, vocabulary):
                continue
            if words := personal_name(key, vocabulary):
                problem = f"{code(key)} is about a person ({code(words)} in its name)"
            elif (shape := value_shape(values.get(key, ""))) and shape.kind is Class.PERSONAL:
                problem = f"The value of {code(key)} looks like {shape.name}"
            else:
                continue
            fix = removal_fix(logger, logger.entry(key), key)
            remedy = fix.title if fix else f"Do not list {code(key)}."
            yield Issue(logger.entry(key), f"{problem}: it leaves the cluster with every event.", remedy, fix)
