"""Problems that validation and the manifest reader report."""

from isvclog.rules.manifest.binary_manifest import binary_manifest
from isvclog.rules.manifest.deprecated_api_group import deprecated_api_group
from isvclog.rules.manifest.duplicate_key import duplicate_key
from isvclog.rules.manifest.empty_field import empty_field
from isvclog.rules.manifest.expired_ignore import expired_ignore
from isvclog.rules.manifest.incomplete_storage import incomplete_storage
from isvclog.rules.manifest.invalid_mode import invalid_mode
from isvclog.rules.manifest.misencoded_manifest import misencoded_manifest
from isvclog.rules.manifest.misplaced_component import misplaced_component
from isvclog.rules.manifest.misplaced_field import misplaced_field
from isvclog.rules.manifest.misplaced_logger import misplaced_logger
from isvclog.rules.manifest.missing_mode import missing_mode
from isvclog.rules.manifest.non_string_annotation import non_string_annotation
from isvclog.rules.manifest.oversized_manifest import oversized_manifest
from isvclog.rules.manifest.pruned_field import pruned_field
from isvclog.rules.manifest.templated_manifest import templated_manifest
from isvclog.rules.manifest.unknown_api_version import unknown_api_version
from isvclog.rules.manifest.unknown_field import unknown_field
from isvclog.rules.manifest.unparsable_manifest import unparsable_manifest
from isvclog.rules.manifest.unused_ignore import unused_ignore
from isvclog.rules.manifest.wrong_type import wrong_type

RULES = (
    unparsable_manifest,
    templated_manifest,
    oversized_manifest,
    misencoded_manifest,
    binary_manifest,
    duplicate_key,
    unknown_field,
    misplaced_field,
    misplaced_logger,
    misplaced_component,
    wrong_type,
    invalid_mode,
    missing_mode,
    incomplete_storage,
    empty_field,
    non_string_annotation,
    unknown_api_version,
    deprecated_api_group,
    pruned_field,
    unused_ignore,
    expired_ignore,
)
