"""The types of events as message definitions of xRegistry, the catalog of the CloudEvents project."""

from collections.abc import Iterator
from typing import Any

from isvclog.events.shape import ANNOTATION, HEADER, EventShape
from isvclog.kserve.logger.attributes import AttributeType, EventAttribute
from isvclog.kserve.logger.events import REQUEST
from isvclog.lint.json_text import dumps
from isvclog.report.event_schemas.fields import title
from isvclog.report.event_schemas.jsonschema import body_name, shared_schemas
from isvclog.report.formats import FormatSettings

_ENVELOPE = "CloudEvents/1.0"
_TYPES = {
    AttributeType.STRING: "string",
    AttributeType.JSON_TEXT: "string",
    AttributeType.URI_REFERENCE: "urireference",
    AttributeType.TIMESTAMP: "timestamp",
}

_KEYS = {"annotations": ANNOTATION, "metadata": HEADER}


def write(shape: EventShape, settings: FormatSettings) -> Iterator[str]:
    """Yield the document."""
    group = {
        "messagegroupid": "kserve",
        "description": f"{title(shape)}.",
        "envelope": _ENVELOPE,
        "messages": {kind: _message(shape, kind) for kind in shape.types},
    }
    yield dumps({"messagegroups": {"kserve": group}}, indent=2) + "\n"


def _message(shape: EventShape, kind: str) -> dict[str, Any]:
    """Define one type. Its payload is described in draft-07, with references inside of the schema."""
    half = "request to" if kind == REQUEST else "response of"
    return {
        "messageid": kind,
        "description": f"A {half} a component of an InferenceService.",
        "envelope": _ENVELOPE,
        "envelopemetadata": {
            each.name: {
                "type": _TYPES[each.type],
                **({"value": kind} if each.name == "type" else {}),
                **({"value": "1.0"} if each.name == "specversion" else {}),
                "required": each.is_required,
                "description": _sentence(shape, each),
            }
            for each in shape.attributes
        },
        "envelopeoptions": {"mode": "binary"},
        "dataschemaformat": "JsonSchema/draft-07",
        "dataschema": {
            "$schema": "http://json-schema.org/draft-07/schema#",
            "allOf": [{"$ref": f"#/definitions/{body_name(kind)}"}],
            "definitions": _bodies(shape, kind),
        },
    }


def _bodies(shape: EventShape, kind: str) -> dict[str, Any]:
    schemas = shared_schemas(shape._replace(types=(kind,)), "#/definitions/")
    return {name: schema for name, schema in schemas.items() if name not in _KEYS}


def _sentence(shape: EventShape, attribute: EventAttribute) -> str:
    """Describe an attribute; one that contains JSON with its keys, as a definition has no place for its schema."""
    names = [key.name for key in shape.keys_of(_KEYS[attribute.name])] if attribute.name in _KEYS else []
    return f"{attribute.sentence} Keys: {', '.join(names)}." if names else attribute.sentence
