"""An entry of `metadataAnnotations` that is not a valid annotation key.

KServe joins the list with commas and splits it at commas again, so an entry with a comma becomes several keys. KServe
trims nothing: a space becomes part of the key, and no annotation has such a key. The agent does not receive an entry
that matches no annotation. Every event lacks it, and there is no error.

Instead: Write one key in each entry, exactly as in the annotations: an optional DNS name and a slash, then up to 63
letters, digits, `-`, `_` and `.`.

    # before
    metadata:
      annotations:
        example.com/team: research
    spec:
      predictor:
        logger:
          metadataAnnotations: ["example.com/team "]

    # after
    metadata:
      annotations:
        example.com/team: research
    spec:
      predictor:
        logger:
          metadataAnnotations: ["example.com/team"]
"""

from collections.abc import Iterator

from isvclog.changes import Remove, Replace
from isvclog.findings import Fix, Severity, code
from isvclog.keypath import KeyPath
from isvclog.kserve.apis.object_meta import key_problem
from isvclog.rules.context import LintContext, LoggerContext
from isvclog.rules.rule import Issue, rule


@rule("invalid-annotation-key", Severity.ERROR, since="metadataAnnotations", fixes="safe", applies_to="annotations")
def invalid_annotation_key(context: LintContext) -> Iterator[Issue]:
    for logger in context.loggers:
        wrong = [(path, entry) for path, entry in logger.annotations() if key_problem(entry)]
        for path, entry in wrong:
            yield _issue(logger, path, entry, others=len(wrong) < len(logger.annotations()))


def _issue(logger: LoggerContext, path: KeyPath, entry: str, *, others: bool) -> Issue:
    """Build the issue about a wrong entry.

    `others` is True if the list would still name an annotation without its wrong entries.
    """
    keys = [key.strip() for key in entry.split(",") if key.strip()]
    if not keys:
        removal = Fix("Remove it.", (Remove(path),)) if others else None
        return Issue(path, "An empty entry names no annotation.", "Remove it.", removal, Severity.WARNING)
    fix = _fix(logger, path, keys[0]) if len(keys) == 1 and not key_problem(keys[0]) else None
    if "," in entry:
        message = f"KServe splits the list at commas and reads {code(entry)} as {len(entry.split(','))} keys"
        wrong = next((key for key in entry.split(",") if key and key_problem(key)), "")
        if wrong:
            message += f", of which {code(wrong)} is no key that an annotation can have"
        severity = Severity.ERROR if wrong else Severity.WARNING
        return Issue(path, f"{message}.", fix.title if fix else "Write one key in each entry.", fix, severity)
    if entry != entry.strip():
        message = f"No annotation has the key {code(entry)} with white space around it, so every event lacks it."
    else:
        message = f"No annotation can have the key {code(entry)}, so every event lacks it: {key_problem(entry)}."
    return Issue(path, message, fix.title if fix else "Write the key as the annotation has it.", fix)


def _fix(logger: LoggerContext, path: KeyPath, key: str) -> Fix:
    """Build the fix that writes the key; it is safe if the pod has such an annotation."""
    pod = logger.prediction.pod
    return Fix(f"Write {code(key)}.", (Replace(path, key),), safe=pod is not None and key in pod.annotations)
