"""Rules about annotations that do not arrive as written."""

from isvclog.rules.annotations.crashing_annotation import crashing_annotation
from isvclog.rules.annotations.duplicate_annotation import duplicate_annotation
from isvclog.rules.annotations.expanded_variable import expanded_variable
from isvclog.rules.annotations.injected_annotation import injected_annotation
from isvclog.rules.annotations.internal_annotation import internal_annotation
from isvclog.rules.annotations.invalid_annotation_key import invalid_annotation_key
from isvclog.rules.annotations.missing_annotation import missing_annotation
from isvclog.rules.annotations.non_ascii_annotation import non_ascii_annotation
from isvclog.rules.annotations.oversized_argument import oversized_argument
from isvclog.rules.annotations.oversized_header import oversized_header
from isvclog.rules.annotations.percent_in_annotation import percent_in_annotation
from isvclog.rules.annotations.shadowed_annotation import shadowed_annotation
from isvclog.rules.annotations.truncated_annotation import truncated_annotation
from isvclog.rules.annotations.unpropagated_annotation import unpropagated_annotation
from isvclog.rules.annotations.unsendable_annotation import unsendable_annotation

RULES = (
    missing_annotation,
    unpropagated_annotation,
    shadowed_annotation,
    invalid_annotation_key,
    duplicate_annotation,
    crashing_annotation,
    injected_annotation,
    truncated_annotation,
    expanded_variable,
    unsendable_annotation,
    non_ascii_annotation,
    percent_in_annotation,
    oversized_argument,
    oversized_header,
    internal_annotation,
)
