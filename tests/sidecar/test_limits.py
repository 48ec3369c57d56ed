"""What --bounded limits: events that wait, bodies, connections and slow clients; and what it says about it."""

import asyncio
import resource
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest
from deliveries import ANSWER, REQUEST, Running, ask, running, settings_of
from serving import serving
from sidecars import RawServer, read_message

from isvclog.kserve.logger.encoder import EventEncoder
from isvclog.kserve.logger.events import LogRequest
from isvclog.sidecar.counters import Counters
from isvclog.sidecar.delivery import EventQueue
from isvclog.sidecar.limits import Limits
from isvclog.sidecar.server import Plan
from isvclog.sidecar.sinks.connection import LogSink, SinkOptions
from isvclog.sidecar.watch import clients
from isvclog.sidecar.watch.clients import ClientLimits, fitting
from isvclog.sidecar.watch.sink import SinkWatch

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
URL = ("--log-url", "http://sink.example.com/")
LARGE = b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n" + b"x" * 5000
STREAMED = (
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"1f4\r\n%b\r\n" % (b"x" * 500) * 10 + b"0\r\n\r\n"
)


class Gate:
    """A sink that answers once it is opened."""

    def __init__(self) -> None:
        self.opened = asyncio.Event()
        self.events = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while await read_message(reader):
            await self.opened.wait()
            self.events += 1
            writer.write(OK)


@pytest.mark.parametrize(
    ("limits", "phrase", "reason"),
    [
        (Limits(events=2), "2 events wait", "events"),
        (Limits(event_bytes=2200), "the events that wait take 2,200 bytes", "event bytes"),
    ],
)
def test_events_that_wait(limits: Limits, phrase: str, reason: str) -> None:
    async def run() -> None:
        gate = Gate()
        get = b"GET / HTTP/1.1\r\nHost: m\r\n\r\n"
        async with RawServer(ANSWER) as model, serving(gate.serve) as address:
            settings = settings_of(*URL, "--log-mode=request")
            async with running(Plan(settings, model.address, SinkOptions(address), limits, workers=1)) as sidecar:
                for _ in range(5):
                    assert (await ask(sidecar.address, get)).startswith(b"HTTP/1.1 200")
                assert sidecar.server.queue.pending == 3
                assert sidecar.reports == [f"events are dropped: {phrase}, the limit of --bounded"]
                gate.opened.set()
                assert await sidecar.server.drain(5) == 0
                assert sidecar.counts == {("request", "sent"): 3, ("request", "dropped"): 2}
                assert [key[1] for key in sidecar.server.counters.drops] == [reason]
                assert sidecar.reports[1:] == [f"2 events were dropped: {phrase}"]
                assert sidecar.server.queue.waiting_bytes == 0
        assert gate.events == 3

    asyncio.run(run())


@pytest.mark.parametrize("answer", [LARGE, STREAMED])
def test_large_bodies(answer: bytes) -> None:
    """They pass, and are not logged."""

    async def run() -> None:
        async with RawServer(answer) as model, RawServer(OK) as sink:
            plan = Plan(settings_of(*URL), model.address, SinkOptions(sink.address), Limits(body_bytes=1000))
            async with running(plan) as sidecar:
                for size in (10, 2000):
                    request = b"POST / HTTP/1.1\r\nHost: m\r\nContent-Length: %d\r\n\r\n%b" % (size, b"x" * size)
                    assert (await ask(sidecar.address, request)).count(b"x") >= 5000
                assert await sidecar.server.drain(5) == 0
                dropped = {("request", "sent"): 1, ("request", "dropped"): 1, ("response", "dropped"): 2}
                assert sidecar.counts == dropped
                assert sum(sidecar.server.counters.due.values()) == 4
                phrase = "a body has more than 1,000 bytes"
                assert sidecar.reports[0] == f"events are dropped: {phrase}, the limit of --bounded"

    asyncio.run(run())


async def closed(reader: asyncio.StreamReader) -> bool:
    try:
        return not await asyncio.wait_for(reader.read(), 5)
    except ConnectionError:
        return True


def run_limited(limits: ClientLimits, answer: bytes = ANSWER) -> Any:
    """Return a decorator that runs a function with a sidecar."""

    def decorate(check: Any) -> None:
        async def run() -> None:
            async with (
                RawServer(answer) as model,
                running(Plan(None, model.address, client_limits=limits)) as sidecar,
            ):
                await check(sidecar)

        asyncio.run(run())

    return decorate


def test_slow_headers() -> None:
    @run_limited(ClientLimits(header_seconds=0.1))
    async def _(sidecar: Running) -> None:
        silent = await sidecar.connect()
        slow = await sidecar.connect(b"GET / HTTP/1.1\r\n")
        idle = await sidecar.connect(REQUEST)
        await idle[0].readuntil(b"[]}")
        for number in range(20):
            slow[1].write(b"X-%d: y\r\n" % number)
            await asyncio.sleep(0.02)
        assert await closed(silent[0])
        assert await closed(slow[0])
        assert sidecar.server.counters.closed == {"head": 2}
        assert "disconnected 2 clients that sent no complete header within 0.1 s" in sidecar.reports
        idle[1].write(REQUEST)
        assert await idle[0].readuntil(b"[]}")


def test_a_client_that_asks_again_and_again_is_not_slow() -> None:
    @run_limited(ClientLimits(header_seconds=0.3, idle_seconds=0.3))
    async def _(sidecar: Running) -> None:
        reader, writer = await sidecar.connect()
        for _ in range(20):
            writer.write(REQUEST[:9])
            await asyncio.sleep(0.02)
            writer.write(REQUEST[9:])
            assert await reader.readuntil(b"[]}")
        assert not sidecar.reports
        assert await closed(reader)
        assert sidecar.server.counters.closed == {"idle": 1}


def test_bodies_that_stall() -> None:
    @run_limited(ClientLimits(stall_seconds=0.3))
    async def _(sidecar: Running) -> None:
        slow = await sidecar.connect(b"POST / HTTP/1.1\r\nHost: m\r\nContent-Length: 100\r\n\r\n")
        for _ in range(15):
            slow[1].write(b"x")
            await asyncio.sleep(0.03)
        assert not sidecar.reports
        assert await closed(slow[0])
        assert sidecar.reports == ["disconnected 1 client that sent nothing more of a request for 0.3 s"]


def test_answers_that_nobody_reads() -> None:
    size = 20_000_000
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % size + bytes(size)

    @run_limited(ClientLimits(stall_seconds=0.1), answer)
    async def _(sidecar: Running) -> None:
        with socket.create_connection(sidecar.address) as client:
            client.sendall(REQUEST)
            await sidecar.wait_until(lambda: sidecar.reports)
        assert sidecar.reports == ["disconnected 1 client that read nothing of an answer for 0.1 s"]


def test_models_may_take_their_time() -> None:
    @run_limited(ClientLimits(header_seconds=0.05, idle_seconds=0.05, stall_seconds=0.05), b"")
    async def _(sidecar: Running) -> None:
        await sidecar.connect(REQUEST)
        await asyncio.sleep(0.2)
        assert not sidecar.reports


def test_too_many_idle_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clients, "YOUNG", 0)

    @run_limited(ClientLimits(connections=20))
    async def _(sidecar: Running) -> None:
        idle = [await sidecar.connect() for _ in range(100)]
        assert (await ask(sidecar.address)).startswith(b"HTTP/1.1 200")
        assert len(sidecar.server.sidecar.clients) <= 20
        assert await closed(idle[0][0])
        assert sidecar.server.counters.closed["evicted"] >= 80
        assert sidecar.reports == [
            "more than 20 connections, the limit of --bounded: those that have been idle longest are closed"
        ]


def test_a_request_that_was_not_read_yet_is_not_idle() -> None:
    """Of connections on which nothing was read, those on which something has arrived are kept."""

    async def run() -> None:
        gate = asyncio.Event()
        served: list[asyncio.StreamWriter] = []

        async def serve(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            served.append(writer)
            writer.transport.pause_reading()  # type: ignore[attr-defined]
            await gate.wait()

        async with serving(serve) as address:
            writers = [(await asyncio.open_connection(*address))[1] for _ in range(2)]
            while len(served) < 2:
                await asyncio.sleep(0)
            writers[0].write(b"GET")
            await asyncio.sleep(0.05)
            found = list(clients.silent([Descriptor(writer) for writer in served]))
            assert len(found) == 1
            for writer in writers:
                writer.transport.abort()
            gate.set()

    asyncio.run(run())


class Descriptor:
    """A connection of which only the descriptor is known."""

    def __init__(self, writer: asyncio.StreamWriter) -> None:
        self._writer = writer

    def fileno(self) -> int:
        return int(self._writer.get_extra_info("socket").fileno())


def test_too_many_busy_connections() -> None:
    """Those that are young are let be until there are twice as many."""

    @run_limited(ClientLimits(connections=3), b"")
    async def _(sidecar: Running) -> None:
        for _ in range(6):
            await sidecar.connect(REQUEST)
        await sidecar.wait_until(lambda: len(sidecar.server.sidecar.clients) == 6)
        assert (await ask(sidecar.address)).startswith(b"HTTP/1.1 503")
        assert sidecar.reports == [
            "more than 3 connections, the limit of --bounded: none is idle: new ones are refused"
        ]
        assert sidecar.server.counters.closed == {"refused": 1}


@contextmanager
def few_files(count: int) -> Iterator[None]:
    """Leave this process only so many files."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    with ExitStack() as stack, socket.socket() as highest:
        first = highest.fileno()
        stack.callback(resource.setrlimit, resource.RLIMIT_NOFILE, before)
        resource.setrlimit(resource.RLIMIT_NOFILE, (first + count, before[1]))
        yield


def test_connections_need_files() -> None:
    """One for the client and one for the model, and for a while twice as many."""
    assert fitting(ClientLimits(connections=10_000), 528) == ClientLimits(connections=100)
    assert fitting(ClientLimits(), 328) == ClientLimits()


def test_no_files_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sentence, and no traceback; and it goes on once there are files again."""
    monkeypatch.setattr(asyncio.constants, "ACCEPT_RETRY_DELAY", 0.05)

    @run_limited(ClientLimits())
    async def _(sidecar: Running) -> None:
        sockets = [socket.socket() for _ in range(10)]
        for client in sockets:
            client.setblocking(False)
        with few_files(5):
            loop = asyncio.get_running_loop()
            await asyncio.gather(*(loop.sock_connect(client, sidecar.address) for client in sockets))
            await sidecar.wait_until(lambda: sidecar.reports)
        assert sidecar.reports[0].startswith(
            "no more connections are accepted for now: [Errno 24] Too many open files, with "
        )
        await sidecar.wait_until(lambda: len(sidecar.server.sidecar.clients) == 10)
        for client in sockets:
            client.close()


def test_a_sink_that_hangs_is_told() -> None:
    settings = settings_of(*URL)
    logged = [LogRequest(settings, "a.request", str(number), "", None, b"x" * 1000, 0) for number in range(2000)]

    async def run() -> list[str]:
        reports: list[str] = []
        gate = Gate()
        async with serving(gate.serve) as address:
            sink = LogSink(settings, SinkOptions(address), reports.append)
            queue = EventQueue(sink, 2, Limits(), Counters(), reports.append)
            watch = SinkWatch(lambda: queue, Limits(), reports.append)
            encoder = EventEncoder(settings)
            queue.put(encoder, logged[0])
            watch.look(0)
            for item in logged[1:]:
                queue.put(encoder, item)
            for now in (1, 5, 12, 30):
                watch.look(now)
            gate.opened.set()
            assert await queue.drain(10) == 0
            watch.look(31)
            queue.close()
        return reports

    assert asyncio.run(run()) == [
        "1,998 events wait for the sink and take 4 MiB; the agent has no limit, --bounded has",
        "the sink has answered none of 2 events for 11 s; "
        "the agent's workers wait without a limit and send nothing else (--timeout limits that)",
    ]
