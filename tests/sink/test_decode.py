"""Events in all three modes: what is decoded, and what is refused with which section of the specification."""

import json
from typing import Any

import pytest

from isvclog.httpserver import HttpRequest
from isvclog.sink.cloudevents.decode import decode_request
from isvclog.sink.cloudevents.events import SinkEvent
from isvclog.sink.cloudevents.spec import InvalidEvent

MINIMAL = {"specversion": "1.0", "id": "1", "source": "/s", "type": "t"}
STRUCTURED = "application/cloudevents+json; charset=UTF-8"
BATCH = "application/cloudevents-batch+json"


def binary(*, body: bytes = b"{}", **changed: str | bytes | None) -> HttpRequest:
    """An event in binary mode with changed headers; None removes one."""
    values = {f"Ce-{name}": value for name, value in MINIMAL.items()} | {
        name.replace("_", "-"): value for name, value in changed.items()
    }
    headers = [
        (name.encode(), value if isinstance(value, bytes) else value.encode())
        for name, value in values.items()
        if value is not None
    ]
    return HttpRequest(b"POST", b"/", b"1.1", headers, body)


def text(content_type: str, body: str | bytes) -> HttpRequest:
    data = body if isinstance(body, bytes) else body.encode()
    return HttpRequest(b"POST", b"/", b"1.1", [(b"Content-Type", content_type.encode())], data)


def structured(**changed: Any) -> HttpRequest:
    return text(STRUCTURED, json.dumps(MINIMAL | changed))


def decoded(request: HttpRequest) -> SinkEvent:
    (event,) = decode_request(request, 0)
    return event


def test_kserve_sends_json_unencoded() -> None:
    event = decoded(
        binary(**{"Ce-annotations": '{"a/b":"café 100%"}', "Ce-Endpoint": "", "Content-Type": "text/plain"})
    )
    assert event.mode == "binary"
    assert event.annotations == {"a/b": "café 100%"}
    assert event.attributes["endpoint"] == ""
    assert event.attributes["datacontenttype"] == "text/plain"
    assert [note.partition(" has ")[0] for note in event.notes] == ["Ce-annotations"]


def test_percent_encoding_is_decoded_once_and_told() -> None:
    event = decoded(binary(**{"Ce-subject": "Euro%20%E2%82%AC%2541", "Ce-q": '"a \\"b\\" %20"'}))
    assert event.attributes["subject"] == "Euro €%41"
    assert event.attributes["q"] == 'a "b"  '
    assert "has %20, which is decoded to ' '" in event.notes[0]


def test_types_of_json_and_data() -> None:
    event = decoded(structured(flag=True, number=5, nothing=None, data={"a": "é"}))
    assert event.mode == "structured"
    assert event.attributes == MINIMAL | {"flag": True, "number": 5}
    assert event.data == '{"a":"é"}'.encode()
    assert decoded(structured(data="text", datacontenttype="text/plain")).data == b"text"
    assert decoded(structured(data_base64="AAE=", datacontenttype="image/png")).data == b"\x00\x01"
    assert decoded(structured(data=None)).data == b"null"
    assert decoded(structured()).data is None


def test_a_batch_may_be_empty() -> None:
    assert decode_request(text(BATCH, "[]"), 0) == []
    events = decode_request(text(BATCH, json.dumps([MINIMAL, MINIMAL | {"id": "2"}])), 0)
    assert [(event.mode, event.attributes["id"]) for event in events] == [("batched", "1"), ("batched", "2")]


@pytest.mark.parametrize(
    ("request_", "words", "section"),
    [
        (text("application/json", "{}"), "not a CloudEvent", "HTTP binding 1.0.2, section 3"),
        (binary(**{"Ce-id": None}), "Ce-Id is missing", "section id"),
        (binary(**{"Ce-id": None, "Ce-type": None}), "Ce-Id and Ce-Type are missing", "section REQUIRED Attributes"),
        (binary(**{"Ce-id": ""}), "Ce-Id is empty", "section id"),
        (binary(**{"Ce-source": ""}), "Ce-Source is empty", "section source"),
        (binary(**{"Ce-source": "a b"}), "not a URI reference", "section source"),
        (binary(**{"Ce-source": "/%zz"}), "not a URI reference", "section source"),
        (binary(**{"Ce-specversion": "0.3"}), "upgrade the sender", "section specversion"),
        (binary(**{"Ce-specversion": "2"}), "is '2'", "section specversion"),
        (binary(**{"Ce-time": "2026-02-30T00:00:00Z"}), "not an RFC 3339 time", "section time"),
        (binary(**{"Ce-time": "2026-01-02 03:04:05Z"}), "not an RFC 3339 time", "section time"),
        (binary(**{"Ce-time": "2026-01-02T03:04:05"}), "not an RFC 3339 time", "section time"),
        (binary(**{"Ce-subject": ""}), "Ce-Subject is empty", "section subject"),
        (binary(**{"Ce-dataschema": "/relative"}), "not an absolute URI", "section dataschema"),
        (binary(**{"Content-Type": "json"}), "not a media type", "section datacontenttype"),
        (binary(**{"Ce-datacontenttype": "a/b"}), "must not be there", "HTTP binding 1.0.2, section 3.1.1"),
        (binary(**{"Ce-my-name": "x"}), "Ce-my-name is not an attribute", "HTTP binding 1.0.2, section 3.1.3.1"),
        (binary(**{"Ce-data": "x"}), "reserved", "section Naming Conventions"),
        (binary(**{"ce-ID": "2"}), "more than once", "section Context Attributes"),
        (binary(**{"Ce-x": b"\xff"}), "not UTF-8", "HTTP binding 1.0.2, section 3.1.3.2"),
        (binary(**{"Ce-x": "%C0%A0"}), "not UTF-8", "HTTP binding 1.0.2, section 3.1.3.2"),
        (binary(**{"Ce-x": "a%0Ab"}), "U+000A", "section Type System"),
        (structured(id=None), "`id` is missing", "section id"),
        (structured(id=5), "must be a string", "section Context Attributes"),
        (structured(x=1.5), "a number with a fraction", "JSON format 1.0.2, section 2.2"),
        (structured(x={}), "an object", "JSON format 1.0.2, section 2.2"),
        (structured(x=2**31), "32 bits", "section Type System"),
        (structured(x="\udead"), "U+DEAD", "section Type System"),
        (structured(x="\uffff"), "U+FFFF", "section Type System"),
        (structured(Upper="x"), "`Upper` is not an attribute", "section Naming Conventions"),
        (structured(data="x", data_base64="AA=="), "exclude each other", "JSON format 1.0.2, section 3.1.1"),
        (structured(data_base64="?"), "not base64", "JSON format 1.0.2, section 3.1.2"),
        (structured(data=[1], datacontenttype="text/plain"), "an array", "JSON format 1.0.2, section 3.1.2"),
        (text(STRUCTURED, "[1]"), "is an array", "JSON format 1.0.2, section 3"),
        (text(STRUCTURED, '{"id":'), "not JSON: Expecting value in line 1, column 7", "JSON format 1.0.2, section 3"),
        (text(STRUCTURED, '{"id":"1","id":"2"}'), "`id` is there more than once", "section Context Attributes"),
        (text(STRUCTURED, b"\xff"), "not UTF-8", "JSON format 1.0.2, section 3"),
        (text(STRUCTURED, "[" * 100_000), "not JSON", "JSON format 1.0.2, section 3"),
        (text(BATCH, "{}"), "is an object", "JSON format 1.0.2, section 4.1"),
        (text(BATCH, json.dumps([MINIMAL, {}])), "event 2 of the batch", "section REQUIRED Attributes"),
        (text("application/cloudevents+avro", ""), "is not known here", "HTTP binding 1.0.2, section 1.4"),
    ],
)
def test_what_is_invalid_and_which_section_says_so(request_: HttpRequest, words: str, section: str) -> None:
    with pytest.raises(InvalidEvent) as caught:
        decode_request(request_, 0)
    assert words in caught.value.reason
    assert caught.value.section.title.endswith(section)
