"""The page `docs/performance.md` and its plot, from the recorded results."""

from collections.abc import Iterator, Sequence

from evaluations.sidecar.enrichment import CACHED, LOOKUP, MEMORY, SLOW, VARIANTS, Enriched
from evaluations.sidecar.plot import Bars, draw
from evaluations.sidecar.programs import ROOT
from evaluations.sidecar.proxies import CONNECTIONS, SIDECAR, SIZES, STANDIN, Cell, Measured
from evaluations.sidecar.results import Results

PAGE, PLOT = ROOT / "docs" / "performance.md", ROOT / "docs" / "performance.svg"
LEAST_REQUESTS, MOST_CPU = 1.75, 0.6
"""The goal, as multiples of the stand-in's requests per second and of its CPU time per request."""
GOAL_CELL = Cell(True, 16, "1 KiB")
_CLEARLY = 1.1
"""The factor from which on one figure is said to be better than another."""

INTRODUCTION = """\
# Performance

This page is written by `make performance`, from the runs recorded in `evaluations/sidecar/results.json`. Every figure
is the median of {rounds} interleaved runs on one machine, which model, sink and load generator share: {machine}.
Compare figures of this page with each other only: another machine has others, and the same ratios, more or less.

![Requests and events per second, and how late events are](performance.svg)

## `isvclog simulate` beside the architecture of KServe's agent

The stand-in (`evaluations/sidecar/standin/`) is a Go program that is built as KServe's agent is: Go's reverse proxy, a
logger that reads the bodies, a queue of 100, a goroutine for each event that waits, five workers, a new CloudEvents
client for each event. It is not the agent itself. Each request has two events when logging is on. CPU time is that of
the proxy until its last event is sent, for each request. `wrk` is the load.
"""
GOAL = """\
The goal is {least} times the requests per second of the stand-in and {most} of its CPU time per request, with logging,
16 connections and bodies of 1 KiB: it is {requests:.2f} times and {cpu:.2f}, so the goal is {reached}.
"""
ENRICHMENT = """\
## Metadata from memory, and what a lookup would cost

The agent gets the listed annotations when its pod starts, and takes them from memory for each event. The alternative is
to ask the API server when an event is sent. Both are measured in the same program: the workers of the lookup ask a
stand-in of the API server on loopback for the InferenceService, each over a connection that it keeps, before they send
an event. A cache, shared by the workers, uses an answer for a second. The stand-in answers at once, or 5 ms later.
(Kubernetes' own objective for such a read is one second, for the 99th percentile.)
{throughput}
Events per second are those of {requests:,} requests, sent as fast as they are answered over 16 connections. Calls are
requests to the API server. The time of an event is from its `time` attribute to its arrival at the sink, and that of a
request is what the client waits for; both at a steady {rate} requests per second.
"""
CLAIMS = """\
### What holds of the three claims

Metadata in memory is said to have a lower latency, less load on the API server, and to be complete without it.

| claim | from memory | lookup per event | lookup, cached for 1 s | holds |
|---|---|---|---|---|
{rows}

The latency is the time from an event to its arrival at the sink, the load the calls per second at
{events} events per second of one pod. The last row is the share of events with annotations in the {outage:g} s
after the API server was stopped while requests came; {failed} failed.
"""
LIMITS = """\
### Where it does not hold

* The client of a model does not wait for a lookup: workers send events after the request was passed on. The 99th
  percentile of requests is {memory} ms from memory, {lookup} ms with a lookup and {cached} ms with a cache.
* A cache of a second has {cached_throughput:.2f} times the events per second of memory. It costs {calls:.1f} calls per
  second and pod, which do not grow with the events, and annotations are missing when the API server cannot be reached.
* A lookup reads annotations that are changed while the pod runs, and memory does not: a change reaches events when the
  pod is replaced. `isvclog simulate` can swap its metadata; KServe's agent cannot.
"""


def write(results: Results) -> None:
    """Write the page and its plot."""
    PAGE.write_text(page(results))
    PLOT.write_text(plot(results))


def page(results: Results) -> str:
    """Build the page."""
    parts = [INTRODUCTION.format(rounds=results.effort.rounds, machine=results.machine)]
    parts += _proxies(results)
    parts += _enrichment(results)
    return "\n".join(parts)


def ratios(results: Results, cell: Cell) -> tuple[float, float] | None:
    """Return the sidecar's requests/s and CPU time as multiples of the stand-in's; None if that was not measured."""
    ours, theirs = results.proxy(SIDECAR, cell), results.proxy(STANDIN, cell)
    if ours is None or theirs is None:
        return None
    return ours.requests_per_second / theirs.requests_per_second, ours.cpu_us / theirs.cpu_us


def reaches_goal(results: Results) -> bool:
    """Check the goal; True if the stand-in was not measured."""
    found = ratios(results, GOAL_CELL)
    return found is None or (found[0] >= LEAST_REQUESTS and found[1] <= MOST_CPU)


def _proxies(results: Results) -> Iterator[str]:
    for logging in (True, False):
        yield f"### Logging {'on' if logging else 'off'}\n"
        yield from _table(
            "connections, body",
            ["requests/s", "CPU µs", "p50 ms", "p99 ms", "peak MiB", "requests/s, times", "CPU, times"],
            _proxy_rows(results, logging),
        )
        found = ratios(results, GOAL_CELL)
        if logging and found:
            reached = "reached" if reaches_goal(results) else "missed"
            yield GOAL.format(least=LEAST_REQUESTS, most=MOST_CPU, requests=found[0], cpu=found[1], reached=reached)


def _proxy_rows(results: Results, logging: bool) -> Iterator[list[str]]:
    for connections in CONNECTIONS:
        for size in SIZES:
            cell = Cell(logging, connections, size)
            ours, theirs, found = results.proxy(SIDECAR, cell), results.proxy(STANDIN, cell), ratios(results, cell)
            if ours is None or theirs is None or found is None:
                continue
            pairs = zip(_shown(ours), _shown(theirs), strict=True)
            times = [f"**{ratio:.2f}**" for ratio in found]
            yield [f"{connections}, {size}", *(f"{mine} / {other}" for mine, other in pairs), *times]


def _shown(run: Measured) -> list[str]:
    latencies = [f"{value:.2f}" for value in (run.p50_ms, run.p99_ms)]
    return [f"{run.requests_per_second:,.0f}", f"{run.cpu_us:,.0f}", *latencies, f"{run.peak_mib:,.0f}"]


def _table(first: str, columns: Sequence[str], rows: Iterator[list[str]]) -> Iterator[str]:
    lines = [f"| {' | '.join([first, *columns])} |", f"|---|{'---:|' * len(columns)}"]
    lines += [f"| {' | '.join(row)} |" for row in rows]
    yield "\n".join(lines) + "\n"
    if "p50 ms" in columns:
        yield "Figures are those of `isvclog simulate` / the stand-in; times are the first by the second.\n"


def _enrichment(results: Results) -> Iterator[str]:
    effort = results.effort
    columns = [
        "events/s", "calls per 1,000 events", "event p50 ms", "event p99 ms", "request p99 ms", "calls/s", "peak MiB",
    ]  # fmt: skip
    table = "\n".join(_table("API server answers after", ["metadata", *columns], _variant_rows(results)))
    yield ENRICHMENT.format(throughput=f"\n{table}", requests=effort.requests, rate=effort.rate)
    yield CLAIMS.format(
        rows="\n".join(_claims(results)),
        events=2 * effort.rate,
        outage=0.8 * effort.seconds,
        failed=_counted_failures(results),
    )
    slow = [results.variant(variant, SLOW) for variant in VARIANTS]
    memory, lookup, cached = (f"{run.rate_request_p99_ms:.1f}" for run in slow)
    throughput = slow[2].events_per_second / slow[0].events_per_second
    yield LIMITS.format(
        memory=memory, lookup=lookup, cached=cached, cached_throughput=throughput, calls=slow[2].rate_api_calls
    )


def _counted_failures(results: Results) -> str:
    failed = sum(run.failed for run in results.enrichment)
    return f"{failed:,} requests" if failed else "no request"


def _variant_rows(results: Results) -> Iterator[list[str]]:
    for delay in results.effort.delays:
        for variant in VARIANTS:
            run = results.variant(variant, delay)
            times = (run.rate_event_p50_ms, run.rate_event_p99_ms, run.rate_request_p99_ms)
            figures = [f"{run.events_per_second:,.0f}", f"{run.api_calls:,.1f}", *(f"{time:,.2f}" for time in times)]
            yield [delay, variant, *figures, f"{run.rate_api_calls:,.1f}", f"{run.peak_mib:,.0f}"]


def _claims(results: Results) -> Iterator[str]:
    for delay in results.effort.delays:
        runs = _runs(results, delay)
        medians, slowest = [run.rate_event_p50_ms for run in runs], [run.rate_event_p99_ms for run in runs]
        for name, values in (("median", medians), ("99th percentile", slowest)):
            claim = f"lower latency, {name}, answers after {delay}"
            yield _claim(claim, [f"{value:,.2f} ms" for value in values], values)
    runs = _runs(results, SLOW)
    calls = [run.rate_api_calls for run in runs]
    yield _claim("less load on the API server", [f"{value:,.1f} calls/s" for value in calls], calls)
    missing = [1 - run.complete_in_outage for run in runs]
    yield _claim("complete without the API server", [f"{100 - 100 * share:.0f} %" for share in missing], missing)


def _claim(claim: str, shown: Sequence[str], values: Sequence[float]) -> str:
    """Build a row; smaller values are better, and the first is that of memory."""
    memory, *others = values
    better = [other > memory * _CLEARLY for other in others]
    names = (LOOKUP, CACHED)
    if all(better):
        holds = "yes"
    elif any(better):
        holds = f"only beside: {names[better.index(True)]}"
    else:
        holds = "no"
    return f"| {' | '.join([claim, *shown, holds])} |"


def _runs(results: Results, delay: str) -> list[Enriched]:
    return [results.variant(variant, delay) for variant in VARIANTS]


def plot(results: Results) -> str:
    """Draw the plot of the page."""
    groups = []
    for size in SIZES:
        runs = [results.proxy(name, Cell(True, 16, size)) for name in (SIDECAR, STANDIN)]
        bars = [(run.program, run.requests_per_second, f"{run.requests_per_second:,.0f}") for run in runs if run]
        if bars:
            groups.append(Bars(f"Requests per second: logging on, 16 connections, {size}", bars))
    variants = _runs(results, SLOW)
    titles = {MEMORY: "metadata in memory", LOOKUP: LOOKUP, CACHED: CACHED}
    groups += [
        Bars(
            f"Events per second, with an API server that answers after {SLOW}",
            [(titles[run.variant], run.events_per_second, f"{run.events_per_second:,.0f}") for run in variants],
        ),
        Bars(
            f"Time of an event to the sink, 99th percentile, with an API server that answers after {SLOW}",
            [(titles[run.variant], run.rate_event_p99_ms, f"{run.rate_event_p99_ms:,.2f} ms") for run in variants],
        ),
        Bars(
            "Events with annotations after the API server was stopped",
            [
                (titles[run.variant], run.complete_in_outage, f"{100 * run.complete_in_outage:.0f} %")
                for run in variants
            ],
        ),
    ]
    return draw("isvclog simulate, measured", groups)
