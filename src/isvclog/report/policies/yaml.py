"""Admission policies as YAML documents, with comments and folded expressions."""

from collections.abc import Iterable, Iterator
from textwrap import wrap

from isvclog.policy.documents import PolicyDocument
from isvclog.report.formats import FormatSettings
from isvclog.report.preview.yaml import to_yaml

_WIDTH = 100


def write(documents: Iterable[PolicyDocument], settings: FormatSettings) -> Iterator[str]:
    """Yield each document behind its comment."""
    for index, document in enumerate(documents):
        if index:
            yield "---\n"
        for line in document.comment:
            yield from (f"# {part}".rstrip() + "\n" for part in wrap(line, _WIDTH, break_on_hyphens=False) or [""])
        yield to_yaml(document.data, width=_WIDTH)
