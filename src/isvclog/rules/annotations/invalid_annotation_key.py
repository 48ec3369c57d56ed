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
        is_only_entry = len(wrong) == len(logger.annotations())
        for path, entry in wrong:
            if not entry.replace(",", "").strip():
                yield _empty(path, can_be_removed=not is_only_entry)
            else:
                yield _wrong(logger, path, entry)


def _empty(path: KeyPath, *, can_be_removed: bool) -> Issue:
    fix = Fix("Remove it.", (Remove(path),)) if can_be_removed else None
    return Issue(path, "An empty entry names no annotation.", "Remove it.", fix, Severity.WARNING)


def _wrong(logger: LoggerContext, path: KeyPath, entry: str) -> Issue:
    keys = [key.strip() for key in entry.split(",") if key.strip()]
    fix = _fix(logger, path, keys[0]) if len(keys) == 1 and not key_problem(keys[0]) else None
    if "," in entry:
        return _comma(path, entry, fix)
    if entry != entry.strip():
        message = (
            f"The key {code(entry)} has white space around it: it matches no annotation, and every event lacks it."
        )
    else:
        message = f"No annotation can have the key {code(entry)}, so every event lacks it: {key_problem(entry)}."
    return Issue(path, message, fix.title if fix else "Write the key exactly as in the annotations.", fix)


def _comma(path: KeyPath, entry: str, fix: Fix | None) -> Issue:
    keys = entry.split(",")
    message = f"KServe splits the list at commas and reads {code(entry)} as {len(keys)} keys"
    wrong = next((key for key in keys if key and key_problem(key)), "")
    if wrong:
        message += f", and no annotation can have the key {code(wrong)}"
    remedy = fix.title if fix else "Write one key in each entry."
    return Issue(path, f"{message}.", remedy, fix, Severity.ERROR if wrong else Severity.WARNING)


def _fix(logger: LoggerContext, path: KeyPath, key: str) -> Fix:
    """Build the fix that writes the key; it is safe if the pod has such an annotation."""
    pod = logger.prediction.pod
    return Fix(f"Write {code(key)}.", (Replace(path, key),), safe=pod is not None and key in pod.annotations)
