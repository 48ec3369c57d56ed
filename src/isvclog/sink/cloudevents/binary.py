"""Events in HTTP binary mode: an attribute is a header, the body is the data. KServe's logger sends these."""

import re
from collections.abc import Iterator

from isvclog.httpserver import HttpRequest
from isvclog.sink.cloudevents.attributes import check_attributes, check_name
from isvclog.sink.cloudevents.events import SinkEvent, Value, load_json
from isvclog.sink.cloudevents.spec import CONTENT_TYPE, CONTEXT, HEADER_NAMES, HEADER_VALUES, MODES, InvalidEvent
from isvclog.sink.cloudevents.structured import is_json_type

PREFIX = b"ce-"
_QUOTED = re.compile(rb'"((?:[^"\\]|\\.)*)"')
_PERCENT = re.compile(rb"%([0-9A-Fa-f]{2})")


def decode_binary(request: HttpRequest, received_ns: int) -> SinkEvent:
    """Decode an event in binary mode. Raises InvalidEvent."""
    if not any(name[:3].lower() == PREFIX for name, _ in request.headers):
        raise InvalidEvent(
            "this is not a CloudEvent: it has no header that begins with Ce-, and its Content-Type does not begin with "
            "application/cloudevents",
            MODES,
        )
    attributes: dict[str, Value] = {}
    notes: list[str] = []
    for name, value in request.headers:
        if name[:3].lower() == PREFIX:
            _add(attributes, name, value)
            notes += _surprises(name.decode("ascii"), value)
    types = request.values(b"content-type")
    if len(types) > 1:
        raise InvalidEvent(f"Content-Type is there {len(types)} times", CONTEXT)
    if types:
        attributes["datacontenttype"] = decode_value(types[0], "Content-Type", percent=False)
    check_attributes(attributes, header_name)
    if request.body and types and is_json_type(types[0].decode("latin-1")) and not _is_json(request.body):
        notes.append(
            "the data is not JSON, although its content type says so; KServe gives a response the type of its request"
        )
    return SinkEvent("binary", attributes, request.body or None, request, received_ns, notes)


def _add(attributes: dict[str, Value], header: bytes, value: bytes) -> None:
    """Add the attribute of a header. Raises InvalidEvent."""
    shown, name = header.decode("ascii"), header[3:].decode("ascii").lower()
    if name == "datacontenttype":
        raise InvalidEvent(
            f"{shown} must not be there: in binary mode, Content-Type has the type of the data", CONTENT_TYPE
        )
    check_name(name, shown, HEADER_NAMES)
    if name in attributes:
        raise InvalidEvent(f"{shown} is there more than once, and an attribute has one value", CONTEXT)
    attributes[name] = decode_value(value, shown)


def decode_value(value: bytes, header: str, *, percent: bool = True) -> str:
    """Decode the value of a header: double quotes around it first, then percent-encoding, once.

    KServe's logger sends JSON as it is, so only quotes around the whole value are removed. Raises InvalidEvent.
    """
    if percent:
        if quoted := _QUOTED.fullmatch(value):
            value = re.sub(rb"\\(.)", rb"\1", quoted[1])
        value = _PERCENT.sub(lambda match: bytes((int(match[1], 16),)), value)
    try:
        return value.decode()
    except UnicodeDecodeError:
        raise InvalidEvent(f"{header} has bytes that are not UTF-8", HEADER_VALUES) from None


def _is_json(body: bytes) -> bool:
    try:
        load_json(body.decode())
    except ValueError:
        return False
    return True


def _surprises(header: str, value: bytes) -> Iterator[str]:
    """Yield sentences about what a sender should have encoded (HTTP binding 1.0.2, section 3.1.3.2)."""
    if not value.isascii():
        yield (
            f"{header} has characters that are not ASCII and not percent-encoded; receivers that read headers as "
            f"Latin-1, such as Node.js, garble them"
        )
    if encoded := _PERCENT.search(value):
        decoded = chr(int(encoded[1], 16))
        yield (
            f"{header} has {encoded[0].decode()}, which is decoded to {decoded!a}; KServe encodes nothing, so an "
            f"annotation with a percent sign can change here"
        )


def header_name(attribute: str) -> str:
    """Return the header of an attribute, as KServe writes it."""
    return "Content-Type" if attribute == "datacontenttype" else f"Ce-{attribute.capitalize()}"
