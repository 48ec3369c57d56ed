"""A comparison as one JSON document, with the same members as its YAML form."""

from collections.abc import Iterator

from isvclog.lint.json_text import dumps
from isvclog.preview.comparison import PreviewComparison
from isvclog.report.comparison.data import comparison_data
from isvclog.report.formats import FormatSettings


def write(comparison: PreviewComparison, settings: FormatSettings) -> Iterator[str]:
    """Yield the document, in ASCII."""
    yield dumps(comparison_data(comparison, settings), indent=2) + "\n"
