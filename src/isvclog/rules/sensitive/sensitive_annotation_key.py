"""A listed annotation whose name says that it is a secret.

Its value leaves the cluster with every event, passes through each broker and proxy on the way, and is stored wherever
the events are stored. isvclog checks names word by word: `api-key` and `access_token` are secrets, `tokenizer` and
`secret-name` are not. Some annotations contain more than their names say, such as those that name a cloud role.

Instead: Remove the name from `metadataAnnotations`, and renew the secret if events were sent with it. If the name is
harmless in your project, add it to `sensitive.allow` in `.isvclog.yaml`.

    # before
    metadata:
      annotations:
        example.com/team: fraud
        example.com/api-key: change-me
    spec:
      predictor:
        logger:
          mode: all
          metadataAnnotations: [example.com/team, example.com/api-key]

    # after
    metadata:
      annotations:
        example.com/team: fraud
        example.com/api-key: change-me
    spec:
      predictor:
        logger:
          mode: all
          metadataAnnotations: [example.com/team]
"""

from collections.abc import Iterator

from isvclog.findings import Severity, code
from isvclog.kserve.apis.constants import INTERNAL, LAST_APPLIED
from isvclog.redact.keys import secret_name
from isvclog.redact.known import known_annotation
from isvclog.redact.words import is_allowed
from isvclog.rules.context import LintContext
from isvclog.rules.removal import removal_fix
from isvclog.rules.rule import Issue, rule


@rule(
    "sensitive-annotation-key",
    Severity.ERROR,
    since="metadataAnnotations",
    security=7.5,
    fixes="unsafe",
    applies_to="annotations",
)
def sensitive_annotation_key(context: LintContext) -> Iterator[Issue]:
    vocabulary = context.policy.vocabulary
    for logger in context.loggers:
        values = dict(logger.pairs)
        for key in (*values, *logger.missing):
            reason = None if is_allowed(key, vocabulary) or _is_internal(key) else known_annotation(key)
            words = secret_name(key, values.get(key), vocabulary)
            if not words and not reason:
                continue
            path, severity = logger.entry(key), None
            if reason:
                why, severity = reason, Severity.WARNING
            else:
                why = f"the name says {code(words or '')}, and its value leaves the cluster with every event"
            fix = removal_fix(logger, path, key)
            remedy = fix.title if fix else f"Do not list {code(key)}."
            yield Issue(path, f"{code(key)} looks secret: {why}.", remedy, fix, severity)


def _is_internal(key: str) -> bool:
    """Return True if `internal-annotation` already reports what the key contains."""
    return key.startswith(INTERNAL) or key == LAST_APPLIED
