"""A preview as one JSON document, with the same members as its YAML form."""

from collections.abc import Iterator

from isvclog.lint.json_text import dumps
from isvclog.preview.model import Preview
from isvclog.report.formats import FormatSettings
from isvclog.report.preview.data import preview_data


def write(preview: Preview, settings: FormatSettings) -> Iterator[str]:
    """Yield the document, in ASCII."""
    yield dumps(preview_data(preview, settings), indent=2) + "\n"
