"""The formats that other programs read: exact bytes, a shell command, CloudEvents JSON."""

import http.server
import json
import shutil
import subprocess
import threading
from collections.abc import Iterator

import pytest

from isvclog.kserve.golang import url as gourl
from isvclog.kserve.logger.events import REQUEST, CloudEvent
from isvclog.report.preview.cloudevent import decode_event
from isvclog.report.preview.curl import curl_command

AWKWARD = 'it\'s "q" $(id) `id` \\ é ☃ \x85 \u202e'


def event(body: bytes = b"{}", url: str = "http://sink/x", **headers: str) -> CloudEvent:
    named = {"Ce-Id": "1", "Ce-Specversion": "1.0", "Ce-Type": REQUEST, "Ce-Source": "http://localhost:9081/"}
    named |= {name.replace("_", "-"): value for name, value in headers.items()}
    fixed = [("Host", "sink"), ("User-Agent", "Go-http-client/1.1"), ("Content-Length", str(len(body)))]
    parsed = gourl.parse(url)
    return CloudEvent(
        REQUEST, parsed, parsed.request_uri(), (*fixed, *sorted(named.items()), ("Accept-Encoding", "gzip")), body
    )


def test_http_is_exact() -> None:
    head, _, body = event(b"\x00\xff", Ce_Endpoint="", Ce_Annotations='{"a":"é"}').wire().partition(b"\r\n\r\n")
    assert body == b"\x00\xff"
    assert b'\r\nCe-Annotations: {"a":"\xc3\xa9"}\r\n' in head
    assert b"\r\nCe-Endpoint: \r\n" in head
    assert head.startswith(b"POST /x HTTP/1.1\r\nHost: sink\r\nUser-Agent: Go-http-client/1.1\r\nContent-Length: 2\r\n")


class Recorder(http.server.BaseHTTPRequestHandler):
    received: list[tuple[str, list[tuple[str, str]], bytes]]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.received.append((self.path, self.headers.items(), body))
        self.send_response(202)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def sink() -> Iterator[tuple[str, list[tuple[str, list[tuple[str, str]], bytes]]]]:
    recorder = type("Recorded", (Recorder,), {"received": []})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), recorder) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", recorder.received
        server.shutdown()


@pytest.mark.skipif(not shutil.which("curl") or not shutil.which("bash"), reason="needs curl and bash")
@pytest.mark.parametrize(
    "body",
    [b"", b"{}", b"@/etc/hostname", b"a\nb", b"\x00\x01\xff", AWKWARD.encode(), b"x" * 3000, b"x" * 200_000],
    ids=lambda body: ascii(body[:20]),
)
def test_curl_sends_the_same_event(
    body: bytes, sink: tuple[str, list[tuple[str, list[tuple[str, str]], bytes]]]
) -> None:
    url, received = sink
    sent = event(
        body,
        f"{url}/a/../b?x={{1,2}}[3]",
        Ce_Annotations=json.dumps({"a": AWKWARD}, ensure_ascii=False),
        Ce_Endpoint="",
    )
    command = curl_command(sent)
    assert command.replace("\n", "").isprintable()
    subprocess.run(
        ["bash"],
        input=command.replace("curl ", "curl --silent --fail ", 1).encode(),
        check=True,
        capture_output=True,
        timeout=30,
    )
    ((path, headers, data),) = received
    assert path == "/a/../b?x={1,2}[3]"
    assert data == body
    expected = {name: value.encode().decode("latin-1") for name, value in sent.headers if name != "Host"}
    assert {name: value for name, value in headers if name != "Host"} == expected


def test_cloudevent_is_what_a_consumer_reads() -> None:
    read = decode_event(event(b'{"a": 1}', Content_Type="application/json", Ce_Annotations="100%41%zz", Ce_Endpoint=""))
    assert list(read)[:4] == ["specversion", "id", "source", "type"]
    assert read["data"] == {"a": 1}
    assert read["annotations"] == "100A%zz"
    assert read["endpoint"] == ""
    assert read["datacontenttype"] == "application/json"


@pytest.mark.parametrize(
    ("content_type", "body", "data"),
    [
        ("application/json", b"nope", {"data_base64": "bm9wZQ=="}),
        ("application/json", b"[NaN]", {"data_base64": "W05hTl0="}),
        ("application/cloudevents+json; charset=utf-8", b"[1]", {"data": [1]}),
        ("text/plain", b"[1]", {"data": "[1]"}),
        ("application/octet-stream", b"\xff", {"data_base64": "/w=="}),
        ("application/json", b"", {}),
    ],
)
def test_data(content_type: str, body: bytes, data: dict[str, object]) -> None:
    read = decode_event(event(body, Content_Type=content_type))
    assert {key: value for key, value in read.items() if key.startswith("data") and key != "datacontenttype"} == data
