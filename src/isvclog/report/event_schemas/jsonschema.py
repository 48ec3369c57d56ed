"""JSON Schema (2020-12) of an event in the JSON format of CloudEvents, as `preview -o cloudevent` prints it."""

from collections.abc import Iterator, Mapping
from typing import Any

from isvclog.events.shape import ANNOTATION, HEADER, EventShape
from isvclog.kserve.logger.attributes import AttributeType, EventAttribute
from isvclog.kserve.logger.events import REQUEST
from isvclog.kserve.payloads import payload_schemas
from isvclog.lint.json_text import dumps
from isvclog.report.event_schemas.fields import title
from isvclog.report.formats import FormatSettings

_FORMATS = {AttributeType.TIMESTAMP: "date-time", AttributeType.URI_REFERENCE: "uri-reference"}
_TEXT: Mapping[str, Any] = {"description": "A body whose content type is not JSON.", "type": "string"}


def write(shape: EventShape, settings: FormatSettings) -> Iterator[str]:
    """Yield the schema."""
    yield dumps(json_schema(shape), indent=2) + "\n"


def json_schema(shape: EventShape) -> dict[str, Any]:
    """Build the schema of an event."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:isvclog:events:{shape.release.name}",
        "title": title(shape),
        "type": "object",
        "required": [each.name for each in shape.attributes if each.is_required],
        "properties": {
            **{each.name: attribute_schema(each, shape, "#/$defs/") for each in shape.attributes},
            "data": {"description": "The payload, if it is JSON or text."},
            "data_base64": {
                "description": "The payload, if it is neither: such as a compressed or streamed one.",
                "type": "string",
                "contentEncoding": "base64",
            },
        },
        "allOf": [
            {
                "if": {"required": ["type", "data"], "properties": {"type": {"const": kind}}},
                "then": {"properties": {"data": {"$ref": f"#/$defs/{body_name(kind)}"}}},
            }
            for kind in shape.types
        ],
        "$defs": shared_schemas(shape, "#/$defs/"),
    }


def attribute_schema(attribute: EventAttribute, shape: EventShape, prefix: str) -> dict[str, Any]:
    """Build the schema of an attribute; `prefix` is where references to shared schemas lead."""
    schema: dict[str, Any] = {"description": attribute.sentence, "type": "string"}
    if attribute.name == "type":
        schema["enum"] = list(shape.types)
    elif attribute.name == "specversion":
        schema["const"] = "1.0"
    elif attribute.type is AttributeType.JSON_TEXT:
        schema |= {"contentMediaType": "application/json", "contentSchema": {"$ref": f"{prefix}{attribute.name}"}}
    elif attribute.type in _FORMATS:
        schema["format"] = _FORMATS[attribute.type]
    if attribute.is_required and attribute.name not in ("type", "specversion"):
        schema["minLength"] = 1
    return schema


def shared_schemas(shape: EventShape, prefix: str) -> dict[str, Any]:
    """Build the schemas of `annotations` and `metadata` after they are parsed, and those of bodies."""
    names = {each.name for each in shape.attributes}
    schemas: dict[str, Any] = {}
    if "annotations" in names:
        schemas["annotations"] = {
            "description": "The annotations. A comma in a value can add other keys than the listed ones.",
            "type": "object",
            "properties": {key.name: {"type": "string"} for key in shape.keys_of(ANNOTATION)},
            "additionalProperties": {"type": "string"},
        }
    if "metadata" in names:
        schemas["metadata"] = _metadata(shape)
    for kind in shape.types:
        schemas |= _bodies(shape, kind, prefix)
    return schemas


def _metadata(shape: EventShape) -> dict[str, Any]:
    values = {"type": "array", "minItems": 1, "items": {"type": "string"}}
    schema: dict[str, Any] = {
        "description": "The listed headers that the request has, each with its values.",
        "type": "object",
        "properties": {key.name: values for key in shape.keys_of(HEADER)},
        "additionalProperties": values if shape.masked else False,
    }
    if not shape.release.has("response-metadata"):
        schema["description"] += " The event of a response has null."
        schema["type"] = ["object", "null"]
    return schema


def body_name(kind: str) -> str:
    """Return the name of the schema for the bodies of a type of events."""
    return "requestBody" if kind == REQUEST else "responseBody"


def _bodies(shape: EventShape, kind: str, prefix: str) -> dict[str, Any]:
    """Build the schema for the bodies of one type, and those that it refers to."""
    payloads = [payload_schemas(protocol or "") for protocol in shape.protocols]
    known = [payload for payload in payloads if payload]
    if len(known) < len(payloads) or not known:
        sentence = "Any body: the protocol of the model is not known, or is not JSON."
        return {body_name(kind): {"description": sentence}}
    found: dict[str, Any] = {}
    for payload in known:
        found |= payload.requests if kind == REQUEST else payload.responses
    union = {
        "description": "The bodies of the model's protocol. Requests to other paths of the server are logged as well.",
        "anyOf": [*({"$ref": f"{prefix}{name}"} for name in found), _TEXT],
    }
    return {body_name(kind): union, **found}
