"""HTTP messages, valid and invalid ones, about which the SDKs and isvclog sink are asked."""

import json
from typing import Any, NamedTuple

MINIMAL = {"specversion": "1.0", "id": "1", "source": "/s", "type": "com.example.t"}
STRUCTURED, BATCH = "application/cloudevents+json", "application/cloudevents-batch+json"


class Message(NamedTuple):
    """An HTTP message."""

    headers: dict[str, str]
    body: bytes = b""


def _binary(body: bytes = b"{}", /, **changed: str | None) -> Message:
    """Build an event in binary mode with changed attributes; None leaves one out, `content_type` is no attribute."""
    content_type = changed.pop("content_type", "application/json")
    attributes = MINIMAL | changed
    headers = {f"ce-{name}": value for name, value in attributes.items() if value is not None}
    return Message(headers | ({"content-type": content_type} if content_type else {}), body)


def _structured(**changed: Any) -> Message:
    body = {name: value for name, value in (MINIMAL | changed).items() if value is not ...}
    return Message({"content-type": STRUCTURED}, json.dumps(body).encode())


CASES = {
    "binary": _binary(),
    "binary without a content type": _binary(content_type=None),
    "binary with data that is not the JSON it says": _binary(b"no json"),
    "structured": _structured(data={"a": 1}),
    "structured with a charset": Message({"content-type": f"{STRUCTURED}; charset=utf-8"}, _structured().body),
    "structured with bytes": _structured(data_base64="AAH+/w==", datacontenttype="image/png"),
    "an unset attribute": _structured(subject=None),
    "no event": Message({"content-type": "application/json"}, b"{}"),
    "binary without id": _binary(id=None),
    "binary without source": _binary(source=None),
    "binary without type": _binary(type=None),
    "binary without specversion": _binary(specversion=None),
    "binary with an empty id": _binary(id=""),
    "binary with an empty source": _binary(source=""),
    "binary with an empty type": _binary(type=""),
    "binary with an empty subject": _binary(subject=""),
    "binary with a version that does not exist": _binary(specversion="9.9"),
    "binary with a time that is none": _binary(time="yesterday"),
    "binary with a time without a zone": _binary(time="2026-01-02T03:04:05"),
    "binary with an extension in two words": _binary(**{"my-name": "x"}),
    "binary with the reserved name": _binary(data="x"),
    "structured without id": _structured(id=...),
    "structured without source": _structured(source=...),
    "structured without type": _structured(type=...),
    "structured without specversion": _structured(specversion=...),
    "structured with an empty id": _structured(id=""),
    "structured with a number as id": _structured(id=5),
    "structured with an empty source": _structured(source=""),
    "structured with an empty subject": _structured(subject=""),
    "structured with an empty schema": _structured(dataschema=""),
    "structured with a schema that is relative": _structured(dataschema="x y"),
    "structured with a time that is none": _structured(time="yesterday"),
    "structured with an extension in capitals": _structured(MyName="x"),
    "structured with an object as extension": _structured(extension={"a": 1}),
    "structured with bytes that are not base64": _structured(data_base64="?"),
    "structured that is no JSON": Message({"content-type": STRUCTURED}, b"{"),
    "structured that is an array": Message({"content-type": STRUCTURED}, b"[]"),
    "structured in another format": Message({"content-type": "application/cloudevents+avro"}, b"x"),
    "batch": Message({"content-type": BATCH}, json.dumps([MINIMAL, MINIMAL]).encode()),
    "batch with an event that is none": Message({"content-type": BATCH}, json.dumps([MINIMAL, {}]).encode()),
    "batch that is no array": Message({"content-type": BATCH}, json.dumps(MINIMAL).encode()),
}
