"""What becomes of each listed annotation and header, told by the difference between the manifest and the prediction."""

from isvclog.kserve.fate.annotations import HINTED, annotation_traces, culprit, expanded_secrets, near_annotation
from isvclog.kserve.fate.headers import FORWARDED_BY_PYTHON, UNOBSERVABLE, header_traces, read_names
from isvclog.kserve.fate.trace import Fate, Trace, Turn

__all__ = [
    "FORWARDED_BY_PYTHON",
    "HINTED",
    "UNOBSERVABLE",
    "Fate",
    "Trace",
    "Turn",
    "annotation_traces",
    "culprit",
    "expanded_secrets",
    "header_traces",
    "near_annotation",
    "read_names",
]
