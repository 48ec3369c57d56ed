"""Servers that a page starts with `&`, on free ports in place of those that the page shows.

A job has the number that bash gives it, and prints at `wait`, `wait %1` or `kill %1`, when it has ended.
"""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from local_sink import LocalSink

DEFAULT_ADDRESSES = {"sink": "127.0.0.1:8080", "simulate": "127.0.0.1:9081"}
"""Where `isvclog` listens, by command."""


class Job(NamedTuple):
    """A running server: the address that the page shows for it, and how many lines it printed at its start."""

    server: LocalSink
    address: str
    told: int


class Jobs:
    """The jobs of a page."""

    def __init__(self, folder: Path, columns: int) -> None:
        self._folder = folder
        self._environment = {**os.environ, "COLUMNS": str(columns), "TERM": "dumb"}
        self._running: dict[int, Job] = {}
        self._shown: dict[str, str] = {}

    def start(self, words: Sequence[str]) -> list[str]:
        """Start a server: `isvclog COMMAND ...`, or `python FILE PORT`. Return what it prints until it listens."""
        words, address = _without_address(words)
        server = LocalSink(self._folder, self._environment, command=words)
        number = max(self._running, default=0) + 1
        # It is killed at the end of the test, also if it never listens.
        self._running[number] = Job(server, address, 0)
        lines = server.start()
        self._running[number] = Job(server, address, len(lines))
        self._shown[f"127.0.0.1:{server.port}"] = address
        return self.shown(lines)

    def really(self, words: Sequence[str]) -> list[str]:
        """Return the words of a command with the addresses where the jobs listen."""
        real = list(words)
        for job in self._running.values():
            real = [word.replace(job.address, f"127.0.0.1:{job.server.port}") for word in real]
        return real

    def shown(self, lines: Sequence[str]) -> list[str]:
        """Return printed lines with the addresses that the page shows."""
        result = list(lines)
        for real, address in self._shown.items():
            result = [line.replace(real, address) for line in result]
        return result

    def end(self, command: str, *names: str) -> tuple[list[str], int]:
        """Run `wait` or `kill`, and wait for the jobs. Return what they print since their start, and the exit code."""
        printed: list[str] = []
        code = 0
        for number in [int(name.removeprefix("%")) for name in names] or sorted(self._running):
            job = self._running.pop(number)
            if command == "kill":
                job.server.terminate()
            with job.server:
                pass
            printed += [*job.server.stdout.splitlines(), *job.server.stderr.splitlines()[job.told :]]
            code = job.server.code or 0
        return self.shown(printed), 0 if command == "kill" else code

    def kill(self) -> None:
        """End all jobs now."""
        while self._running:
            self._running.popitem()[1].server.kill()


def _without_address(words: Sequence[str]) -> tuple[list[str], str]:
    """Return the arguments of Python that start a server on a free port, and the address that the page shows."""
    if words[0] == "python":
        return [words[1], "0"], f"127.0.0.1:{words[2]}"
    command, *options = words[1:]
    address = DEFAULT_ADDRESSES[command]
    if "--listen" in options:
        at = options.index("--listen")
        address = options[at + 1]
        del options[at : at + 2]
    return ["-m", "isvclog", command, "--listen", "127.0.0.1:0", *options], address
