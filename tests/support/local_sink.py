"""A running `isvclog sink`, and events to send to it."""

import http.client
import json
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any, Self

REQUEST, RESPONSE = (f"org.kubeflow.serving.inference.{half}" for half in ("request", "response"))
FRAUD = {
    "Ce-Annotations": '{"example.com/team":"risk"}',
    "Ce-Component": "predictor",
    "Ce-Endpoint": "",
    "Ce-Id": "1",
    "Ce-Inferenceservicename": "fraud",
    "Ce-Metadata": "{}",
    "Ce-Namespace": "ml",
    "Ce-Recordedtime": "2026-01-02T03:04:05.13Z",
    "Ce-Source": "http://localhost:9081/",
    "Ce-Specversion": "1.0",
    "Ce-Time": "2026-01-02T03:04:05.12Z",
    "Ce-Type": REQUEST,
    "Content-Type": "application/json",
}
"""The headers of an event as KServe's agent sends it."""


class LocalSink:
    """A sink in a process of its own, from `with` to the end of the block. `code` and what it printed come after it."""

    def __init__(
        self, folder: Path, environment: Mapping[str, str], *arguments: str, command: str | Sequence[str] = "sink"
    ) -> None:
        """Start a command of isvclog, or what arguments of Python start."""
        if isinstance(command, str):
            command = ["-m", "isvclog", command, "--listen", "127.0.0.1:0"]
        words = [sys.executable, *command, *arguments]
        self.stdout = self.stderr = ""
        self.code: int | None = None
        self._ends = "sink" in words and not {"--count", "--timeout"}.isdisjoint(words)
        self._started = threading.Event()
        self._lines: list[str] = []
        self.process = subprocess.Popen(
            words, cwd=folder, env=dict(environment), stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8"
        )
        assert self.process.stderr
        self._reader = threading.Thread(target=self._read, args=(self.process.stderr,))
        self._reader.start()

    def _read(self, stream: IO[str]) -> None:
        for line in stream:
            self._lines.append(line)
            if "listening on" in line:
                self._started.set()
        stream.close()
        self._started.set()

    def __enter__(self) -> Self:
        self.start()
        return self

    def start(self) -> list[str]:
        """Wait until it listens, and return what it said so far on standard error."""
        assert self._started.wait(30)
        return [line.rstrip("\n") for line in self._lines]

    def kill(self) -> None:
        """End it now."""
        self.process.kill()
        with self:
            pass

    @property
    def port(self) -> int:
        """The port on which it listens."""
        found = re.search(r"listening on http://[^/]*:(\d+)/", "".join(self._lines))
        assert found, self._lines
        return int(found[1])

    @property
    def page(self) -> str:
        """The URL of its page."""
        end = time.monotonic() + 30
        while not (found := re.search(r"the page is at (\S+)", "".join(self._lines))):
            assert time.monotonic() < end, self._lines
            time.sleep(0.02)
        return found[1]

    def post(
        self, headers: Mapping[str, str] | Sequence[tuple[str, str]], body: bytes = b"{}", **settings: Any
    ) -> tuple[int, str]:
        """Post a request; return status and body of the answer."""
        connection = http.client.HTTPConnection("127.0.0.1", settings.pop("port", None) or self.port, timeout=20)
        connection.request(settings.pop("method", "POST"), settings.pop("path", "/"), body, dict(headers))
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        return answer.status, text

    def problem(self, headers: Mapping[str, str], body: bytes = b"{}") -> dict[str, Any]:
        """Post a request that is refused; return the problem."""
        status, text = self.post(headers, body)
        assert status >= 400
        problem: dict[str, Any] = json.loads(text)
        return problem

    def wait_for(self, words: str) -> None:
        """Wait until standard error has these words."""
        deadline = time.monotonic() + 20
        while words not in "".join(self._lines):
            assert time.monotonic() < deadline, self._lines
            time.sleep(0.01)

    def interrupt(self) -> None:
        """Press Ctrl-C."""
        self.process.send_signal(signal.SIGINT)

    def terminate(self) -> None:
        """Ask it to end, as `kill` does."""
        self._ends = True
        self.process.terminate()

    def __exit__(self, kind: object, *_: object) -> None:
        assert self.process.stdout
        if not self._ends and self.process.poll() is None:
            self.interrupt()
        try:
            self.stdout = self.process.stdout.read()
            self.code = self.process.wait(30)
        finally:
            self.process.kill()
            self.process.stdout.close()
            self._reader.join()
            self.stderr = "".join(self._lines)


def of(**changed: str) -> dict[str, str]:
    """The headers of the event with changes: `of(Id="2")`."""
    return FRAUD | {f"Ce-{name}": value for name, value in changed.items()}
