"""SQL of a table of events that SQLite and DuckDB run; the columns of listed keys follow from the attributes."""

from collections.abc import Iterator

from isvclog.events.shape import EventShape
from isvclog.report.event_schemas.fields import ColumnKind, EventColumn
from isvclog.report.event_schemas.statements import create_table, enclosed
from isvclog.report.formats import FormatSettings

_NOTES = (
    "For SQLite 3.38 or newer, and DuckDB. Insert the attributes of an event under their names, and its payload as",
    '"data" or "data_base64"; the columns of annotations and headers follow from "annotations" and "metadata".',
    "The column of a header has its first value.",
)


def write(shape: EventShape, settings: FormatSettings) -> Iterator[str]:
    """Yield the statement."""
    yield from create_table(shape, _NOTES, _definition)


def _definition(column: EventColumn) -> str:
    name = enclosed(column.name, '"')
    if column.kind in (ColumnKind.ANNOTATION, ColumnKind.HEADER):
        is_header = column.kind is ColumnKind.HEADER
        source, place = ('"metadata"', "[0]") if is_header else ('"annotations"', "")
        # Names of annotations and headers have neither quotation marks nor backslashes.
        path = enclosed(f'$."{column.key}"{place}', "'")
        return f"{name} TEXT GENERATED ALWAYS AS ({source} ->> {path}) VIRTUAL"
    kind = "TIMESTAMP" if column.kind is ColumnKind.TIME else "TEXT"
    return f"{name} {kind}{' NOT NULL' if column.is_required else ''}"
