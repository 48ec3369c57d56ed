"""Avro schema of one event as a record: `data` has the bytes of the payload, and each listed key a field of its own."""

from collections.abc import Iterator
from typing import Any

from isvclog.events.shape import EventShape
from isvclog.lint.json_text import dumps
from isvclog.report.event_schemas.fields import ColumnKind, EventColumn, event_columns, title
from isvclog.report.formats import FormatSettings

_TYPES: dict[ColumnKind, Any] = {
    ColumnKind.TEXT: "string",
    ColumnKind.TIME: {"type": "long", "logicalType": "timestamp-micros"},
    ColumnKind.ANNOTATION: "string",
    ColumnKind.HEADER: {"type": "array", "items": "string"},
    ColumnKind.BODY: "bytes",
}


def write(shape: EventShape, settings: FormatSettings) -> Iterator[str]:
    """Yield the schema."""
    schema = {
        "type": "record",
        "name": "InferenceEvent",
        "namespace": "org.kubeflow.serving.inference",
        "doc": f"{title(shape)}.",
        "fields": [_field(each) for each in event_columns(shape) if each.kind in _TYPES],
    }
    yield dumps(schema, indent=2) + "\n"


def _field(column: EventColumn) -> dict[str, Any]:
    """Build a field; `key`, which Avro does not know and keeps, is the annotation or the header."""
    sentence = "The bytes of the payload." if column.kind is ColumnKind.BODY else column.sentence
    field: dict[str, Any] = {"name": column.name, "doc": sentence}
    kind = _TYPES[column.kind]
    field |= {"type": kind} if column.is_required else {"type": ["null", kind], "default": None}
    return field | ({"key": column.key} if column.key else {})
