"""Measured exchanges (`conformance/README.md` describes their shape) against the prediction, byte for byte."""

import base64
import re
from typing import Any

from isvclog.kserve.agent import startup as agent
from isvclog.kserve.agent.http_exchange import Request, Response
from isvclog.kserve.apis.constants import PROBE_VARIABLE
from isvclog.kserve.apis.releases import find_release
from isvclog.kserve.golang.strings import from_bytes, to_bytes
from isvclog.kserve.logger import events
from isvclog.kserve.logger.dispatcher import Delivery, dispatch
from isvclog.kserve.logger.records import Upload

# The commit that was measured is newer than 0.20.0: it writes keys of objects as they are.
RELEASE = find_release("0.21.0")
PROBE = {PROBE_VARIABLE: '{"tcpSocket":{"port":8080,"host":"127.0.0.1"}}'}
NEW_ID = "7f4ab7a1-9fb2-4a3c-9d8b-0f6f2a5d1c3e"
OCCURRED, RECORDED = (1_767_323_045_120_000_000, 1_767_323_045_130_000_000), 1_767_323_045_123_456_789

_TIME = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{0,8}[1-9])?Z")
_CHANGING = {
    b"Ce-Time": (_TIME, "<TIME>"),
    b"Ce-Recordedtime": (_TIME, "<RECORDED>"),
    b"Ce-Id": (re.compile(rb"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"), "<UUID>"),
}

Text = str | dict[str, str]
"""A string, or `{"b64": "..."}` where it is not UTF-8."""


def check_exchange(case: dict[str, Any]) -> None:
    """Check that the prediction has the events, objects and dropped events of the case."""
    delivery = predicted(case)
    assert [as_measured(event) for event in delivery.events] == case["events"]
    assert [as_measured_upload(upload) for upload in delivery.uploads] == case.get("uploads", [])
    # Answers of the sink and errors of the model's port drop nothing before it is sent.
    failures = [e for e in case["agent_errors"] if not e.startswith(("Sent with status", "error reverse proxying"))]
    # The agent runs its second sentence, with the URL, into the first.
    assert list(delivery.dropped) == [re.split("\n|Failed to send", error)[0] for error in failures]


def predicted(case: dict[str, Any]) -> Delivery:
    settings = agent.start(case["args"], PROBE | case.get("env", {}), RELEASE).settings
    assert settings is not None
    request, response = case["request"], case["response"]
    logged = events.log_exchange(
        settings,
        Request(
            request["method"],
            request["path"],
            fields(request["headers"]),
            base64.b64decode(request["body_b64"]),
            http2=case.get("protocol") == "h2c",
        ),
        response
        and Response(
            response["status"],
            fields(response["headers"]),
            base64.b64decode(response["body_b64"]),
            truncated=response.get("truncated", False),
        ),
        new_id=NEW_ID,
        occurred_ns=OCCURRED,
    )
    return dispatch(settings, logged, recorded_ns=RECORDED)


def fields(headers: list[tuple[str, Text]]) -> list[tuple[str, str]]:
    return [(name, text(value)) for name, value in headers]


def text(value: Text) -> str:
    return value if isinstance(value, str) else from_bytes(base64.b64decode(value["b64"]))


def as_measured(event: events.CloudEvent) -> dict[str, Any]:
    return wire_as_measured(event.wire())


def wire_as_measured(wire: bytes) -> dict[str, Any]:
    """Describe the bytes of an event as the measured cases do. Random and changing values become placeholders."""
    head, body = wire.split(b"\r\n\r\n", 1)
    request_line, *lines = head.split(b"\r\n")
    method, rest = from_bytes(request_line).split(" ", 1)
    assert method == "POST"
    assert rest.endswith(" HTTP/1.1")
    described: dict[str, Any] = {"target_path": rest.removesuffix(" HTTP/1.1"), "headers": []}
    for line in lines:
        name, _, value = line.partition(b": ")
        text = decoded(value)
        if name == b"Host":
            described["host"], text = text, "<HOST>"
        elif (pattern := _CHANGING.get(name)) and pattern[0].fullmatch(value):
            text = pattern[1]
        described["headers"].append([name.decode(), text])
    return described | {"body_b64": base64.b64encode(body).decode()}


def as_measured_upload(upload: Upload) -> dict[str, Any]:
    data = re.sub(r'"occurrenceTime":"[^"]*"', '"occurrenceTime":"<TIME>"', upload.data)
    return {
        "provider": upload.provider,
        "bucket": upload.bucket,
        "key": decoded(to_bytes(upload.key)),
        "data": data,
    }


def decoded(value: bytes) -> Text:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return {"b64": base64.b64encode(value).decode()}
