"""The schema of a table of events for BigQuery, as `bq mk --schema` reads it."""

from collections.abc import Iterator

from isvclog.events.shape import EventShape
from isvclog.lint.json_text import dumps
from isvclog.report.event_schemas.fields import ColumnKind, EventColumn, event_columns
from isvclog.report.formats import FormatSettings

_TYPES = {
    ColumnKind.TEXT: "STRING",
    ColumnKind.TIME: "TIMESTAMP",
    ColumnKind.ANNOTATION: "STRING",
    ColumnKind.HEADER: "STRING",
    ColumnKind.BODY: "JSON",
    ColumnKind.BASE64: "BYTES",
}
_LONGEST_DESCRIPTION = 1024


def write(shape: EventShape, settings: FormatSettings) -> Iterator[str]:
    """Yield the list of fields."""
    yield dumps([_field(each) for each in event_columns(shape)], indent=2) + "\n"


def _field(column: EventColumn) -> dict[str, str]:
    mode = "REQUIRED" if column.is_required else "NULLABLE"
    return {
        "name": column.name,
        "type": _TYPES[column.kind],
        "mode": "REPEATED" if column.kind is ColumnKind.HEADER else mode,
        "description": column.sentence[:_LONGEST_DESCRIPTION],
    }
