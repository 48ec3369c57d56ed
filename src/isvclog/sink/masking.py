"""Events and requests as they are shown: the gate masks what looks sensitive in attributes, headers and data."""

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from isvclog.httpserver import HttpRequest
from isvclog.kserve.golang import json as gojson
from isvclog.redact.gate import Redaction, redaction_for
from isvclog.sink.cloudevents.binary import PREFIX
from isvclog.sink.cloudevents.events import SinkEvent, Value, load_json

_CHECKED = frozenset(("specversion", "time"))
"""Attributes whose values have a form in which nothing is secret."""
_LONGEST_CACHED = 8_192
_LARGEST_BODY = 1 << 20
"""Bytes of a body that are searched for secrets; a larger one is hidden as a whole, because the search takes time."""


def mask_event(event: SinkEvent, gate: Redaction) -> SinkEvent:
    """Mask the secrets of an event, but not those of the request that brought it."""
    if not gate.hides:
        return event
    return event._replace(
        attributes={name: _attribute(name, value, gate) for name, value in event.attributes.items()},
        data=None if event.data is None else _body(event.data, gate),
    )


def mask_request(request: HttpRequest, gate: Redaction) -> HttpRequest:
    """Mask the secrets of a request, whether it brought events or not."""
    if not gate.hides:
        return request
    is_structured = request.header(b"content-type").lower().startswith(b"application/cloudevents")
    target = gate.value("url", request.target.decode("latin-1")).encode("latin-1")
    headers = [(name, _header(name, value, gate)) for name, value in request.headers]
    body = (_structured if is_structured else _body)(request.body, gate)
    return request._replace(target=target, headers=headers, body=body)


def _attribute(name: str, value: Value, gate: Redaction) -> Value:
    if not isinstance(value, str) or name in _CHECKED:
        return value
    if len(value) > _LONGEST_CACHED:
        return _text(name, value, gate)
    shown = _text_as_before(name, value)
    if shown != value:
        gate.hide()
    return shown


@lru_cache(maxsize=1_024)
def _text_as_before(name: str, text: str) -> str:
    """Mask a text by itself. Most of what an agent sends is the same in each event, and to search it takes time."""
    return _text(name, text, redaction_for(reveal=False))


def _text(name: str, text: str, gate: Redaction) -> str:
    if name not in ("annotations", "metadata"):
        return gate.value("url" if name in ("source", "dataschema") else name, text)
    try:
        members = load_json(text)
    except ValueError:
        return gate.text(text)
    if not isinstance(members, Mapping):
        return gate.text(text)
    shown = {gate.text(key): _member(key, value, gate, header=name == "metadata") for key, value in members.items()}
    return text if shown == members else gojson.marshal(shown)


def _member(name: str, value: Any, gate: Redaction, *, header: bool) -> Any:
    if isinstance(value, str):
        return gate.value(name, value, header=header)
    if isinstance(value, Sequence):
        return [_member(name, item, gate, header=header) for item in value]
    return gate.data(value, name)


def _header(name: bytes, value: bytes, gate: Redaction) -> bytes:
    text = value.decode("utf-8", "surrogateescape")
    if name[:3].lower() == PREFIX:
        shown = str(_attribute(name[3:].decode("ascii").lower(), text, gate))
    else:
        shown = gate.value(name.decode("ascii"), text, header=True)
    return shown.encode("utf-8", "surrogateescape")


def _body(body: bytes, gate: Redaction) -> bytes:
    if len(body) > _LARGEST_BODY:
        return gate.hide().encode()
    try:
        return gate.text(body.decode()).encode()
    except UnicodeDecodeError:
        return gate.text(body.decode("latin-1")).encode("latin-1")


def _structured(body: bytes, gate: Redaction) -> bytes:
    """Mask the events in a body. Unchanged, it keeps its bytes; what cannot be read is hidden as a whole."""
    try:
        events = load_json(body.decode())
    except ValueError:
        return gate.hide().encode()
    shown = [_object(item, gate) for item in events] if isinstance(events, list) else _object(events, gate)
    return body if shown == events else json.dumps(shown, ensure_ascii=False).encode("utf-8", "surrogatepass")


def _object(event: Any, gate: Redaction) -> Any:
    if not isinstance(event, Mapping):
        return gate.data(event)
    return {
        name: _text(name, value, gate) if isinstance(value, str) else gate.data(value, name)
        for name, value in event.items()
    }
