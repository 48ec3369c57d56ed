"""The official SDKs of CloudEvents read what `isvclog simulate` sends: Python's here, JavaScript's as it was recorded.

`UPDATE_EXPECTED=1` writes what it sends to `tests/sink/measured/simulated.json`, and `oracles/cloudevents` then records
what the SDK for JavaScript reads in it.
"""

import base64
import json
import os
from pathlib import Path
from typing import Any

import pytest
from cloudevents.core.bindings.http import HTTPMessage, from_http_event
from collector import Collector
from local_sink import LocalSink

from oracles.cloudevents.measure import RECORDED, SIMULATED

MANIFEST = """\
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata:
  name: fraud
  namespace: ml
  annotations: {example.com/team: risk, example.com/share: 10%, example.com/note: a < b}
spec:
  predictor:
    logger:
      mode: all
      url: http://sink.ml/events
      metadataAnnotations: [example.com/team, example.com/share, example.com/note]
      metadataHeaders: [X-Request-Id]
    model:
      modelFormat: {name: sklearn}
"""
ANNOTATIONS = {"example.com/note": "a < b", "example.com/share": "10%", "example.com/team": "risk"}
TIMES = {"ce-time": "2026-01-02T03:04:05.12Z", "ce-recordedtime": "2026-01-02T03:04:05.13Z"}
REQUEST, RESPONSE = (f"org.kubeflow.serving.inference.{half}" for half in ("request", "response"))
EXCHANGES: dict[str, tuple[str, str, bytes]] = {
    "json": ("/v1/models/fraud:predict", "application/json", '{"instances":[["é"]]}'.encode()),
    "stream": ("/openai/v1/chat/completions", "application/json", b'{"messages":[],"stream":true}'),
    "text": ("/text", "text/plain", b"hello \n world"),
    "bytes": ("/bytes", "application/octet-stream", b"\x00\xff"),
}
"""Requests by their id, with path, content type and body."""


def message(event: bytes) -> dict[str, Any]:
    """Parse an event, as a server gives it to an SDK: names of headers in lower case, values as Latin-1."""
    head, _, body = event.partition(b"\r\n\r\n")
    lines = [line.partition(": ") for line in head.decode("latin-1").split("\r\n")[1:]]
    headers = {name.lower(): value for name, _, value in lines}
    for name in ("host", "user-agent", "accept-encoding", "traceparent"):
        headers.pop(name, None)
    return {"headers": headers | TIMES, "body": body.decode("latin-1")}


def half(sent: dict[str, Any]) -> str:
    """Name one half of an exchange."""
    return f"{sent['headers']['ce-id']} {sent['headers']['ce-type'].rpartition('.')[2]}"


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """The events that a simulation sends, by exchange and half."""
    folder: Path = tmp_path_factory.mktemp("sdks")
    (folder / "isvc.yaml").write_text(MANIFEST)
    with Collector() as sink:
        arguments = ("-f", "isvc.yaml", "--sink", sink.url)
        with LocalSink(folder, os.environ, *arguments, command="simulate") as simulated:
            for name, (path, kind, body) in EXCHANGES.items():
                headers = {"Ce-Id": name, "Content-Type": kind, "X-Request-Id": "4711"}
                simulated.post(headers, body, path=path)
        events = [message(event) for event in sink.events]
    return {half(event): event for event in sorted(events, key=half)}


def test_what_was_recorded_is_what_is_sent(sent: dict[str, dict[str, Any]]) -> None:
    if os.environ.get("UPDATE_EXPECTED"):
        SIMULATED.write_text(json.dumps(sent, indent=1) + "\n", encoding="ascii")
    assert sent == json.loads(SIMULATED.read_text("ascii"))


def expected(name: str) -> dict[str, Any]:
    """The attributes of a half, as the specification reads them."""
    identity, kind = name.split()
    return {
        "specversion": "1.0",
        "id": identity,
        "source": "http://localhost:9081/",
        "type": RESPONSE if kind == "response" else REQUEST,
        "inferenceservicename": "fraud",
        "namespace": "ml",
        "component": "predictor",
        "endpoint": "",
    }


def expected_data(name: str, sent: dict[str, Any]) -> Any:
    """The data of a half: JSON, text, or the Base64 form of bytes."""
    body = sent["body"].encode("latin-1")
    kind = sent["headers"]["content-type"]
    if kind == "application/json":
        return json.loads(body)
    return body.decode() if kind.startswith("text/") else {"base64": base64.b64encode(body).decode()}


STREAM = "stream response"
"""The half that is not what it says: the event of an answer has the content type of the request, and is a stream."""
HALVES = ["bytes request", "json request", "json response", "stream request", "text request"]
JAVASCRIPT = json.loads(RECORDED.read_text(encoding="utf-8"))["simulated"]

Read = tuple[dict[str, Any], Any]


def check(name: str, sent: dict[str, dict[str, Any]], read: Read) -> None:
    """Compare the attributes and the data that an SDK reads with what was sent."""
    attributes, data = read
    assert expected(name).items() <= attributes.items()
    assert json.loads(attributes["annotations"]) == ANNOTATIONS
    assert json.loads(attributes["metadata"]) == {"X-Request-Id": ["4711"]}
    assert data == expected_data(name, sent[name])


def python_reads(sent: dict[str, Any]) -> Read:
    """Return what the SDK for Python reads."""
    event = from_http_event(HTTPMessage(sent["headers"], sent["body"].encode("latin-1")))
    data = event.get_data()
    return event.get_attributes(), {"base64": base64.b64encode(data).decode()} if isinstance(data, bytes) else data


@pytest.mark.parametrize("name", HALVES)
def test_python_reads_what_is_sent(name: str, sent: dict[str, dict[str, Any]]) -> None:
    check(name, sent, python_reads(sent[name]))


@pytest.mark.parametrize("name", HALVES)
def test_javascript_reads_what_is_sent(name: str, sent: dict[str, dict[str, Any]]) -> None:
    check(name, sent, (JAVASCRIPT[name]["attributes"], JAVASCRIPT[name]["data"]))


def test_a_stream_is_text_to_python_and_an_error_to_javascript(sent: dict[str, dict[str, Any]]) -> None:
    assert sorted([*HALVES, STREAM]) == list(sent)
    assert sent[STREAM]["headers"]["content-type"] == "application/json"
    assert sent[STREAM]["body"].startswith("data: ")
    assert python_reads(sent[STREAM])[1] == sent[STREAM]["body"]
    assert JAVASCRIPT[STREAM] == {"error": "SyntaxError"}
