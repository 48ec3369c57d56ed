"""A running sidecar between a model and a sink that are raw sockets: what comes in goes out as the test says."""

import asyncio
import base64
import contextlib
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Any

from exchanges import PROBE, RELEASE, fields
from http2_peers import Http2ModelServer, answering, http2_client, request_fields

from isvclog.httpserver import Address
from isvclog.kserve.agent import startup as agent
from isvclog.kserve.golang.strings import to_bytes
from isvclog.sidecar.server import Plan, SidecarServer
from isvclog.sidecar.sinks.connection import SinkOptions

CLOSED = Address("127.0.0.1", 9)
"""An address where nothing listens."""


def head(first: str, headers: Sequence[tuple[str, str]]) -> bytes:
    return to_bytes("".join([f"{first}\r\n", *(f"{name}: {value}\r\n" for name, value in headers), "\r\n"]))


async def read_message(reader: asyncio.StreamReader) -> bytes:
    """Read a request whose body has a length; empty at the end of the connection."""
    try:
        start = await reader.readuntil(b"\r\n\r\n")
        length = next(
            (line.partition(b":")[2] for line in start.split(b"\r\n") if line.lower().startswith(b"content-length:")),
            b"0",
        )
        return start + await reader.readexactly(int(length))
    except (asyncio.IncompleteReadError, ConnectionError):
        return b""


class RawServer:
    """Answers each request with the same bytes, or with those that a function makes; keeps the requests.

    `on_request` is called before each answer.
    """

    def __init__(
        self, answer: bytes | Callable[[bytes], bytes], *, close: bool = False, tls: ssl.SSLContext | None = None
    ) -> None:
        self.requests: list[bytes] = []
        self._answer, self._close, self._tls = answer, close, tls
        self.arrived = asyncio.Event()
        self.on_request: Callable[[], None] = lambda: None
        self._serving: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> "RawServer":
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=1 << 22, ssl=self._tls)
        self.address = Address("127.0.0.1", self._server.sockets[0].getsockname()[1])
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for task in list(self._serving):
            task.cancel()
        await asyncio.gather(*self._serving, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._serving.add(task)
        with contextlib.suppress(asyncio.CancelledError):
            await self._answer_all(reader, writer)
        self._serving.discard(task)
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()

    async def _answer_all(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while request := await read_message(reader):
            self.requests.append(request)
            self.arrived.set()
            self.on_request()
            writer.write(self._answer if isinstance(self._answer, bytes) else self._answer(request))
            if self._close:
                break

    async def wait_for(self, count: int) -> list[bytes]:
        """Wait until so many requests are there."""
        while len(self.requests) < count:
            self.arrived.clear()
            await asyncio.wait_for(self.arrived.wait(), 5)
        return self.requests


def answer_bytes(response: dict[str, Any]) -> bytes:
    headers = fields(response["headers"])
    body = base64.b64decode(response["body_b64"])
    names = {name.lower() for name, _ in headers}
    if "transfer-encoding" in names:
        body = b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body) if body else b"0\r\n\r\n"
    elif "content-length" not in names:
        headers = [*headers, ("Content-Length", str(len(body)))]
    return head(f"HTTP/1.1 {response['status']} Status", headers) + body


async def run_case(case: dict[str, Any]) -> tuple[int | None, list[bytes]]:
    """Run one measured exchange; return the status that the client saw, and the events that arrived."""
    started = agent.start(case["args"], PROBE | case.get("env", {}), RELEASE)
    ask = (ask_http2 if case.get("protocol") == "h2c" else ask_http1)(case["request"])
    sink_answer = b"HTTP/1.1 %d Status\r\nContent-Length: 0\r\n\r\n" % case.get("sink_status", 200)
    async with model_of(case) as model, RawServer(sink_answer) as sink:
        reports: list[str] = []
        plan = Plan(started.settings, model, SinkOptions(sink.address), workers=1, batcher=started.batcher)
        server = SidecarServer(plan, reports.append)
        address = await server.listen(Address("127.0.0.1", 0))
        status = await ask(address)
        assert await server.drain(5) == 0
        return status, sink.requests


@contextlib.asynccontextmanager
async def model_of(case: dict[str, Any]) -> AsyncIterator[Address]:
    """Run the model of a measured exchange."""
    response = case["response"]
    if response is None:
        yield CLOSED
    elif case.get("protocol") == "h2c":
        body, trailers = base64.b64decode(response["body_b64"]), response.get("trailers", ())
        answer = answering(response["status"], fields(response["headers"]), body, trailers)
        async with Http2ModelServer(answer) as http2_model:
            yield http2_model.address
    else:
        async with RawServer(answer_bytes(response), close=bool(response.get("truncated"))) as model:
            yield model.address


def ask_http2(request: dict[str, Any]) -> Callable[[Address], Awaitable[int | None]]:
    """Return a function that sends a measured request over HTTP/2, and returns the status."""

    async def ask(address: Address) -> int | None:
        async with http2_client(address) as client:
            sent = request_fields(request["method"], request["path"], fields(request["headers"]))
            client.send(1, sent, base64.b64decode(request["body_b64"]))
            return int((await client.message(1)).get(":status"))

    return ask


def ask_http1(request: dict[str, Any]) -> Callable[[Address], Awaitable[int | None]]:
    """Return a function that sends a measured request, and returns the status; None if the answer is incomplete."""

    async def ask(address: Address) -> int | None:
        reader, writer = await asyncio.open_connection(*address)
        line = f"{request['method']} {request['path']} HTTP/1.1"
        writer.write(head(line, fields(request["headers"])) + base64.b64decode(request["body_b64"]))
        try:
            return await asyncio.wait_for(_read_status(reader, request["method"]), 5)
        finally:
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()

    return ask


async def _read_status(reader: asyncio.StreamReader, method: str) -> int | None:
    try:
        start = (await reader.readuntil(b"\r\n\r\n")).lower()
        status = int(start.split()[1])
        if method == "HEAD" or status in (204, 304):
            return status
        if b"transfer-encoding: chunked" in start:
            while (size := int(await reader.readuntil(b"\r\n"), 16)) > 0:
                await reader.readexactly(size + 2)
        elif b"content-length: " in start:
            await reader.readexactly(int(start.partition(b"content-length: ")[2].partition(b"\r\n")[0]))
        else:
            await reader.read()
    except (asyncio.IncompleteReadError, ConnectionError):
        return None
    return status
