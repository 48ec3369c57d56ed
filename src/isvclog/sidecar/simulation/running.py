"""The life of a simulation: it listens, and at its end it answers what has begun and sends what is queued."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import Any, Protocol

from isvclog.errors import IsvclogError
from isvclog.httpserver import Address, Handler, HttpLimits, HttpServer, ServerOrigin, stop_event
from isvclog.kserve.agent.settings import AgentSettings, BatcherSettings
from isvclog.kserve.agent.startup import MAX_ARGUMENT_BYTES
from isvclog.kserve.logger.events import LogRequest
from isvclog.kserve.logger.tls import CA_DIR
from isvclog.records import NamedTuple
from isvclog.sidecar.counters import OUTCOMES, SENT, TYPES
from isvclog.sidecar.following.updates import UpdateControl
from isvclog.sidecar.limits import Limits
from isvclog.sidecar.server import Plan, SidecarServer
from isvclog.sidecar.simulation.folding import MessageFolder
from isvclog.sidecar.simulation.sample_model import answer_sample
from isvclog.sidecar.sinks.connection import SinkOptions
from isvclog.sidecar.watch.clients import ClientLimits

_LIMITS = HttpLimits(connections=20_000, body_bytes=1 << 30, idle_seconds=3_600)
"""The sidecar is the only client: its connections are kept as long as it keeps them."""
_ANYWHERE = Address("127.0.0.1", 0)
_EXPIRY_SECONDS = 0.2


class Receiver(Protocol):
    """The sink that is built in."""

    is_full: asyncio.Event
    """It is set when the sink wants no more."""

    @property
    def handle(self) -> Handler: ...

    def expire(self, now: float) -> None:
        """Report events whose other half did not come; `now` is in seconds, as `time.monotonic` counts."""


class Simulation(NamedTuple):
    """The parts of a simulation.

    `settings` are those of the agent, None if no logger runs, and `batcher` those of its batcher, None if none runs.
    `upstream` and `sink` are servers in place of the sample model and of `receiver`. `mask` changes what is logged
    before it is sent, None for nothing. `grace` is the time in seconds in which everything ends. `metrics` is where
    metrics are served, None for nowhere. `follow` applies changes of the service without end, None if it is not
    followed; `args` are the agent's arguments, with which changes are compared. The others are those of Plan.
    """

    settings: AgentSettings | None
    listen: Address
    receiver: Receiver
    upstream: Address | None = None
    sink: ServerOrigin | None = None
    batcher: BatcherSettings | None = None
    mask: Callable[[LogRequest], LogRequest] | None = None
    grace: float = 30
    metrics: Address | None = None
    follow: Callable[[UpdateControl], Coroutine[Any, Any, None]] | None = None
    args: Sequence[str] = ()
    limits: Limits = Limits()
    client_limits: ClientLimits = ClientLimits()
    max_metadata: int = MAX_ARGUMENT_BYTES
    blob_dir: str | None = None
    ca_dir: str = CA_DIR

    def plan(self, model: Address, sink: ServerOrigin) -> Plan:
        """Build the plan of the sidecar between a model and a sink."""
        return Plan(
            self.settings,
            model,
            SinkOptions(sink.address, sink.scheme == "https", self.ca_dir),
            self.limits,
            max(0, self.settings.workers) if self.settings else 0,
            self.mask,
            self.blob_dir,
            self.max_metadata,
            self.batcher,
            self.client_limits,
        )


class Ending(NamedTuple):
    """The counts of a simulation that ended: requests, and events by type ("request") and outcome ("sent").

    An event whose outcome is `pending` was not sent in time. `drops` counts dropped events by type and the limit that
    was reached, `retries` further attempts to send an event, and `closed` connections of clients that were closed, by
    reason. `generation` is the number of the last metadata, from 1.
    """

    requests: int
    events: dict[str, dict[str, int]]
    drops: dict[str, dict[str, int]]
    retries: int
    closed: dict[str, int]
    generation: int

    @property
    def lost(self) -> int:
        """The number of events that the sink did not take."""
        return sum(count for outcomes in self.events.values() for outcome, count in outcomes.items() if outcome != SENT)


class Running(NamedTuple):
    """A simulation that listens: its address, that of its metrics or None, and what is to be known about it."""

    address: Address
    metrics: Address | None = None
    notes: Sequence[str] = ()


class SimulationReports(Protocol):
    """The receiver of what a simulation tells while it runs."""

    def started(self, running: Running) -> None:
        """Report that it listens."""

    def changed(self, generation: int, settings: AgentSettings | None, sentence: str) -> None:
        """Report what became of a change of the service; `generation` is the number of the settings in use."""

    def ending(self, pending: int) -> None:
        """Report that it ends as soon as so many events are sent."""

    def lost(self, message: str) -> None:
        """Report the agent's message about lost events."""


async def run_simulation(simulation: Simulation, reports: SimulationReports) -> Ending:
    """Simulate until a signal comes, or the built-in sink wants no more. Raises IsvclogError if it cannot listen."""
    stopped = stop_event()
    folder = MessageFolder(reports.lost)
    async with AsyncExitStack() as stack:
        model, sink = simulation.upstream, simulation.sink
        if model is None:
            model = await stack.enter_async_context(_serve(answer_sample))
        if sink is None:
            sink = ServerOrigin("http", await stack.enter_async_context(_receive(simulation.receiver)))
        server = SidecarServer(simulation.plan(model, sink), folder)
        metrics = await stack.enter_async_context(_serve_metrics(server, simulation.metrics))
        address = await server.listen(simulation.listen)
        try:
            reports.started(Running(address, metrics, tuple(server.notes)))
            await _until(stopped, simulation.receiver.is_full, _following(simulation, server, reports))
            if pending := sum(queue.pending for queue in server.queues):
                reports.ending(pending)
        finally:
            await server.drain(simulation.grace)
        folder.flush()
    return _count(server)


async def _following(simulation: Simulation, server: SidecarServer, reports: SimulationReports) -> None:
    """Follow the service without end, or do nothing."""
    if simulation.follow is None:
        await asyncio.Event().wait()
    else:

        def report(sentence: str) -> None:
            reports.changed(server.number, server.settings, sentence)

        await simulation.follow(UpdateControl(server, simulation.args, report))


async def _until(stopped: asyncio.Event, full: asyncio.Event, following: Coroutine[Any, Any, None]) -> None:
    """Wait for one of two events, while a coroutine runs; raise what it raises."""
    tasks = [asyncio.create_task(part) for part in (stopped.wait(), full.wait(), following)]
    done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in pending:
        task.cancel()
    await asyncio.gather(*pending, return_exceptions=True)
    for task in done:
        task.result()


@asynccontextmanager
async def _serve_metrics(sidecar: SidecarServer, address: Address | None) -> AsyncIterator[Address | None]:
    """Serve the metrics of a sidecar at an address, or not at all for None. Raises IsvclogError."""
    if address is None:
        yield None
        return
    try:
        from isvclog.sidecar.metrics import MetricsServer
    except ImportError as error:
        raise IsvclogError(
            f"--metrics needs the package prometheus_client, which cannot be imported ({error}); install it, or leave "
            "out --metrics."
        ) from None
    server = MetricsServer(sidecar)
    try:
        yield await server.start(address)
    finally:
        await server.close()


@asynccontextmanager
async def _serve(handler: Handler) -> AsyncIterator[Address]:
    server = HttpServer(handler, _LIMITS)
    address = await server.start(_ANYWHERE)
    try:
        yield address
    finally:
        await server.close()


@asynccontextmanager
async def _receive(receiver: Receiver) -> AsyncIterator[Address]:
    async with _serve(receiver.handle) as address:
        expiry = asyncio.create_task(_expire(receiver))
        try:
            yield address
        finally:
            expiry.cancel()
            with suppress(asyncio.CancelledError):
                await expiry
    receiver.expire(time.monotonic())


async def _expire(receiver: Receiver) -> None:
    while True:
        await asyncio.sleep(_EXPIRY_SECONDS)
        receiver.expire(time.monotonic())


def _count(server: SidecarServer) -> Ending:
    counters = server.counters
    events = {}
    drops: dict[str, dict[str, int]] = {}
    for kind, name in TYPES.items():
        outcomes = {outcome: counters.events[kind, outcome] for outcome in OUTCOMES if counters.events[kind, outcome]}
        if pending := counters.due[kind] - sum(outcomes.values()):
            outcomes["pending"] = pending
        events[name] = outcomes
        drops[name] = {reason: count for (dropped, reason), count in counters.drops.items() if dropped == kind}
    return Ending(counters.exchanges, events, drops, counters.retries, dict(counters.closed), server.number)
