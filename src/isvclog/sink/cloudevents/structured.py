"""Events as JSON: one in structured mode, any number in batched mode."""

import base64
import binascii
import json
import re
from collections.abc import Mapping
from typing import Any

from isvclog.httpserver import HttpRequest
from isvclog.sink.cloudevents.attributes import check_attributes, check_name
from isvclog.sink.cloudevents.events import SinkEvent, Value, load_json
from isvclog.sink.cloudevents.spec import (
    BATCH_DATA,
    CONTEXT,
    JSON_BATCH,
    JSON_DATA,
    JSON_ENVELOPE,
    JSON_PAYLOAD,
    JSON_TYPES,
    NAMING,
    InvalidEvent,
)

_JSON_TYPE = re.compile(r"[^/;]+/(?:[^;]*\+)?json\s*(?:;|\Z)", re.IGNORECASE)


class _Repeated(ValueError):
    """An object has the same member twice."""


def decode_structured(request: HttpRequest, received_ns: int) -> SinkEvent:
    """Decode the event in the body. Raises InvalidEvent."""
    attributes, data = decode_object(_load(request.body))
    return SinkEvent("structured", attributes, data, request, received_ns)


def decode_batch(request: HttpRequest, received_ns: int) -> list[SinkEvent]:
    """Decode the events in the body, which may be none. Raises InvalidEvent if one of them is invalid."""
    items = _load(request.body)
    if not isinstance(items, list):
        raise InvalidEvent(f"the batch is {_kind(items)}, and must be an array of events", JSON_BATCH)
    events = []
    for number, item in enumerate(items, 1):
        try:
            attributes, data = decode_object(item)
        except InvalidEvent as error:
            raise InvalidEvent(f"event {number} of the batch: {error.reason}", error.section) from None
        events.append(SinkEvent("batched", attributes, data, request, received_ns))
    if len({event.text("specversion") for event in events}) > 1:
        raise InvalidEvent("the events of the batch have different versions", BATCH_DATA)
    return events


def decode_object(item: Any) -> tuple[dict[str, Value], bytes | None]:
    """Decode the attributes and the data of an event as JSON. Raises InvalidEvent."""
    if not isinstance(item, dict):
        raise InvalidEvent(f"the event is {_kind(item)}, and must be an object", JSON_ENVELOPE)
    attributes: dict[str, Value] = {}
    for name, value in item.items():
        if name in ("data", "data_base64") or value is None:
            continue
        check_name(name, _member(name), NAMING)
        if not isinstance(value, str | bool | int):
            raise InvalidEvent(
                f"{_member(name)} is {_kind(value)}, and an attribute is a string, a whole number or a boolean",
                JSON_TYPES,
            )
        attributes[name] = value
    check_attributes(attributes, _member)
    return attributes, _data(item, str(attributes.get("datacontenttype", "application/json")))


def is_json_type(content_type: str) -> bool:
    """Check whether a content type declares JSON (JSON format 1.0.2, section 3.1.1)."""
    return bool(_JSON_TYPE.match(content_type))


def _load(body: bytes) -> Any:
    try:
        return load_json(body.decode(), object_pairs_hook=_unique)
    except _Repeated as error:
        raise InvalidEvent(f"{_member(str(error))} is there more than once", CONTEXT) from None
    except UnicodeDecodeError:
        raise InvalidEvent("the body is not UTF-8", JSON_ENVELOPE) from None
    except ValueError as error:
        place = f" in line {error.lineno}, column {error.colno}" if isinstance(error, json.JSONDecodeError) else ""
        raise InvalidEvent(f"the body is not JSON: {str(error).partition(':')[0]}{place}", JSON_ENVELOPE) from None


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs) and ("specversion" in members or "id" in members):
        names = [name for name, _ in pairs]
        raise _Repeated(next(name for name in names if names.count(name) > 1))
    return members


def _data(item: Mapping[str, Any], content_type: str) -> bytes | None:
    """Return the bytes of the data. JSON is written without spaces, because the original bytes are not known."""
    if item.get("data_base64") is not None:
        if "data" in item:
            raise InvalidEvent("`data` and `data_base64` exclude each other", JSON_PAYLOAD)
        return _from_base64(item["data_base64"])
    if "data" not in item:
        return None
    value = item["data"]
    if is_json_type(content_type):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    if not isinstance(value, str):
        raise InvalidEvent(
            f"`data` is {_kind(value)}, and must be a string, because `datacontenttype` is not a type of JSON",
            JSON_DATA,
        )
    return value.encode("utf-8", "surrogatepass")


def _from_base64(value: Any) -> bytes:
    try:
        if isinstance(value, str):
            return base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        pass
    raise InvalidEvent("`data_base64` is not base64 (RFC 4648)", JSON_DATA)


def _member(name: str) -> str:
    return f"`{name[:40]}`"


def _kind(value: Any) -> str:
    if value is None:
        return "null"
    kinds = {dict: "an object", list: "an array", str: "a string", bool: "a boolean", float: "a number with a fraction"}
    return kinds.get(type(value), "a number")
