"""Problems that validation and the manifest reader report."""

from isvclog.findings import Severity
from isvclog.rules.rule import Rule, reported_by

UNPARSABLE_MANIFEST = reported_by("isvclog.manifest.syntax.load", "unparsable-manifest", Severity.ERROR, __name__)
TEMPLATED_MANIFEST = reported_by(
    ("isvclog.manifest.syntax.load", "isvclog.manifest.syntax.embedded", "isvclog.validate.placeholders"),
    "templated-manifest",
    Severity.WARNING,
    __name__,
)
OVERSIZED_MANIFEST = reported_by("isvclog.manifest.syntax.load", "oversized-manifest", Severity.ERROR, __name__)
MISENCODED_MANIFEST = reported_by("isvclog.manifest.syntax.load", "misencoded-manifest", Severity.ERROR, __name__)
BINARY_MANIFEST = reported_by("isvclog.manifest.syntax.load", "binary-manifest", Severity.ERROR, __name__)
DUPLICATE_KEY = reported_by("isvclog.validate.objects", "duplicate-key", Severity.ERROR, __name__)
UNKNOWN_FIELD = reported_by(
    ("isvclog.validate.fields", "isvclog.validate.places"), "unknown-field", Severity.ERROR, __name__, fixes="safe"
)
MISPLACED_FIELD = reported_by(
    ("isvclog.validate.fields", "isvclog.validate.places"), "misplaced-field", Severity.ERROR, __name__
)
MISPLACED_LOGGER = reported_by("isvclog.validate.places", "misplaced-logger", Severity.ERROR, __name__)
LOGGERLESS_KIND = reported_by("isvclog.validate.kinds", "loggerless-kind", Severity.ERROR, __name__)
MISPLACED_COMPONENT = reported_by("isvclog.validate.places", "misplaced-component", Severity.ERROR, __name__)
REFUSED_FIELD = reported_by("isvclog.validate.refused", "refused-field", Severity.WARNING, __name__, fixes="safe")
WRONG_TYPE = reported_by("isvclog.validate.values", "wrong-type", Severity.ERROR, __name__, fixes="safe")
INVALID_MODE = reported_by("isvclog.validate.values", "invalid-mode", Severity.ERROR, __name__, fixes="safe")
MISSING_MODE = reported_by("isvclog.validate.values", "missing-mode", Severity.ERROR, __name__, fixes="unsafe")
INCOMPLETE_STORAGE = reported_by("isvclog.validate.values", "incomplete-storage", Severity.ERROR, __name__)
EMPTY_FIELD = reported_by("isvclog.validate.documents", "empty-field", Severity.WARNING, __name__)
NON_STRING_ANNOTATION = reported_by(
    "isvclog.validate.values", "non-string-annotation", Severity.ERROR, __name__, fixes="safe"
)
UNSERIALIZED_OBJECT = reported_by("isvclog.validate.python_objects", "unserialized-object", Severity.ERROR, __name__)
MISSING_API_VERSION = reported_by("isvclog.validate.documents", "missing-api-version", Severity.ERROR, __name__)
UNKNOWN_API_VERSION = reported_by("isvclog.validate.documents", "unknown-api-version", Severity.ERROR, __name__)
FOREIGN_API_VERSION = reported_by("isvclog.validate.documents", "foreign-api-version", Severity.INFO, __name__)
DEPRECATED_API_GROUP = reported_by(
    "isvclog.validate.documents", "deprecated-api-group", Severity.WARNING, __name__, fixes="unsafe"
)
MISSING_OBJECT = reported_by("isvclog.live.existence", "missing-object", Severity.ERROR, __name__)
PRUNED_FIELD = reported_by("isvclog.live.pruning", "pruned-field", Severity.ERROR, __name__)
UNUSED_IGNORE = reported_by("isvclog.suppressions.issues", "unused-ignore", Severity.WARNING, __name__)
EXPIRED_IGNORE = reported_by("isvclog.suppressions.issues", "expired-ignore", Severity.WARNING, __name__)

RULES: tuple[Rule, ...] = (
    UNPARSABLE_MANIFEST,
    TEMPLATED_MANIFEST,
    OVERSIZED_MANIFEST,
    MISENCODED_MANIFEST,
    BINARY_MANIFEST,
    DUPLICATE_KEY,
    UNKNOWN_FIELD,
    MISPLACED_FIELD,
    MISPLACED_LOGGER,
    LOGGERLESS_KIND,
    MISPLACED_COMPONENT,
    REFUSED_FIELD,
    WRONG_TYPE,
    INVALID_MODE,
    MISSING_MODE,
    INCOMPLETE_STORAGE,
    EMPTY_FIELD,
    NON_STRING_ANNOTATION,
    UNSERIALIZED_OBJECT,
    MISSING_API_VERSION,
    UNKNOWN_API_VERSION,
    FOREIGN_API_VERSION,
    DEPRECATED_API_GROUP,
    PRUNED_FIELD,
    MISSING_OBJECT,
    UNUSED_IGNORE,
    EXPIRED_IGNORE,
)
