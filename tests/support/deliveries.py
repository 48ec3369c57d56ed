"""A sidecar whose events are counted, with a model that answers at once."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import NamedTuple

from exchanges import PROBE, RELEASE
from serving import ANYWHERE
from sidecars import RawServer

from isvclog.httpserver import Address
from isvclog.kserve.agent import startup as agent
from isvclog.kserve.agent.settings import AgentSettings
from isvclog.kserve.apis.releases import Release
from isvclog.sidecar.counters import TYPES
from isvclog.sidecar.server import Plan, SidecarServer

ANSWER = b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 18\r\n\r\n{"predictions":[]}'
BODY = b'{"instances":[]}'
REQUEST = (
    b"POST /v1/models/m:predict HTTP/1.1\r\nHost: m\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b"
    % (len(BODY), BODY)
)


class Result(NamedTuple):
    """What became of the events, by type and outcome; `lost` is what was left at the end."""

    counts: dict[tuple[str, str], int]
    reports: list[str]
    lost: int


class Running(NamedTuple):
    """A running sidecar. Connections that `connect` opens are closed with it."""

    server: SidecarServer
    address: Address
    reports: list[str]
    writers: list[asyncio.StreamWriter]

    async def connect(self, data: bytes = b"") -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Open a connection and send something."""
        reader, writer = await asyncio.open_connection(*self.address)
        self.writers.append(writer)
        writer.write(data)
        return reader, writer

    @property
    def counts(self) -> dict[tuple[str, str], int]:
        return {(TYPES[name], outcome): count for (name, outcome), count in self.server.counters.events.items()}

    async def wait_until(self, condition: Callable[[], object]) -> None:
        """Wait until something holds, which the sidecar does without telling."""
        async with asyncio.timeout(10):
            while not condition():
                await asyncio.sleep(0.005)


def settings_of(*args: str, env: dict[str, str] | None = None, release: Release = RELEASE) -> AgentSettings:
    settings = agent.start(list(args), PROBE | (env or {}), release).settings
    assert settings is not None
    return settings


def address_text(server: RawServer) -> str:
    return str(server.address)


@contextlib.asynccontextmanager
async def running(plan: Plan) -> AsyncIterator[Running]:
    """Run a sidecar; what is still to be sent when the block ends is lost."""
    reports: list[str] = []
    server = SidecarServer(plan, reports.append)
    address = await server.listen(ANYWHERE)
    running = Running(server, address, reports, [])
    try:
        yield running
    finally:
        for writer in running.writers:
            writer.transport.abort()
        await server.drain(0)


async def ask(address: Address, request: bytes = REQUEST) -> bytes:
    """Send one request on a connection of its own; return all that comes back."""
    reader, writer = await asyncio.open_connection(*address)
    writer.write(request.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n", 1))
    try:
        return await asyncio.wait_for(reader.read(), 10)
    finally:
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()


async def run_events(
    *args: str, count: int = 1, grace: float = 5, between: Callable[[Running], Awaitable[object]] | None = None,
    release: Release = RELEASE, **plan: object,
) -> Result:  # fmt: skip
    """Run a sidecar with these arguments of the agent and send requests, with `between` after each."""
    async with RawServer(ANSWER) as model:
        made = Plan(settings_of(*args, release=release), model.address, workers=1)._replace(**plan)
        async with running(made) as sidecar:
            for _ in range(count):
                assert (await ask(sidecar.address)).startswith(b"HTTP/1.1 200")
                if between is not None:
                    await between(sidecar)
            lost = await sidecar.server.drain(grace)
            return Result(sidecar.counts, list(sidecar.reports), lost)
