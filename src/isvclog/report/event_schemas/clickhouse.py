"""SQL of a table of events for ClickHouse; the columns of listed keys follow from the attributes."""

from collections.abc import Iterator

from isvclog.events.shape import EventShape
from isvclog.report.event_schemas.fields import ColumnKind, EventColumn
from isvclog.report.event_schemas.statements import TABLE, create_table
from isvclog.report.formats import FormatSettings

_FEW_VALUES = frozenset("specversion source type inferenceservicename namespace component endpoint".split())
_NOTES = (
    "Insert events in the JSON format of CloudEvents, one in a line:",
    f"INSERT INTO {TABLE} SETTINGS date_time_input_format = 'best_effort' FORMAT JSONEachRow",
    "The columns of annotations and headers follow from annotations and metadata.",
)
_ENGINE = " ENGINE = MergeTree ORDER BY (`inferenceservicename`, `time`, `id`)"


def write(shape: EventShape, settings: FormatSettings) -> Iterator[str]:
    """Yield the statement."""
    yield from create_table(shape, _NOTES, _definition, _ENGINE)


def _definition(column: EventColumn) -> str:
    name = _quoted(column.name, "`")
    key = _quoted(column.key, "'")
    if column.kind is ColumnKind.ANNOTATION:
        kind = "Nullable(String)"
        return f"{name} {kind} MATERIALIZED JSONExtract(`annotations`, {key}, '{kind}')"
    if column.kind is ColumnKind.HEADER:
        kind = "Array(String)"
        return f"{name} {kind} MATERIALIZED JSONExtract(`metadata`, {key}, '{kind}')"
    if column.kind is ColumnKind.TIME:
        return f"{name} DateTime64(9, 'UTC')"
    return f"{name} {'LowCardinality(String)' if column.name in _FEW_VALUES else 'String'}"


def _quoted(text: str, mark: str) -> str:
    """Write an identifier or a literal as ClickHouse reads it: with a backslash before marks and backslashes."""
    escaped = text.replace("\\", "\\\\").replace(mark, f"\\{mark}")
    return f"{mark}{escaped}{mark}"
