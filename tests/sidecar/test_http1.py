"""HTTP/1.1 through a running sidecar: requests sent ahead, sides that are slow or gone, and large bodies."""

import asyncio
import contextlib
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import NamedTuple

from sidecars import CLOSED, read_message

from isvclog.httpserver import Address
from isvclog.sidecar.server import Plan, SidecarServer

PROBE = b"GET / HTTP/1.1\r\nHost: h\r\nK-Network-Probe: probe\r\n\r\n"
MIB = 1 << 20

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class Running(NamedTuple):
    server: SidecarServer
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter


@contextlib.asynccontextmanager
async def running(serve: Serve) -> AsyncIterator[Running]:
    """Run a sidecar between a client and a model with this function for each connection."""

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, asyncio.CancelledError, ConnectionError):
            await serve(reader, writer)
        writer.close()

    async with await asyncio.start_server(accept, "127.0.0.1", 0) as model:
        server = SidecarServer(Plan(None, Address("127.0.0.1", model.sockets[0].getsockname()[1])), lambda _: None)
        address = await server.listen(Address("127.0.0.1", 0))
        reader, writer = await asyncio.open_connection(*address)
        try:
            yield Running(server, reader, writer)
        finally:
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()
            await server.drain(5)


def get(path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: h\r\n\r\n".encode()


async def echo_target(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while True:
        target = (await reader.readuntil(b"\r\n\r\n")).split()[1]
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(target), target))


async def read_body(reader: asyncio.StreamReader) -> bytes:
    head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 20)
    length = re.search(rb"\r\nContent-Length: (\d+)\r\n", head)
    assert length, head
    return await asyncio.wait_for(reader.readexactly(int(length[1])), 20)


def test_requests_sent_ahead_are_answered_in_their_order() -> None:
    """Thousands of probes, which need no model, wait behind each request to it."""

    async def scenario() -> None:
        async with running(echo_target) as sidecar:
            batch = b"".join([get("/a"), PROBE * 3000, get("/b"), PROBE * 3000, get("/c")])
            sidecar.writer.write(batch)
            bodies = [await read_body(sidecar.reader) for _ in range(6003)]
            probed = [bodies[1]] * 3000
            assert b"probe" in bodies[1]
            assert bodies == [b"/a", *probed, b"/b", *probed, b"/c"]

    asyncio.run(scenario())


async def echo_request(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while request := await read_message(reader):
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(request), request))


def test_a_head_that_comes_again_is_passed_on_with_its_own_body() -> None:
    async def scenario() -> None:
        async with running(echo_request) as sidecar:
            for body, field in ((b"one", b"X-A: 1"), (b"two", b"X-A: 1"), (b"three", b"X-A: 1"), (b"fours", b"X-A: 2")):
                sidecar.writer.write(b"POST / HTTP/1.1\r\nHost: h\r\n%b\r\n" % field)
                sidecar.writer.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
                head, _, passed = (await read_body(sidecar.reader)).partition(b"\r\n\r\n")
                assert passed == body
                assert b"\r\nContent-Length: %d\r\n" % len(body) in head
                assert b"\r\n%b\r\n" % field in head

    asyncio.run(scenario())


def test_reading_pauses_behind_sixteen_requests_sent_ahead() -> None:
    async def scenario() -> None:
        answering = asyncio.Event()

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await answering.wait()
            await echo_target(reader, writer)

        async with running(serve) as sidecar:
            padded = b"GET /a HTTP/1.1\r\nHost: h\r\nX-Pad: %b\r\n\r\n" % (b"x" * 10_000)
            count = 2000
            sidecar.writer.write(padded * count)
            left = -1
            while left != (left := sidecar.writer.transport.get_write_buffer_size()):
                await asyncio.sleep(0.05)
            answering.set()
            assert left > 5 * MIB, "the sidecar reads no more than the system buffers"
            for _ in range(count):
                assert await read_body(sidecar.reader) == b"/a"

    asyncio.run(scenario())


def test_a_slow_client_makes_the_model_wait() -> None:
    async def scenario() -> None:
        sent = 0
        size = 64 * MIB

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            nonlocal sent
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % size)
            while sent < size:
                writer.write(b"x" * MIB)
                await writer.drain()
                sent += MIB

        async with running(serve) as sidecar:
            sidecar.writer.write(get("/"))
            await sidecar.reader.readuntil(b"\r\n\r\n")
            before = -1
            while before != (before := sent) or not sent:
                await asyncio.sleep(0.05)
            assert sent < size / 2
            assert len(await sidecar.reader.readexactly(size)) == size

    asyncio.run(scenario())


def test_large_bodies_pass_both_ways() -> None:
    async def scenario() -> None:
        size = 100 * MIB

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            left = size
            while left:
                left -= len(await reader.read(left))
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % size)
            for _ in range(100):
                writer.write(bytes(MIB))
                await writer.drain()

        async with running(serve) as sidecar:
            started = time.monotonic()
            sidecar.writer.write(b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: %d\r\n\r\n" % size)
            for _ in range(100):
                sidecar.writer.write(bytes(MIB))
                await sidecar.writer.drain()
            await sidecar.reader.readuntil(b"\r\n\r\n")
            left = size
            while left:
                left -= len(await sidecar.reader.read(left))
            assert time.monotonic() - started < 30

    asyncio.run(scenario())


def test_a_client_that_is_gone_ends_the_request_to_the_model() -> None:
    async def scenario() -> None:
        began, ended = asyncio.Event(), asyncio.Event()

        async def serve(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            began.set()
            with contextlib.suppress(ConnectionError):
                await reader.read()
            ended.set()

        async with running(serve) as sidecar:
            sidecar.writer.write(get("/"))
            await began.wait()
            sidecar.writer.close()
            await asyncio.wait_for(ended.wait(), 5)

    asyncio.run(scenario())


def test_a_request_sent_ahead_is_asked_for_its_body_when_its_turn_comes() -> None:
    async def scenario() -> None:
        async with running(echo_target) as sidecar:
            expecting = b"POST /b HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 0\r\n\r\n"
            sidecar.writer.write(get("/a") + expecting.replace(b"Length: 0", b"Length: 2"))
            assert await read_body(sidecar.reader) == b"/a"
            assert await asyncio.wait_for(sidecar.reader.readuntil(b"\r\n\r\n"), 5) == b"HTTP/1.1 100 Continue\r\n\r\n"

    asyncio.run(scenario())


def test_switching_protocols_is_refused_with_a_sentence() -> None:
    async def scenario() -> None:
        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            assert b"\r\nUpgrade: websocket\r\n" in await reader.readuntil(b"\r\n\r\n")
            writer.write(b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n\x81")

        async with running(serve) as sidecar:
            upgrade = b"GET / HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"
            sidecar.writer.write(upgrade)
            assert b"the agent's logger passes on none but HTTP" in await read_body(sidecar.reader)

    asyncio.run(scenario())


def test_a_model_that_is_not_there_gives_502() -> None:
    async def scenario() -> None:
        server = SidecarServer(Plan(None, CLOSED), lambda _: None)
        reader, writer = await asyncio.open_connection(*await server.listen(Address("127.0.0.1", 0)))
        writer.write(get("/"))
        assert b" 502 " in await reader.readline()
        writer.close()
        await writer.wait_closed()
        await server.drain(5)

    asyncio.run(scenario())
