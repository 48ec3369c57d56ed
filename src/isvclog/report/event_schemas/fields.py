"""The columns of a table of events: what each is called, and where its value comes from."""

from enum import Enum

from isvclog.events.shape import ANNOTATION, EventShape
from isvclog.kserve.logger.attributes import AttributeType
from isvclog.records import NamedTuple


class ColumnKind(Enum):
    """The source of a column's value."""

    TEXT = "an attribute"
    TIME = "an attribute with a time"
    ANNOTATION = "the value of an annotation"
    HEADER = "the values of a request header"
    BODY = "the payload as text or JSON"
    BASE64 = "the payload in base64, if it is neither text nor JSON"


class EventColumn(NamedTuple):
    """One column. `key` is the annotation or the header, empty for other kinds."""

    name: str
    kind: ColumnKind
    is_required: bool
    sentence: str
    key: str = ""


def event_columns(shape: EventShape) -> list[EventColumn]:
    """List the columns: attributes, then annotations and headers, then the payload as CloudEvents writes it in JSON."""
    attributes = [
        EventColumn(
            each.name,
            ColumnKind.TIME if each.type is AttributeType.TIMESTAMP else ColumnKind.TEXT,
            each.is_required,
            each.sentence,
        )
        for each in shape.attributes
    ]
    keys = [
        EventColumn(
            key.column,
            ColumnKind.ANNOTATION if key.kind == ANNOTATION else ColumnKind.HEADER,
            False,
            f"The {key.kind} {key.name}.",
            key.name,
        )
        for key in shape.keys
    ]
    return [
        *attributes,
        *keys,
        EventColumn("data", ColumnKind.BODY, False, "The payload, if it is JSON or text."),
        EventColumn("data_base64", ColumnKind.BASE64, False, "The payload in base64, if it is neither."),
    ]


def title(shape: EventShape) -> str:
    """Name the release and the loggers in a sentence without a full stop."""
    names = ", ".join(f"{each.service} {each.component}" for each in shape.sources[:5])
    others = len(shape.sources) - 5
    more = f" and {others} more" if others > 0 else ""
    caution = f" ({shape.release.short_caution})" if shape.release.short_caution else ""
    return f"Inference events of KServe {shape.release.name}{caution}: {names or 'no accepted logger'}{more}"
