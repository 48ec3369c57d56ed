"""A preview as one JSON document, with the same members as its YAML form."""

import json
from collections.abc import Iterator

from isvclog.preview.model import Preview
from isvclog.report.formats import FormatSettings
from isvclog.report.preview.data import preview_data


def write(preview: Preview, settings: FormatSettings) -> Iterator[str]:
    """Yield the document, in ASCII."""
    yield json.dumps(preview_data(preview.services, preview.release), indent=2).replace("\x7f", "\\u007f") + "\n"
