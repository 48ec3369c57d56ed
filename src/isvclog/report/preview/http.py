"""Events as the bytes of HTTP requests."""

from collections.abc import Iterator

from isvclog.preview.model import Preview
from isvclog.report.escape import printable
from isvclog.report.formats import FormatSettings
from isvclog.report.preview.redaction import shown_events


def write(preview: Preview, settings: FormatSettings) -> Iterator[str | bytes]:
    """Yield the exact bytes of each request; for a terminal, which would obey control characters, escaped text."""
    for event in shown_events(preview, settings):
        if settings.terminal:
            shown = event.wire().decode("utf-8", "backslashreplace").replace("\r\n", "\n")
            yield "\n".join(map(printable, shown.split("\n"))) + "\n\n"
        else:
            yield event.wire()
