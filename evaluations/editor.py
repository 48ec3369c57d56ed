"""Measure the language server: `python -m evaluations.editor`.

The server checks documents of several sizes after each of many changes. Its CPU time is compared with that of a bare
interpreter start of the same run, which says something about other machines, too. The times on the clock need a machine
that does nothing else. It needs Linux, which tells what another process uses.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from evaluations.bench import BARE, ISVCLOG, SERVICE, run

GOAL_MS = 20
"""The milliseconds within which a usual manifest has its diagnostics after a change."""
_TICKS = os.sysconf("SC_CLK_TCK")


class Server:
    """A server that runs, and a client that waits for each answer."""

    def __init__(self, folder: Path) -> None:
        command = (*ISVCLOG, "server")
        self.process = subprocess.Popen(command, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.folder = folder
        self._version = 0

    def start(self) -> None:
        """Greet the server. Changes are checked without a pause."""
        parameters = {"processId": None, "rootUri": None, "capabilities": {}, "initializationOptions": {"debounce": 0}}
        self._send(id=1, method="initialize", params=parameters)
        while self._receive().get("id") != 1:
            pass
        self._send(method="initialized", params={})

    def open(self, name: str, text: str) -> float:
        """Open a document; return the seconds until its diagnostics are there."""
        self._version += 1
        item = {"uri": self._uri(name), "languageId": "yaml", "version": self._version, "text": text}
        return self._until_checked("textDocument/didOpen", {"textDocument": item})

    def change(self, name: str, text: str) -> float:
        """Change a document; return the seconds until its diagnostics are there."""
        self._version += 1
        document = {"uri": self._uri(name), "version": self._version}
        return self._until_checked(
            "textDocument/didChange", {"textDocument": document, "contentChanges": [{"text": text}]}
        )

    def stop(self) -> None:
        """Say goodbye, and wait for the end. Raises RuntimeError unless the server exits with 0."""
        self._send(id=2, method="shutdown")
        self._send(method="exit")
        if code := self.process.wait():
            raise RuntimeError(f"the server exited with {code}")

    def cpu_seconds(self) -> float:
        """Return the CPU time that the server has used."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS

    def mebibytes(self) -> float:
        """Return the resident memory of the server in MiB."""
        pages = int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 2**20

    def _uri(self, name: str) -> str:
        return (self.folder / name).as_uri()

    def _until_checked(self, method: str, parameters: object) -> float:
        started = time.perf_counter()
        self._send(method=method, params=parameters)
        while self._receive().get("params", {}).get("version") != self._version:
            pass
        return time.perf_counter() - started

    def _send(self, **message: object) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self.process.stdin is not None
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self.process.stdin.flush()

    def _receive(self) -> dict[str, Any]:
        output = self.process.stdout
        assert output is not None
        length = 0
        while (line := output.readline()) != b"\r\n":
            if not line:
                raise RuntimeError("the server has ended")
            name, _, value = line.partition(b":")
            length = int(value) if name == b"Content-Length" else length
        message: dict[str, Any] = json.loads(output.read(length))
        return message


class Measured(NamedTuple):
    """A document, the seconds on the clock and of CPU time for a change of it, and the memory of the server in MiB."""

    lines: int
    seconds: Sequence[float]
    cpu_seconds: float
    mebibytes: float


def measure(server: Server, services: int, changes: int) -> Measured:
    """Change a document with so many services, as somebody who types a comment."""
    text = "---\n".join(SERVICE.format(number=number) for number in range(services))
    name = f"{services}.yaml"
    server.open(name, text)
    server.change(name, text)
    before = server.cpu_seconds()
    seconds = [server.change(name, f"{text}# {number}\n") for number in range(changes)]
    taken = (server.cpu_seconds() - before) / changes
    return Measured(text.count("\n"), seconds, taken, server.mebibytes())


def main() -> int:
    """Measure and print. Return 1 if a usual manifest takes longer than the goal."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="few changes")
    changes = 20 if parser.parse_args().quick else 200
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        bare = statistics.median(run(BARE, folder).cpu_seconds for _ in range(changes // 4))
        started = time.perf_counter()
        server = Server(folder)
        server.start()
        server.open("first.yaml", SERVICE.format(number=0))
        first, first_cpu = time.perf_counter() - started, server.cpu_seconds()
        print(f"a bare interpreter start takes {1000 * bare:.0f} ms of CPU time")
        print(f"start to first diagnostics: {first_cpu / bare:.0f} bare starts, {1000 * first:.0f} ms on the clock")
        print("\na change to diagnostics   bare starts   CPU ms   median ms   fastest ms   MiB")
        usual, *_ = all_measured = [measure(server, 1, changes), measure(server, 20, changes // 4)]
        all_measured.append(measure(server, 5_000 // usual.lines + 1, changes // 10))
        for each in all_measured:
            clock = 1000 * statistics.median(each.seconds), 1000 * min(each.seconds)
            print(
                f"  {each.lines:>6,} lines{each.cpu_seconds / bare:>24.1f}{1000 * each.cpu_seconds:>9.1f}"
                f"{clock[0]:>12.1f}{clock[1]:>13.1f}{each.mebibytes:>6.0f}"
            )
        server.stop()
    if 1000 * min(usual.seconds) > GOAL_MS:
        print(f"over its limit: a usual manifest takes more than {GOAL_MS} ms")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
