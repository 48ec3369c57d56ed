"""The sidecar and a Go program with the architecture of KServe's agent, in turns: requests/s, latency, CPU, memory."""

import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from itertools import product
from pathlib import Path
from typing import NamedTuple

from evaluations.sidecar.programs import (
    EXPECTED,
    PYTHON,
    Missing,
    Program,
    Tools,
    agent_arguments,
    started,
    wait_for_events,
    wait_for_silence,
)

SIDECAR, STANDIN = "isvclog simulate", "Go stand-in"
SIZES = {"1 KiB": 1 << 10, "64 KiB": 1 << 16, "1 MiB": 1 << 20}
CONNECTIONS = (1, 16)
_UNITS = {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0}


class Cell(NamedTuple):
    """A load: is logging on, how many connections, and the size of a request's body."""

    logging: bool
    connections: int
    size: str


class Measured(NamedTuple):
    """A measured run: CPU time in microseconds per request, latencies in milliseconds, peak memory in MiB."""

    program: str
    cell: Cell
    requests_per_second: float
    cpu_us: float
    p50_ms: float
    p99_ms: float
    peak_mib: float
    failed: int


ALL_CELLS = [Cell(*cell) for cell in product((True, False), CONNECTIONS, SIZES)]
QUICK_CELLS = [Cell(True, 16, "1 KiB")]


def measure_proxies(tools: Tools, folder: Path, cells: Sequence[Cell], rounds: int, seconds: int) -> Iterator[Measured]:
    """Yield a measured run of each program in each cell, in every round. Raises Missing."""
    if shutil.which("wrk") is None:
        raise Missing("wrk is not installed (Debian has it)")
    scripts = {size: _script(folder, number) for size, number in SIZES.items()}
    with (
        started(tools.peers, "-mode", "model", "-listen", "127.0.0.1:PORT") as model,
        started(tools.peers, "-mode", "sink", "-expected", EXPECTED, "-listen", "127.0.0.1:PORT") as sink,
    ):
        for number, cell in product(range(rounds), cells):
            programs = (SIDECAR, STANDIN) if number % 2 else (STANDIN, SIDECAR)
            for name in programs:
                with started(*_command(name, tools, model, sink, cell.logging)) as program:
                    yield _measure(name, cell, program, sink, scripts[cell.size], seconds)


def _command(name: str, tools: Tools, model: Program, sink: Program, logging: bool) -> list[str | Path]:
    if name == STANDIN:
        url = f"{sink.url}/" if logging else ""
        return [tools.standin, "-listen", "127.0.0.1:PORT", "-model", model.url, "-log-url", url]
    command: list[str | Path] = [PYTHON, "-m", "isvclog", "simulate", "--listen", "127.0.0.1:PORT"]
    command += ["--upstream", model.url, "--sink", sink.url, "--"]
    return command + (agent_arguments(sink.url) if logging else ["--log-url", ""])


def _measure(name: str, cell: Cell, program: Program, sink: Program, script: Path, seconds: int) -> Measured:
    _load(program, cell, script, 1)  # it fills caches and opens connections
    if cell.logging:
        wait_for_silence(sink)
    sink.ask("/reset")
    before = program.cpu_seconds()
    output = _load(program, cell, script, seconds)
    count = int(_found(r"(\d+) requests in", output))
    if cell.logging:
        wait_for_events(sink, 2 * count)
        report = wait_for_silence(sink)  # wrk leaves requests without an answer, whose events are sent as well
        if report["annotated"] < report["events"]:
            raise RuntimeError(f"{name}, {cell}: {count} requests, but {report}")
    used = program.cpu_seconds() - before
    failed = sum(int(number) for number in re.findall(r"(?:responses:|connect|read|write|timeout) (\d+)", output))
    return Measured(
        name,
        cell,
        float(_found(r"Requests/sec:\s+([\d.]+)", output)),
        1e6 * used / count,
        _milliseconds(_found(r"50%\s+([\d.]+\w+)", output)),
        _milliseconds(_found(r"99%\s+([\d.]+\w+)", output)),
        program.peak_mebibytes(),
        failed,
    )


def _load(program: Program, cell: Cell, script: Path, seconds: int) -> str:
    options = ["-t1", f"-c{cell.connections}", f"-d{seconds}s", "--latency", "--timeout", "20s", "-s", str(script)]
    command = ["wrk", *options, f"{program.url}/v1/models/iris:predict"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def _script(folder: Path, size: int) -> Path:
    script = folder / f"post-{size}.lua"
    start, end = '{"instances":["', '"]}'
    filling = size - len(start) - len(end)
    script.write_text(
        f"wrk.method = 'POST'\nwrk.body = '{start}' .. string.rep('x', {filling}) .. '{end}'\n"
        "wrk.headers['Content-Type'] = 'application/json'\n"
    )
    return script


def _found(pattern: str, output: str) -> str:
    found = re.search(pattern, output)
    if found is None:
        raise RuntimeError(f"wrk printed no {pattern}: {output}")
    return found[1]


def _milliseconds(text: str) -> float:
    number, unit = re.fullmatch(r"([\d.]+)(us|ms|s|m)", text).groups()  # type: ignore[union-attr]
    return float(number) * _UNITS[unit]
