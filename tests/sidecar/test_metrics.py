"""The metrics of a sidecar, as Prometheus reads them: they are what the events say, and API calls stay at 0."""

import asyncio
import subprocess
import sys

import pytest
from deliveries import ANSWER, ANYWHERE, Running, ask, running, settings_of
from prometheus_client.parser import text_string_to_metric_families
from sidecars import CLOSED, RawServer

from isvclog.httpserver import Address
from isvclog.sidecar.limits import Limits
from isvclog.sidecar.metrics import MetricsServer
from isvclog.sidecar.server import Plan
from isvclog.sidecar.sinks.connection import SinkOptions

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
ARGS = ("--log-url", "http://sink.example.com/", "--metadata-annotations")
TYPE, BOTH = "text/plain", ("request", "response")


async def scrape(address: Address, target: str = "/metrics", host: str = "localhost", method: str = "GET") -> bytes:
    head = f"{method} {target} HTTP/1.1\r\nHost: {host}:{address.port}\r\n\r\n"
    return await ask(address, head.encode())


async def samples(address: Address) -> dict[str, float]:
    """Read all samples by their name and the values of their labels, such as `events_total[request,sent]`."""
    head, _, body = (await scrape(address)).partition(b"\r\n\r\n")
    assert b"Content-Type: text/plain; version=" in head
    found = {}
    for family in text_string_to_metric_families(body.decode()):
        assert family.documentation.endswith(".")
        for sample in family.samples:
            labels = ",".join(sample.labels[name] for name in sorted(sample.labels, reverse=True))
            found[f"{sample.name.removeprefix('isvclog_')}{labels and f'[{labels}]'}"] = sample.value
    return found


def test_the_counts_are_those_of_the_events() -> None:
    async def main() -> None:
        async with RawServer(ANSWER) as model, RawServer(OK) as sink:
            plan = Plan(settings_of(*ARGS, "team=red"), model.address, SinkOptions(sink.address))
            async with running(plan) as sidecar:
                await check(sidecar, sink)

    asyncio.run(main())


async def check(sidecar: Running, sink: RawServer) -> None:
    metrics = MetricsServer(sidecar.server)
    address = await metrics.start(ANYWHERE)
    before = await samples(address)
    for _ in range(3):
        await ask(sidecar.address)
    await sink.wait_for(6)
    await sidecar.wait_until(lambda: not sidecar.server.queue.pending)
    sidecar.server.swap(settings_of(*ARGS, "team=green"))
    after = await samples(address)
    assert after["exchanges_total"] == 3
    assert [after[f"events_total[{kind},sent]"] for kind in BOTH] == [3, 3]
    assert [after[f"events_due_total[{kind}]"] for kind in BOTH] == [3, 3]
    assert after["api_calls_total"] == 0
    assert after["enrichment_seconds_count"] == 6
    assert 0 < after["enrichment_seconds_sum"] < 6
    assert (before["metadata_bytes"], after["metadata_bytes"]) == (len("teamred"), len("teamgreen"))
    assert (before["metadata_generation"], after["metadata_generation"]) == (1, 2)
    changed = {name for name in after if after[name] != before.get(name)}
    assert changed == {
        "exchanges_total", "events_total[request,sent]", "events_total[response,sent]", "events_due_total[request]",
        "events_due_total[response]", "enrichment_seconds_count", "enrichment_seconds_sum", "metadata_bytes",
        "metadata_generation",
    }  # fmt: skip
    await metrics.close()


def test_what_waits_and_what_is_dropped() -> None:
    async def main() -> None:
        async with RawServer(ANSWER) as model, RawServer(b"") as sink:  # which never answers
            limits = Limits(events=1)
            plan = Plan(settings_of(*ARGS[:2]), model.address, SinkOptions(sink.address), limits, workers=1)
            async with running(plan) as sidecar:
                metrics = MetricsServer(sidecar.server)
                address = await metrics.start(ANYWHERE)
                await ask(sidecar.address)
                await ask(sidecar.address)
                found = await samples(address)
                assert (found["queue_events"], found["events_pending"]) == (1, 2)
                assert found["queue_bytes"] > 0
                assert [found[f"dropped_events_total[{kind},events]"] for kind in BOTH] == [1, 1]
                assert [found[f"events_total[{kind},dropped]"] for kind in BOTH] == [1, 1]
                await metrics.close()

    asyncio.run(main())


@pytest.mark.parametrize(
    ("target", "host", "method", "status"),
    [
        ("/metrics?x=y", "127.0.0.1", "GET", 200),
        ("/metrics", "127.0.0.1", "HEAD", 200),
        ("/", "127.0.0.1", "GET", 404),
        ("/metrics", "127.0.0.1", "POST", 405),
        ("/metrics", "foreign.example", "GET", 403),
    ],
)
def test_other_requests(target: str, host: str, method: str, status: int) -> None:
    async def main() -> None:
        async with running(Plan(None, CLOSED)) as sidecar:
            metrics = MetricsServer(sidecar.server)
            address = await metrics.start(ANYWHERE)
            assert (await scrape(address, target, host, method)).startswith(b"HTTP/1.1 %d " % status)
            await metrics.close()

    asyncio.run(main())


def test_nothing_else_imports_prometheus() -> None:
    program = (
        "import sys, isvclog.sidecar.simulation.running, isvclog.cli.app; sys.exit('prometheus_client' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
