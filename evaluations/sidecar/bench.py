"""Measure the sidecar: beside a Go program with the architecture of KServe's agent, and beside a lookup per event.

`make bench` prints the ratios, `make performance` also records the runs and writes docs/performance.md from them. Times
depend on the machine; programs take turns, medians are compared, and only ratios are judged. With `--quick`, only
requests that fail and events without metadata are judged. Linux is needed, Go, and `wrk` for the first part.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TypeVar

from evaluations.sidecar import page, results
from evaluations.sidecar.enrichment import MEMORY, SLOW, VARIANTS, Effort, measure_enrichment
from evaluations.sidecar.programs import Missing, build
from evaluations.sidecar.proxies import ALL_CELLS, QUICK_CELLS, SIDECAR, STANDIN, measure_proxies
from evaluations.sidecar.results import Results, describe_machine

Run = TypeVar("Run")
QUICK = Effort(rounds=1, requests=500, rate=100, seconds=1, delays=(SLOW,))


def measure(quick: bool, rounds: int) -> Results:
    """Measure everything that can be measured, and say what cannot. Raises Missing if that is nothing."""
    effort = QUICK if quick else Effort(rounds)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        tools = build(folder)
        measured = Results(describe_machine(), effort, [], [])
        cells, seconds = (QUICK_CELLS, 1) if quick else (ALL_CELLS, 2)
        try:
            total = 2 * len(cells) * effort.rounds
            measured.proxies.extend(_told(measure_proxies(tools, folder, cells, effort.rounds, seconds), total))
        except Missing as missing:
            print(f"skipped beside the stand-in: {missing}")
        total = effort.rounds * len(effort.delays) * len(VARIANTS)
        measured.enrichment.extend(_told(measure_enrichment(tools, folder, effort), total))
    return measured


def _told(runs: Iterable[Run], total: int) -> Iterator[Run]:
    """Pass runs on, and say how far they are if somebody looks."""
    for number, run in enumerate(runs, 1):
        if sys.stderr.isatty():
            print(f"\r{number} of {total} runs ", end="\n" if number == total else "", file=sys.stderr, flush=True)
        yield run


def print_results(measured: Results) -> None:
    """Print the medians and ratios."""
    print("\nbeside the Go stand-in: requests/s, CPU us a request, p50 ms, p99 ms")
    for cell in dict.fromkeys(run.cell for run in measured.proxies):
        print(f"  logging {'on' if cell.logging else 'off'}, {cell.connections} connections, {cell.size}")
        for name in (SIDECAR, STANDIN):
            run = measured.proxy(name, cell)
            if run is not None:
                print(
                    f"    {name:<20}{run.requests_per_second:>9,.0f}{run.cpu_us:>9,.1f}{run.p50_ms:>9.2f}"
                    f"{run.p99_ms:>9.2f}"
                )
        if found := page.ratios(measured, cell):
            print(f"    {'times':<20}{found[0]:>9.2f}{found[1]:>9.2f}")
    print("\nmetadata: events/s, event p99 ms, request p99 ms, API calls/s, complete in an outage")
    for delay in measured.effort.delays:
        for variant in VARIANTS:
            enriched = measured.variant(variant, delay)
            print(
                f"  API after {delay}, {variant:<24}{enriched.events_per_second:>9,.0f}"
                f"{enriched.rate_event_p99_ms:>9.2f}{enriched.rate_request_p99_ms:>9.2f}"
                f"{enriched.rate_api_calls:>9.1f}{enriched.complete_in_outage:>8.0%}"
            )


def problems(measured: Results, quick: bool) -> Iterator[str]:
    """Yield what is not as it should be."""
    failed = sum(run.failed for run in measured.proxies) + sum(run.failed for run in measured.enrichment)
    if failed:
        yield f"{failed} requests failed"
    for run in measured.enrichment:
        if run.complete < 1:
            yield f"{run.variant}: only {run.complete:.2%} of the events have the annotations"
        if run.variant == MEMORY and (run.complete_in_outage < 1 or run.rate_api_calls or run.api_calls):
            yield "metadata in memory need the API server"
    if not quick and not page.reaches_goal(measured):
        yield f"the goal of {page.LEAST_REQUESTS} times the requests/s and {page.MOST_CPU} of the CPU time is missed"


def main() -> int:
    """Measure and print. Return 1 if a goal is missed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="one short run of a few cells")
    parser.add_argument("--rounds", type=int, default=5, metavar="N", help="take the median of N runs; default 5")
    parser.add_argument("--record", action="store_true", help="record the runs, and write docs/performance.md")
    parser.add_argument("--page", action="store_true", help="only write docs/performance.md from the recorded runs")
    given = parser.parse_args()
    if given.page:
        page.write(results.read())
        return 0
    try:
        measured = measure(given.quick, given.rounds)
    except Missing as missing:
        print(f"the sidecar is not measured: {missing}")
        return 0
    print_results(measured)
    if given.record:
        if not measured.proxies:
            print("nothing is recorded, because a part was skipped")
            return 1
        results.store(measured)
        page.write(measured)
    wrong = list(problems(measured, given.quick))
    for complaint in wrong:
        print(f"not as it should be: {complaint}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
