"""The recorded runs of the benchmark, and their medians."""

import json
import platform
import subprocess
from collections.abc import Iterable
from os import cpu_count
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from evaluations.sidecar.enrichment import Effort, Enriched
from evaluations.sidecar.proxies import Cell, Measured

RESULTS = Path(__file__).resolve().parent / "results.json"


class Results(NamedTuple):
    """All runs, and a sentence about the machine."""

    machine: str
    effort: Effort
    proxies: list[Measured]
    enrichment: list[Enriched]

    def proxy(self, program: str, cell: Cell) -> Measured | None:
        """Calculate the medians of the runs of a program in a cell; None if there are none."""
        runs = [run for run in self.proxies if (run.program, run.cell) == (program, cell)]
        return Measured(program, cell, *_medians(run[2:] for run in runs)) if runs else None

    def variant(self, variant: str, delay: str) -> Enriched:
        """Calculate the medians of the runs of a variant of enrichment."""
        runs = [run for run in self.enrichment if (run.variant, run.delay) == (variant, delay)]
        return Enriched(variant, delay, *_medians(run[2:] for run in runs))


def _medians(runs: Iterable[tuple[Any, ...]]) -> list[Any]:
    return [median(values) for values in zip(*runs, strict=True)]


def describe_machine() -> str:
    """Describe what the figures depend on."""
    go = subprocess.run(["go", "env", "GOVERSION"], capture_output=True, text=True, check=False).stdout.strip()
    return f"{cpu_count()} processor cores, Python {platform.python_version()}, {go.replace('go', 'Go ')}"


def store(results: Results) -> None:
    """Write the results."""
    data = {
        "proxies": [run._asdict() | {"cell": run.cell._asdict()} for run in results.proxies],
        "enrichment": [run._asdict() for run in results.enrichment],
    }
    lines = [f'"machine": {json.dumps(results.machine)}', f'"effort": {json.dumps(results.effort._asdict())}']
    for name in ("proxies", "enrichment"):
        rows = ",\n".join(json.dumps(_rounded(row)) for row in data[name])
        lines.append(f'"{name}": [\n{rows}\n]')
    RESULTS.write_text("{\n" + ",\n".join(lines) + "\n}\n")


def _rounded(row: dict[str, object]) -> dict[str, object]:
    return {key: round(value, 4) if isinstance(value, float) else value for key, value in row.items()}


def read() -> Results:
    """Read the recorded results."""
    data = json.loads(RESULTS.read_text())
    proxies = [Measured(**{**run, "cell": Cell(**run["cell"])}) for run in data["proxies"]]
    effort = Effort(**data["effort"] | {"delays": tuple(data["effort"]["delays"])})
    return Results(data["machine"], effort, proxies, [Enriched(**run) for run in data["enrichment"]])
