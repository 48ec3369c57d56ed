"""Received events as JSON, one object in a line."""

from collections.abc import Iterator

from isvclog.lint.json_text import dumps
from isvclog.redact.gate import redaction_for
from isvclog.report.formats import FormatSettings
from isvclog.sink.items import SinkItem
from isvclog.sink.plain import item_data


def write(item: SinkItem, settings: FormatSettings) -> Iterator[str]:
    """Yield the line of one item."""
    gate = redaction_for(settings.reveal)
    yield dumps(item_data(item, gate)) + "\n"
    if gate.has_hidden:
        settings.on_hidden()
