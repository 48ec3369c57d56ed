"""A sidecar under load, in a process of its own: nobody's request fails because of logging, and no event gets lost
without an account.

ISVCLOG_LOAD_SECONDS=60 makes it last longer, with the limits of --bounded, and ISVCLOG_IDLE_CLIENTS=10000 has more idle
clients. A short run has lower limits, so that it reaches them.
"""

import asyncio
import contextlib
import json
import os
import resource
import socket
import sys
from collections.abc import AsyncIterator
from typing import Any

import pytest
from load import Clients, Model, SidecarProcess, Sink, sidecar_process
from serving import serving

from isvclog.httpserver import Address

SHORT = 1.6
SECONDS = float(os.environ.get("ISVCLOG_LOAD_SECONDS", SHORT))
IS_SHORT = SECONDS <= SHORT
LOW = {"events": 100} if IS_SHORT else {}
LOW_FOR_CLIENTS = {"connections": 500, "header_seconds": 1} if IS_SHORT else {}
IDLE_CLIENTS = int(os.environ.get("ISVCLOG_IDLE_CLIENTS", "1000"))
SLOW_CLIENTS, WORKERS = 50, 5
MOST_KIB = 128 << 10

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")


@contextlib.asynccontextmanager
async def sidecar(*, bounded: bool, grace: int = 3) -> AsyncIterator[tuple[SidecarProcess, Sink]]:
    sink = Sink()
    await sink.start()
    async with (
        serving(Model().serve) as model,
        sidecar_process(
            model, sink.address, bounded=bounded, limits=LOW, client_limits=LOW_FOR_CLIENTS, grace=grace
        ) as process,
    ):
        yield process, sink
    await sink.stop()


def show(account: dict[str, Any]) -> None:
    """Print an account, which pytest shows with -s and after a failure."""
    print(json.dumps(account, indent=1))


def check_account(account: dict[str, Any], clients: Clients, sink: Sink) -> None:
    """Compare the account with what the clients and the sink have counted."""
    assert account["due"] == clients.due
    assert sum(account["pending"].values()) == account["lost"]
    # What is being sent at the end counts as lost, although the sink may have it.
    unknown = min(account["lost"], WORKERS)
    for kind in ("request", "response"):
        counts = {name.split()[1]: count for name, count in account["events"].items() if name.startswith(kind)}
        assert counts.get("sent", 0) <= sink.answered[kind, 200] <= counts.get("sent", 0) + unknown
        assert counts.get("rejected", 0) == sink.answered[kind, 500]
        not_delivered = clients.due[kind] - sink.answered[kind, 200] - sink.answered[kind, 500]
        told = counts.get("failed", 0) + counts.get("dropped", 0) + account["pending"].get(kind, 0)
        assert told - unknown <= not_delivered <= told
        assert clients.due[kind] == sum(counts.values()) + account["pending"].get(kind, 0)


async def play(sink: Sink, seconds: float) -> None:
    """Let the sink be healthy, slow, failing, gone and back, each for a fifth of the time."""
    for mode in ("healthy", "slow", "failing", "gone", "healthy"):
        if mode == "gone":
            await sink.vanish()
        else:
            if sink.mode == "gone":
                await sink.start()
            sink.mode = mode
        await asyncio.sleep(seconds / 5)


@pytest.mark.parametrize("bounded", [True, False], ids=["bounded", "as the agent"])
def test_a_sink_that_is_slow_fails_and_vanishes(bounded: bool) -> None:
    async def run() -> None:
        async with sidecar(bounded=bounded) as (process, sink):
            clients = Clients(process.address)
            await asyncio.gather(clients.run(8, SECONDS), play(sink, SECONDS))
            account = await process.stop()
        show(account)
        assert not clients.failures
        assert sink.unanswered
        check_account(account, clients, sink)
        if bounded:
            assert account["peak_kib"] < MOST_KIB
            assert account["events"]["request dropped"]

    asyncio.run(run())


def silent_sockets(address: Address, count: int) -> list[socket.socket]:
    """Connect so often, and send nothing; what is refused meanwhile is left out."""
    connected = []
    for _ in range(count):
        try:
            connected.append(socket.create_connection(address, timeout=5))
        except ConnectionError:
            continue
    return connected


async def drip(address: Address, seconds: float) -> None:
    """Send a header so slowly that it never ends."""
    reader, writer = await asyncio.open_connection(*address)
    with contextlib.suppress(OSError):
        writer.write(b"GET / HTTP/1.1\r\n")
        for number in range(int(seconds / 0.2)):
            writer.write(b"X-%d: y\r\n" % number)
            await writer.drain()
            await asyncio.sleep(0.2)
    writer.transport.abort()
    del reader


@pytest.mark.parametrize("bounded", [True, False], ids=["bounded", "as the agent"])
def test_clients_that_are_slow_or_silent(bounded: bool) -> None:
    """Half-open connections, slow-loris clients and idle ones do not keep others from being answered."""
    files = resource.getrlimit(resource.RLIMIT_NOFILE)
    if files[1] != resource.RLIM_INFINITY and files[1] < IDLE_CLIENTS + 500:
        pytest.skip(f"a process may open no more than {files[1]} files")

    async def run() -> None:
        # The sink is in the process of the clients, and may be far behind.
        async with sidecar(bounded=bounded, grace=120) as (process, sink):
            clients = Clients(process.address)
            silent = asyncio.create_task(asyncio.to_thread(silent_sockets, process.address, IDLE_CLIENTS))
            slow = [drip(process.address, SECONDS) for _ in range(SLOW_CLIENTS)]
            await asyncio.gather(clients.run(8, SECONDS), *slow)
            for connection in await silent:
                connection.close()
            account = await process.stop()
        show(account)
        assert not clients.failures
        check_account(account, clients, sink)
        assert account["lost"] == 0
        if bounded:
            assert account["peak_kib"] < MOST_KIB
            assert sum(account["closed"].values()) >= SLOW_CLIENTS

    resource.setrlimit(resource.RLIMIT_NOFILE, (max(files[0], min(files[1], IDLE_CLIENTS + 500)), files[1]))
    try:
        asyncio.run(run())
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, files)
