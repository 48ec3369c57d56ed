"""Admission policies as one JSON list of Kubernetes, which has no comments."""

from collections.abc import Iterable, Iterator

from isvclog.lint.json_text import dumps
from isvclog.policy.documents import PolicyDocument
from isvclog.report.formats import FormatSettings


def write(documents: Iterable[PolicyDocument], settings: FormatSettings) -> Iterator[str]:
    """Yield the list."""
    items = [document.data for document in documents]
    yield dumps({"apiVersion": "v1", "kind": "List", "items": items}, indent=2) + "\n"
