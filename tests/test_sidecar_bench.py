"""The benchmark of the sidecar runs, says what it cannot measure, and its page is that of the recorded results."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from evaluations.sidecar import page
from evaluations.sidecar.enrichment import CACHED, FAST, LOOKUP, MEMORY, SLOW, Effort, Enriched
from evaluations.sidecar.proxies import SIDECAR, STANDIN, Measured
from evaluations.sidecar.results import Results, read

ROOT = Path(__file__).parents[1]
RERUN = "run `.venv/bin/python -m evaluations.sidecar.bench --page`"


def bench(*arguments: str, path: str | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "evaluations.sidecar.bench", *arguments]
    env = None if path is None else {"PATH": path}
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=240, check=False)


@pytest.mark.skipif(sys.platform != "linux" or not shutil.which("go"), reason="it needs Linux and Go")
def test_the_quick_benchmark() -> None:
    ended = bench("--quick")
    assert ended.returncode == 0, ended.stdout + ended.stderr
    if "cannot be built" in ended.stdout:
        pytest.skip(ended.stdout)
    assert "metadata: events/s" in ended.stdout
    assert "skipped beside the stand-in: wrk is not installed" in ended.stdout or STANDIN in ended.stdout


def test_without_go_nothing_is_measured() -> None:
    ended = bench("--quick", path="")
    assert (ended.returncode, ended.stdout) == (0, "the sidecar is not measured: Go is not installed\n")


def test_the_page_is_that_of_the_recorded_results() -> None:
    results = read()
    assert page.PAGE.read_text("utf-8") == page.page(results), RERUN
    assert page.PLOT.read_text("utf-8") == page.plot(results), RERUN
    assert page.PLOT.stat().st_size < 10_000


def measured(program: str, requests: float, cpu: float) -> Measured:
    return Measured(program, page.GOAL_CELL, requests, cpu, 1, 2, 30, 0)


def enriched(variant: str, delay: str, p99: float, calls: float, complete: float) -> Enriched:
    return Enriched(variant, delay, 1000, 0, 1, p99, 1, calls, 1, complete, 30, 0)


@pytest.mark.parametrize(("requests", "cpu", "reached"), [(1750, 60, True), (1749, 60, False), (1750, 61, False)])
def test_the_goal(requests: float, cpu: float, reached: bool) -> None:
    runs = [measured(SIDECAR, requests, cpu), measured(STANDIN, 1000, 100)]
    assert page.reaches_goal(Results("", Effort(), runs, [])) is reached


def test_a_claim_that_does_not_hold_is_said_not_to() -> None:
    variants = [(MEMORY, 1.0, 0.0, 1.0), (LOOKUP, 7.0, 400.0, 0.0), (CACHED, 1.05, 2.0, 0.0)]
    runs = [enriched(variant, delay, *values) for delay in (FAST, SLOW) for variant, *values in variants]
    text = page.page(Results("", Effort(), [measured(SIDECAR, 2, 1), measured(STANDIN, 1, 2)], runs))
    rows = {line.split(" | ")[0]: line.split(" | ")[-1] for line in text.splitlines() if line.startswith("| ")}
    assert rows["| lower latency, 99th percentile, answers after 5 ms"] == "only beside: lookup per event |"
    assert rows["| less load on the API server"] == "yes |"
    assert rows["| complete without the API server"] == "yes |"


def test_medians() -> None:
    runs = [measured(SIDECAR, value, value) for value in (5, 1, 3)]
    found = Results("", Effort(), runs, []).proxy(SIDECAR, page.GOAL_CELL)
    assert found is not None
    assert (found.requests_per_second, found.cpu_us) == (3, 3)
