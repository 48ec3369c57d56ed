"""`preview --send`: the bytes that a sink gets, and what its answer means."""

import re
import socket
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

Isvclog = Callable[..., subprocess.CompletedProcess[str]]
SECRET = "sk-live-4242424242424242"
MANIFEST = f"""\
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata:
  name: fraud
  namespace: ml
  annotations: {{example.com/team: risk, example.com/api-key: {SECRET}}}
spec:
  predictor:
    logger:
      mode: all
      url: http://sink.ml.svc.cluster.local/events
      metadataAnnotations: [example.com/team, example.com/api-key]
    model: {{modelFormat: {{name: sklearn}}}}
"""
FIXED = ("--id", "1", "--time", "2026-01-02T03:04:05Z")


class OneByOne:
    """A sink that takes one request from each connection."""

    def __init__(self, answer: bytes) -> None:
        self.received: list[bytes] = []
        self._answer = answer
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._listener.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve)

    def __enter__(self) -> "OneByOne":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(10)

    def _serve(self) -> None:
        while True:
            try:
                connection = self._listener.accept()[0]
            except OSError:
                return
            with connection:
                data = b""
                while not (head := re.match(rb"(?s).*?Content-Length: (\d+)\r\n.*?\r\n\r\n", data)):
                    data += connection.recv(65_536)
                while len(data) < head.end() + int(head[1]):
                    data += connection.recv(65_536)
                self.received.append(data)
                connection.sendall(self._answer)


@pytest.fixture
def manifest(tmp_path: Path) -> str:
    (tmp_path / "isvc.yaml").write_text(MANIFEST)
    return "isvc.yaml"


@pytest.mark.parametrize("reveal", [(), ("--reveal",)])
def test_the_bytes_are_those_of_the_http_output(isvclog: Isvclog, manifest: str, reveal: tuple[str, ...]) -> None:
    with OneByOne(b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n") as sink:
        sent = isvclog(
            "preview", "-f", manifest, *FIXED, "-o", "http", *reveal, "--send", f"http://{sink.address}", encoding=None
        )
    assert sent.returncode == 0, sent.stderr
    assert b"".join(sink.received) == sent.stdout
    assert (SECRET.encode() in sent.stdout) is bool(reveal)
    assert (b"--send sends *** in place of" in sent.stderr) is not bool(reveal)
    assert (
        f"isvclog: sent the request event of fraud predictor to {sink.address}: 202 Accepted\n".encode() in sent.stderr
    )


def test_a_refusal_is_shown_with_its_reason(isvclog: Isvclog, manifest: str) -> None:
    body = b"no\x1b[31m room\nfor it: password=hunter2hunter2"
    with OneByOne(b"HTTP/1.1 431 Too Large\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)) as sink:
        sent = isvclog("preview", "-f", manifest, *FIXED, "--event", "request", "--send", f"http://{sink.address}")
    assert sent.returncode == 1
    assert f"request event of fraud predictor to {sink.address}: 431 Too Large: no\\x1b[31m room for it" in sent.stderr
    assert "hunter2" not in sent.stderr


def test_no_answer_is_a_sentence(isvclog: Isvclog, manifest: str) -> None:
    with OneByOne(b"") as sink:
        silent = isvclog("preview", "-f", manifest, "--send", f"http://{sink.address}")
    assert silent.returncode == 3
    assert f"the event gets no answer from {sink.address}: " in silent.stderr
    closed = isvclog("preview", "-f", manifest, "--send", f"http://{sink.address}")
    assert (closed.returncode, closed.stderr.count("Connection refused; start a sink there.")) == (3, 1)


def test_only_an_origin_can_be_sent_to(isvclog: Isvclog, manifest: str) -> None:
    refused = isvclog("preview", "-f", manifest, "--send", "https://sink")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "--send needs an http:// URL" in refused.stderr
