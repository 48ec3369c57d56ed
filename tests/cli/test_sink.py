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
        "detail": "Ce-Time is not an RFC 3339 time, such as 2026-01-02T03:04:05.5Z (CloudEvents 1.0.2, section time).",
    }
    assert sink.stdout.startswith("1 INVALID  POST /, 2 bytes\n  because   Ce-Time is not an RFC 3339 time")
    assert "received 0 events and 1 invalid" in sink.stderr


def test_secrets_are_masked_in_every_format(start: Start) -> None:
    secret, token = "sk-live-4242424242424242", "Bearer abcdef0123456789"
    sent = of(
        Annotations=f'{{"example.com/api-key":"{secret}","example.com/password":"plain1"}}',
        Metadata=f'{{"Authorization":["{token}"]}}',
    )
    event = {
        "specversion": "1.0",
        "id": "1",
        "source": "/s",
        "type": "t",
        "annotations": sent["Ce-Annotations"],
        "data": {"password": secret},
    }
    for output in ("text", "json", "http"):
        with start("--count", "5", "-o", output) as sink:
            sink.post(sent | {"Authorization": token}, f'{{"password":"{secret}"}}'.encode())
            sink.post({"Content-Type": "application/cloudevents+json"}, json.dumps(event).encode())
            sink.post({"Ce-Id": "1", "Cookie": f"session={secret}"}, secret.encode())
            sink.post({"Content-Type": "application/cloudevents+json"}, json.dumps(event | {"id": 5}).encode())
            sink.post({"Content-Type": "application/cloudevents+json"}, json.dumps(event).encode()[:-1])
        assert "***" in sink.stdout
        assert secret not in sink.stdout + sink.stderr
        assert "plain1" not in sink.stdout
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
    assert "the model's status was not 200: only 200 is logged" in unpaired["causes"]
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


MANIFEST = """\
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata:
  name: fraud
  namespace: ml
  annotations: {example.com/team: risk}
spec:
  predictor:
    logger:
      mode: all
      url: http://sink.ml
      metadataAnnotations: [example.com/team]
      metadataHeaders: [X-Request-Id]
    model: {modelFormat: {name: sklearn}}
"""


def test_events_are_as_preview_predicts(start: Start, tmp_path: Path) -> None:
    (tmp_path / "isvc.yaml").write_text(MANIFEST)
    with start("--expect", "isvc.yaml", "--count", "2") as sink:
        sink.post(of(Id="7", Time="2026-05-05T00:00:00Z", Metadata='{"X-Request-Id":["1"]}'), b"{}")
        sink.post(of(Type=RESPONSE) | {"Content-Type": "text/event-stream"})
    assert (sink.code, "differs" in sink.stdout) == (0, False)


def test_differences_from_the_prediction_fail(start: Start, tmp_path: Path) -> None:
    (tmp_path / "isvc.yaml").write_text(MANIFEST)
    changed = of(Annotations='{"example.com/team":"ops","x":"y"}', Metadata='{"X-Other":["1"]}', Namespace="prod")
    del changed["Ce-Recordedtime"]
    with start("--expect", "isvc.yaml", "--count", "1") as sink:
        sink.post(changed)
    assert sink.code == 1
    shown = [line.partition(" (the request")[0] for line in sink.stdout.splitlines() if line.startswith("  differs")]
    assert shown == [
        "  differs   the attribute `namespace` is 'prod', and 'ml' is expected",
        "  differs   the attribute `recordedtime` is missing",
        "  differs   the annotation `example.com/team` is 'ops', and 'risk' is expected",
        "  differs   the annotation `x` is not expected",
        "  differs   the header `X-Other` is not in metadataHeaders",
    ]
    assert "InferenceService/ml/fraud, predictor was expected, but no event matches it." in sink.stderr


def test_fields_and_patterns(start: Start, tmp_path: Path) -> None:
    expected = {
        "type": {"pattern": "request$"},
        "subject": None,
        "annotations": {"example.com/team": "risk"},
        "data": {"instances": [[1, {"pattern": "^2$"}]]},
    }
    (tmp_path / "event.json").write_text(json.dumps([expected, {"id": "other"}]))
    with start("--expect", "event.json", "--count", "2") as sink:
        sink.post(of(), b'{"instances":[[1,2]],"more":true}')
        sink.post(of(Id="other"))
    assert sink.code == 0
    with start("--expect", "event.json", "--count", "1") as sink:
        sink.post(of(Subject="x"), b'{"instances":[[1,3]]}')
    assert sink.code == 1
    assert "`id` is '1', and 'other' is expected (event.json[1])" in sink.stdout
    assert "event.json[0] was expected" in sink.stderr


@pytest.mark.parametrize(
    ("content", "code", "words"),
    [
        ("[]", 2, "an expected event is a JSON object"),
        ('{"id":{"pattern":"("}}', 2, "is not a regular expression"),
        ("a: b", 3, "has no InferenceService"),
        (MANIFEST.replace("http://sink.ml", "s3://bucket/x"), 3, "no event can be expected"),
        (MANIFEST.replace("risk", "'a,b'"), 3, "no event can be expected"),
    ],
)
def test_files_that_expect_nothing(
    content: str, code: int, words: str, tmp_path: Path, isvclog: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    (tmp_path / "file").write_text(content)
    ended = isvclog("sink", "--listen", "127.0.0.1:0", "--expect", "file")
    assert (ended.returncode, ended.stdout) == (code, "")
    assert words in ended.stderr


def test_recorded_events_are_replayed_as_they_came(
    start: Start, tmp_path: Path, isvclog: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    bodies = [b'{"a": 1.50,  "b":[]}', b"\x00\xff", b"plain \n text", b"", b' "x" ', b'{"\\u00e9": NaN}']
    types = ["application/json", "image/png", "text/plain", "", "application/json", "application/json"]
    sent = [of(Id=str(number), Annotations='{"a":"é%41"}') for number in range(len(bodies))]
    for headers, content_type in zip(sent, types, strict=True):
        headers["Content-Type"] = content_type
        if not content_type:
            del headers["Content-Type"]
    with start("--record", "events.jsonl", "--count", str(len(bodies))) as sink:
        for headers, body in zip(sent, bodies, strict=True):
            encoded = {name: value.encode().decode("latin-1") for name, value in headers.items()}
            assert sink.post(encoded, body)[0] == 200
    assert "events.jsonl gets the events unchanged" in sink.stderr
    recorded = tmp_path / "events.jsonl"
    assert recorded.stat().st_mode & 0o777 == 0o600
    lines = recorded.read_text().splitlines()
    assert json.loads(lines[0])["data"] == {"a": 1.5, "b": []}
    assert lines[0].endswith(',"data":{"a": 1.50,  "b":[]}}')
    with start("-o", "json", "--count", str(len(bodies))) as second:
        ended = isvclog("replay", "events.jsonl", "--to", f"http://127.0.0.1:{second.port}/")
    assert ended.stderr == "isvclog: sent 6 events; answers: 200 (6).\n"
    with start("--record", "again.jsonl", "--count", str(len(bodies))) as third:
        isvclog("replay", "events.jsonl", "--to", f"http://127.0.0.1:{third.port}/")
    assert (tmp_path / "again.jsonl").read_bytes() == recorded.read_bytes().replace(b"%41", b"A")


def test_a_recording_can_be_masked_and_continued(start: Start, tmp_path: Path) -> None:
    recorded = tmp_path / "events.jsonl"
    recorded.write_bytes(b'{"half a line')
    with start("--record", "events.jsonl", "--redact", "--count", "1") as sink:
        sink.post(of(Annotations='{"example.com/api-key":"sk-live-4242424242424242"}'))
    half, whole = recorded.read_text().splitlines()
    assert half == '{"half a line'
    assert json.loads(json.loads(whole)["annotations"]) == {"example.com/api-key": "***"}
    assert "as they came" not in sink.stderr
    assert "can be read by others" in sink.stderr


def test_lines_without_an_event_are_skipped_and_told(
    start: Start, isvclog: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    lines = '{"specversion":"1.0","id":"1","source":"/s","type":"t"}\n\n{}\nno\n'
    with start("--count", "1") as sink:
        ended = isvclog("replay", "-", "--to", f"http://127.0.0.1:{sink.port}/", "--rate", "100", input=lines)
    assert ended.returncode == 1
    assert "line 3 is not an event: `id` and `source`" in ended.stderr
    assert "line 4 is not an event: it is not JSON; it is skipped." in ended.stderr
    refused = isvclog("replay", "-", "--to", f"http://127.0.0.1:{sink.port}/", input=lines)
    assert refused.returncode == 3
    assert "the event of line 1 got no answer: Connection refused; sent 0 events." in refused.stderr
    assert isvclog("replay", "missing.jsonl", "--to", "http://127.0.0.1:1/").returncode == 3
    for url in ("127.0.0.1:1", "ftp://a", "http://user:secret@a/"):
        wrong = isvclog("replay", "-", "--to", url, input=lines)
        assert (wrong.returncode, "secret" in wrong.stderr) == (2, False)


def test_a_file_that_cannot_be_written_is_a_sentence(
    isvclog: Callable[..., subprocess.CompletedProcess[str]], start: Start
) -> None:
    for path in (".", "missing/events.jsonl", "/dev/null"):
        ended = isvclog("sink", "--listen", "127.0.0.1:0", "--record", path)
        assert ended.returncode == 3
        assert "name another file with --record" in ended.stderr


def test_requests_are_forwarded_and_answered_as_the_receiver_does(start: Start) -> None:
    with (
        start("--status", "202", "-o", "http", "--count", "1") as behind,
        start("--forward", f"http://127.0.0.1:{behind.port}/in?x=1", "-o", "json", "--count", "2") as sink,
    ):
        assert sink.post(of() | {"X-Other": "kept"}, b"body")[0] == 202
        assert behind.process.wait(20) == 0
        status, reason = sink.post(of(Id="2"))
        assert (status, "cannot be reached: Connection refused" in reason) == (502, True)
    assert behind.stdout.startswith("POST /in?x=1 HTTP/1.1\nHost: 127.0.0.1")
    assert "X-Other: kept" in behind.stdout
    first, second = map(json.loads, sink.stdout.splitlines())
    assert (first["status"], first["refusal"]) == (202, None)
    assert second["status"] == 502


def test_failures_are_tried_out(start: Start) -> None:
    with start("--status", "500", "--count", "2", "--pair-timeout", "0") as sink:
        status, reason = sink.post(of(Type=RESPONSE))
        assert (status, reason) == (500, "this sink refused it with status 500 because of --status\n")
        sink.post(of(Id="2"))
    assert "refused   500: this sink refused it" in sink.stdout
    assert sink.code == 0
    with start("--fail-rate", "0.5", "--count", "60", "-o", "json") as sink:
        answers = {sink.post(of(Id=str(number)))[0] for number in range(60)}
    assert answers == {200, 503}
    with start("--sink-profile", "node", "--count", "2", "--delay", "0.01") as sink:
        problem = sink.problem(of(Annotations=json.dumps({"a": "x" * 16_384})))
        assert sink.post(of())[0] == 200
    assert problem["status"] == 431
    assert "the header Ce-Annotations has 16,4" in problem["detail"]
    assert "more than the 16,384 that node accepts" in problem["detail"]


def test_a_refused_half_is_why_the_other_is_alone(start: Start) -> None:
    with start("--fail-rate", "1", "--pair-timeout", "0.1", "--timeout", "1.5") as sink:
        sink.post(of(Type=RESPONSE))
        sink.post(of())
    assert "received 0 events and 2 refused." in sink.stderr


def test_a_client_that_speaks_tls_is_told(start: Start) -> None:
    with start("--count", "1") as sink, socket.create_connection(("127.0.0.1", sink.port)) as client:
        client.sendall(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"x" * 200)
        assert client.recv(100).startswith(b"HTTP/1.1 400 ")
    assert sink.code == 1
    assert "1 NO REQUEST\n  because   The client speaks TLS, and this is plain HTTP: write http://" in sink.stdout
    assert sink.stderr.endswith("received 0 events and 1 unreadable.\n")


def test_no_response_is_missed_where_none_is_predicted(start: Start, tmp_path: Path) -> None:
    (tmp_path / "isvc.yaml").write_text(MANIFEST.replace("mode: all", "mode: request"))
    with start("--expect", "isvc.yaml", "--pair-timeout", "0.1", "--timeout", "1.5") as sink:
        sink.post(of())
    assert sink.code == 0
    assert "NO RESPONSE" not in sink.stdout
