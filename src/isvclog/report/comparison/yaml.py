"""A comparison as one YAML document, written as that of a preview."""

from collections.abc import Iterator

from isvclog.preview.comparison import PreviewComparison
from isvclog.report.comparison.data import comparison_data
from isvclog.report.formats import FormatSettings
from isvclog.report.preview.yaml import to_yaml


def write(comparison: PreviewComparison, settings: FormatSettings) -> Iterator[str]:
    """Yield the document."""
    yield to_yaml(comparison_data(comparison, settings))
