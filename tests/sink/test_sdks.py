"""The official SDKs of CloudEvents as oracles: Python's in this process, JavaScript's as it was recorded.

The sink accepts what they send, and refuses what they refuse, with the section of the specification as the reason.
`oracles/cloudevents` records the answers of the SDK for JavaScript.
"""

import base64
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cloudevents.core.bindings.http import HTTPMessage, from_http_event, to_binary_event, to_structured_event
from cloudevents.core.v1.event import CloudEvent
from local_sink import LocalSink

from isvclog.httpserver import HttpRequest
from isvclog.sink.cloudevents.decode import decode_request
from isvclog.sink.cloudevents.events import SinkEvent
from isvclog.sink.cloudevents.spec import InvalidEvent
from oracles.cloudevents.cases import BATCH, CASES, MINIMAL, Message
from oracles.cloudevents.measure import RECORDED, ask, missing

JAVASCRIPT = json.loads(RECORDED.read_text(encoding="utf-8"))
TIME = datetime(2026, 1, 2, 3, 4, 5, 120_000, tzinfo=UTC)

VALID = {
    "an unset attribute": "null is the same as unset (JSON format 1.0.2, section 2.2)",
    "batch": "this SDK cannot read batches",
}
"""Valid messages that the SDK for Python refuses."""


def decoded(headers: Mapping[str, Any], body: bytes) -> list[SinkEvent]:
    written = {name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in headers.items()}
    fields = [(name.encode(), value.encode()) for name, value in written.items()]
    return decode_request(HttpRequest(b"POST", b"/", b"1.1", fields, body), 0)


def refusal(message: Message) -> InvalidEvent | None:
    try:
        decoded(message.headers, message.body)
    except InvalidEvent as error:
        return error
    return None


def python_refuses(message: Message) -> bool:
    try:
        from_http_event(HTTPMessage(message.headers, message.body))
    except Exception:  # it raises its own errors, and those of whatever it stumbles over
        return True
    return False


def test_what_python_sends_is_accepted(tmp_path: Path, environment: dict[str, str]) -> None:
    attributes = MINIMAL | {"time": TIME, "subject": "Euro € 😀 %41", "annotations": '{"example.com/team":"risk"}'}
    data = {"json": {"instances": [[6.8, "é"]]}, "text": "hello \n world", "bytes": b"\x00\xff"}
    types = {"json": "application/json", "text": "text/plain", "bytes": "image/png"}
    events = [CloudEvent(attributes | {"datacontenttype": types[kind]}, data[kind]) for kind in types]
    with LocalSink(tmp_path, environment, "-o", "json", "--count", "9") as sink:
        for event in events:
            for message in (to_binary_event(event), to_structured_event(event)):
                assert sink.post(message.headers, message.body) == (200, "")
        batch = b"[%b]" % b",".join(to_structured_event(event).body for event in events)
        assert sink.post({"Content-Type": BATCH}, batch) == (200, "")
    received = [json.loads(line) for line in sink.stdout.splitlines()]
    assert [item["mode"] for item in received] == ["binary", "structured"] * 3 + ["batched"] * 3
    for item in received:
        assert item["attributes"]["subject"] == "Euro € 😀 %41"
        assert item["attributes"]["time"] == "2026-01-02T03:04:05.120000Z"
        assert item["annotations"] == {"example.com/team": "risk"}
        kind = next(kind for kind, name in types.items() if name == item["attributes"]["datacontenttype"])
        sent = {"dataBase64": base64.b64encode(data["bytes"]).decode()} if kind == "bytes" else {"data": data[kind]}
        assert sent.items() <= item.items()


@pytest.mark.parametrize("sent", JAVASCRIPT["sent"], ids=lambda sent: f"{sent['name']}-{sent['mode']}")
def test_what_javascript_sends_is_accepted(sent: dict[str, Any]) -> None:
    (event,) = decoded(sent["headers"], sent["body"].encode("latin-1"))
    assert event.mode == sent["mode"]
    assert event.text("time") == "2026-01-02T03:04:05.120Z"
    if sent["name"] == "full":
        assert event.json_data() == {"instances": [[6.8, 2.8, "é ☃"]]}
        assert event.annotations == {"example.com/team": "risk"}
        assert (event.text("number"), event.text("flag")) == ("5", "true")
    elif sent["name"] in ("text", "bytes"):
        assert event.data == {"text": b"hello \n world", "bytes": b"\x00\x01\xfe\xff"}[sent["name"]]
    elif sent["name"] == "euro":
        assert event.text("subject") == "Euro € 😀"


@pytest.mark.parametrize("name", CASES)
def test_what_they_refuse_is_refused_with_a_section(name: str) -> None:
    error = refusal(CASES[name])
    if python_refuses(CASES[name]) and name not in VALID:
        assert error, "the SDK for Python refuses it"
    if JAVASCRIPT["verdicts"][name] is not None:
        assert error, JAVASCRIPT["verdicts"][name]
    if name in VALID:
        assert error is None
    if error:
        assert error.section.url.startswith("https://github.com/cloudevents/spec/blob/v1.0.2/")


def test_what_they_accept_silently_although_it_is_invalid() -> None:
    invalid = {name for name, message in CASES.items() if refusal(message)}
    assert len(invalid) == 33
    assert len({name for name in invalid if not python_refuses(CASES[name])}) == 8
    assert len({name for name in invalid if JAVASCRIPT["verdicts"][name] is None}) == 13


@pytest.mark.skipif(bool(missing()), reason=missing())
def test_the_record_is_what_the_sdk_says() -> None:
    assert json.loads(ask()) == JAVASCRIPT
