"""The programs of the benchmark: built, started on free ports, asked how much CPU time they took, and ended."""

import http.client
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
START_SECONDS = 20


class Missing(Exception):
    """A program that is needed is not there; the message says which."""


class Tools(NamedTuple):
    """The paths of built programs."""

    peers: Path
    standin: Path


def build(folder: Path) -> Tools:
    """Build the Go programs into a folder. Raises Missing."""
    if shutil.which("go") is None:
        raise Missing("Go is not installed")
    for name in Tools._fields:
        built = subprocess.run(
            ["go", "build", "-o", folder / name, "."], cwd=HERE / name, capture_output=True, text=True, check=False
        )
        if built.returncode:
            raise Missing(f"{name} cannot be built: {built.stderr.strip().splitlines()[-1]}")
    return Tools(folder / "peers", folder / "standin")


class Program(NamedTuple):
    """A program that listens on a port of this machine."""

    process: "subprocess.Popen[bytes]"
    port: int

    @property
    def url(self) -> str:
        """The URL at which it is reached."""
        return f"http://127.0.0.1:{self.port}"

    def cpu_seconds(self) -> float:
        """Read the CPU time that it has used."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def peak_mebibytes(self) -> float:
        """Read the peak of its resident memory."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.partition("VmHWM:")[2].split()[0]) / 1024

    def ask(self, path: str) -> Any:
        """Send GET, and return the JSON of the answer, or None for an empty one."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request("GET", path)
            body = connection.getresponse().read()
        finally:
            connection.close()
        return json.loads(body) if body else None

    def end(self) -> None:
        """End it, and wait for that."""
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@contextmanager
def started(*command: str | Path) -> Iterator[Program]:
    """Start a program, with a free port in place of `PORT` in its command, and end it."""
    port = _free_port()
    parts = [str(part).replace("PORT", str(port)) for part in command]
    environment = {**os.environ, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"}
    process = subprocess.Popen(parts, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    program = Program(process, port)
    try:
        _wait(program, parts)
        yield program
    finally:
        program.end()


def agent_arguments(sink: str) -> list[str]:
    """Return the arguments of an agent with metadata, whose events go to a URL."""
    pairs = ",".join(f"{key}={value}" for key, value in ANNOTATIONS.items())
    arguments = ["--log-url", f"{sink}/", "--log-mode", "all", "--inference-service", "iris", "--namespace", "research"]
    return [*arguments, "--component", "predictor", "--metadata-annotations", pairs]


ANNOTATIONS = {"example.com/team": "red", "example.com/version": "3"}
EXPECTED = json.dumps(ANNOTATIONS, separators=(",", ":"))
"""The header that has them."""
PYTHON = sys.executable


def wait_for_events(sink: Program, count: int, seconds: float = 120) -> dict[str, Any]:
    """Wait until the sink has got so many events, and return its report. Raises RuntimeError after some seconds."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        report: dict[str, Any] = sink.ask("/report")
        if report["events"] >= count:
            return report
        time.sleep(0.1)
    raise RuntimeError(f"the sink got {report['events']} events in {seconds:g} s, and not {count}")


def wait_for_silence(sink: Program) -> dict[str, Any]:
    """Wait until the sink gets no more events, and return its report."""
    before = -1
    while True:
        report: dict[str, Any] = sink.ask("/report")
        if report["events"] == before:
            return report
        before = report["events"]
        time.sleep(0.3)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait(program: Program, command: Sequence[str]) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and program.process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", program.port), 1).close()
            return
        except OSError:
            time.sleep(0.02)
    raise RuntimeError(f"does not listen: {' '.join(command)}")
