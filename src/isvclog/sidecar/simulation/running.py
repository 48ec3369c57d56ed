"""The life of a simulation: it listens, and at its end it answers what has begun and sends what is queued."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import NamedTuple, Protocol

from isvclog.httpserver import Address, Handler, HttpLimits, HttpServer, stop_event
from isvclog.kserve.agent.settings import AgentSettings, BatcherSettings
from isvclog.kserve.logger.events import LogRequest
from isvclog.sidecar.counters import OUTCOMES, SENT, TYPES, Counters
from isvclog.sidecar.server import Plan, SidecarServer
from isvclog.sidecar.simulation.folding import MessageFolder
from isvclog.sidecar.simulation.sample_model import answer_sample
from isvclog.sidecar.sinks.connection import SinkOptions

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

    `settings` are those of the agent, None if no logger runs. `upstream` and `sink` are addresses in place of the
    sample model and of `receiver`. `mask` changes what is logged before it is sent, None for nothing. `grace` is the
    time in seconds in which everything ends. `batcher` is None if the agent collects no requests.
    """

    settings: AgentSettings | None
    listen: Address
    receiver: Receiver
    upstream: Address | None = None
    sink: Address | None = None
    mask: Callable[[LogRequest], LogRequest] | None = None
    grace: float = 30
    batcher: BatcherSettings | None = None


class Ending(NamedTuple):
    """The counts of a simulation that ended: requests, and events by type ("request") and outcome ("sent").

    An event whose outcome is `pending` was not sent in time.
    """

    requests: int
    events: dict[str, dict[str, int]]

    @property
    def lost(self) -> int:
        """The number of events that the sink did not take."""
        return sum(count for outcomes in self.events.values() for outcome, count in outcomes.items() if outcome != SENT)


class SimulationReports(Protocol):
    """The receiver of what a simulation tells while it runs."""

    def started(self, address: Address) -> None:
        """Report the address on which it listens."""

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
            sink = await stack.enter_async_context(_receive(simulation.receiver))
        workers = max(0, simulation.settings.workers) if simulation.settings else 0
        plan = Plan(
            simulation.settings,
            model,
            SinkOptions(sink, tls=False),
            workers=workers,
            mask=simulation.mask,
            batcher=simulation.batcher,
        )
        server = SidecarServer(plan, folder)
        reports.started(await server.listen(simulation.listen))
        await _wait_for_any(stopped, simulation.receiver.is_full)
        if server.queue.pending:
            reports.ending(server.queue.pending)
        await server.drain(simulation.grace)
        folder.flush()
    return _count(server.counters)


async def _wait_for_any(*events: asyncio.Event) -> None:
    tasks = [asyncio.create_task(event.wait()) for event in events]
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


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


def _count(counters: Counters) -> Ending:
    events = {}
    for kind, name in TYPES.items():
        outcomes = {outcome: counters.events[kind, outcome] for outcome in OUTCOMES if counters.events[kind, outcome]}
        if pending := counters.due[kind] - sum(outcomes.values()):
            outcomes["pending"] = pending
        events[name] = outcomes
    return Ending(counters.exchanges, events)
