"""The status of each listed annotation and header, found by comparing the manifest with the prediction."""

from isvclog.diagnosis.lineage.annotations import (
    HINTED,
    annotation_statuses,
    crashing_annotation_name,
    expanded_secrets,
    near_annotation,
)
from isvclog.diagnosis.lineage.headers import (
    FORWARDED_BY_PYTHON,
    UNOBSERVABLE,
    header_problem,
    header_statuses,
    read_names,
)
from isvclog.diagnosis.lineage.status import KeyStatus, Reason, Status

__all__ = [
    "FORWARDED_BY_PYTHON",
    "HINTED",
    "UNOBSERVABLE",
    "KeyStatus",
    "Reason",
    "Status",
    "annotation_statuses",
    "crashing_annotation_name",
    "expanded_secrets",
    "header_problem",
    "header_statuses",
    "near_annotation",
    "read_names",
]
