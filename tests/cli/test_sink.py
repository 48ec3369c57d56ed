"""`isvclog sink` from the outside: what is sent to it, what it shows, answers and returns."""

import json
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from local_sink import RESPONSE, LocalSink, of

Start = Callable[..., LocalSink]


@pytest.fixture
def start(tmp_path: Path, environment: dict[str, str]) -> Start:
    """Start a sink in the folder of the test."""
    return lambda *arguments: LocalSink(tmp_path, environment, *arguments)


def test_a_pair_is_shown_with_its_annotations_first(start: Start) -> None:
    with start("--count", "2") as sink:
        assert sink.post(of(Metadata='{"X-Request-Id":["4711"]}'), b'{"instances":[[1]]}') == (200, "")
        assert sink.post(of(Type=RESPONSE), b'{"predictions":[1]}') == (200, "")
    assert sink.code == 0
    assert sink.stdout == (
        "1 request  ml/fraud predictor, binary, 19 bytes\n"
        "  annotations\n"
        "    example.com/team  risk\n"
        "  headers\n"
        "    X-Request-Id  4711\n"
        "  id        1\n"
        "  source    http://localhost:9081/\n"
        "  time      2026-01-02T03:04:05.12Z, recorded 2026-01-02T03:04:05.13Z\n"
        "  data      application/json\n"
        '    {"instances":[[1]]}\n'
        "\n"
        "2 response  ml/fraud predictor, binary, 19 bytes, pairs with 1\n"
        "  annotations\n"
        "    example.com/team  risk\n"
        "  id        1\n"
        "  source    http://localhost:9081/\n"
        "  time      2026-01-02T03:04:05.12Z, recorded 2026-01-02T03:04:05.13Z\n"
        "  data      application/json\n"
        '    {"predictions":[1]}\n'
        "\n"
    )
    assert sink.stderr.endswith("isvclog: received 2 events and 1 pair.\n")


def test_an_invalid_event_is_answered_with_the_reason_and_the_section(start: Start) -> None:
    with start("--count", "1") as sink:
        problem = sink.problem(of(Time="yesterday"))
    assert sink.code == 1
    assert problem == {
        "type": "https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md#time",
        "title": "Invalid CloudEvent",
        "status": 400,
        "detail": "Ce-Time is no RFC 3339 time, such as 2026-01-02T03:04:05.5Z (CloudEvents 1.0.2, section time).",
    }
    assert sink.stdout.startswith("1 INVALID  POST /, 2 bytes\n  because   Ce-Time is no RFC 3339 time")
    assert "received 0 events and 1 invalid" in sink.stderr


def test_secrets_are_masked_in_every_format(start: Start) -> None:
    secret, token = "sk-live-4242424242424242", "Bearer abcdef0123456789"
    sent = of(Annotations=f'{{"example.com/api-key":"{secret}"}}', Metadata=f'{{"Authorization":["{token}"]}}')
    event = {
        "specversion": "1.0",
        "id": "1",
        "source": "/s",
        "type": "t",
        "annotations": sent["Ce-Annotations"],
        "data": {"password": secret},
    }
    for output in ("text", "json", "http"):
        with start("--count", "3", "-o", output) as sink:
            sink.post(sent | {"Authorization": token}, f'{{"password":"{secret}"}}'.encode())
            sink.post({"Content-Type": "application/cloudevents+json"}, json.dumps(event).encode())
            sink.post({"Ce-Id": "1", "Cookie": f"session={secret}"}, secret.encode())
        assert "***" in sink.stdout
        assert secret not in sink.stdout + sink.stderr
        assert "abcdef0123456789" not in sink.stdout
        assert sink.stderr.count("add --reveal to show them") == 1
        with start("--count", "1", "-o", output, "--reveal") as sink:
            sink.post(sent)
        assert secret in sink.stdout


def test_json_lines(start: Start) -> None:
    with start("-o", "json", "--pair-timeout", "0.2", "--timeout", "1.5") as sink:
        sink.post(of(Id="a"), b'{"x": 1}')
        sink.post({"Content-Type": "text/plain"})
    event, invalid, unpaired = sorted(map(json.loads, sink.stdout.splitlines()), key=lambda item: item["kind"])
    assert (event["kind"], event["number"], event["half"], event["data"]) == ("event", 1, "request", {"x": 1})
    assert event["annotations"] == {"example.com/team": "risk"}
    assert event["attributes"]["inferenceservicename"] == "fraud"
    assert (invalid["kind"], invalid["number"], invalid["status"]) == ("invalid", 2, 400)
    assert invalid["section"] == "CloudEvents HTTP binding 1.0.2, section 3"
    assert (unpaired["kind"], unpaired["number"], unpaired["missing"]) == ("unpaired", 1, "response")
    assert "the model answered with another status than 200: only 200 is logged" in unpaired["causes"]
    assert sink.code == 1


def test_http_shows_the_bytes_as_they_came(start: Start) -> None:
    wire = b"POST /x?y HTTP/1.1\r\nhost: a\r\nCE-id: 1\r\nce-Source: /s\r\nCe-Specversion: 1.0\r\nce-type: t\r\n"
    wire += b"Content-Length: 2\r\n\r\nok"
    with start("-o", "http", "--count", "1") as sink, socket.create_connection(("127.0.0.1", sink.port)) as client:
        client.sendall(wire)
        assert client.recv(100).startswith(b"HTTP/1.1 200 OK\r\n")
    assert sink.stdout.encode() == wire.replace(b"\r\n", b"\n")  # read as text


def test_ctrl_c_is_a_clean_end(start: Start) -> None:
    with start() as sink:
        sink.post(of())
    assert sink.code == 0
    assert sink.stderr.endswith("received 1 event and 1 still waiting for the other half.\n")
    with start("--count", "5") as sink:
        sink.interrupt()
    assert sink.code == 130


def test_a_time_out_before_the_count_fails(start: Start) -> None:
    with start("--count", "1", "--timeout", "0.3") as sink:
        pass
    assert sink.code == 1
    assert "received 0 events" in sink.stderr


def test_a_closed_pipe_ends_it(tmp_path: Path, environment: dict[str, str]) -> None:
    command = [sys.executable, "-m", "isvclog", "sink", "--listen", "127.0.0.1:0"]
    with subprocess.Popen(
        command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8"
    ) as process:
        assert process.stderr
        assert process.stdout
        port = int(process.stderr.readline().split(":")[-1].split("/")[0])
        process.stdout.close()
        with socket.create_connection(("127.0.0.1", port)) as client:
            head = "".join(f"{name}: {value}\r\n" for name, value in of().items())
            client.sendall(f"POST / HTTP/1.1\r\nHost: a\r\n{head}Content-Length: 0\r\n\r\n".encode())
            assert client.recv(100).startswith(b"HTTP/1.1 200 OK\r\n")
        assert process.wait(20) == 141
        assert process.stderr.read() == ""


def test_senders_that_ask_first_are_allowed(start: Start) -> None:
    with start() as sink:
        assert sink.post({"WebHook-Request-Origin": "example.com"}, method="OPTIONS")[0] == 200
        assert sink.post({}, b"", method="GET") == (405, "This is isvclog sink. Send CloudEvents by POST.\n")


def test_a_taken_port_and_a_wrong_address_are_sentences(start: Start, isvclog: Callable[..., object]) -> None:
    with start() as sink:
        second = isvclog("sink", "--listen", f"127.0.0.1:{sink.port}")
    assert (second.returncode, second.stdout) == (3, "")  # type: ignore[attr-defined]
    assert "another program listens there; stop it" in second.stderr  # type: ignore[attr-defined]
    wrong = isvclog("sink", "--listen", "8080")
    assert wrong.returncode == 2  # type: ignore[attr-defined]
    assert "write HOST:PORT" in wrong.stderr  # type: ignore[attr-defined]
