"""HTTP/2 through a running sidecar: streams, flow control, trailers, drains, and what floods it."""

import asyncio
import contextlib
import itertools
from collections.abc import AsyncIterator, Callable
from typing import NamedTuple

import pytest
from exchanges import PROBE, RELEASE
from h2 import events
from h2.errors import ErrorCodes
from h2.exceptions import ProtocolError
from http2_peers import (
    Http2ModelServer,
    Http2Peer,
    Message,
    answering,
    http2_client,
    request_fields,
)
from hypothesis import given
from hypothesis import strategies as st
from sidecars import CLOSED, RawServer

from isvclog.httpserver import Address
from isvclog.kserve.agent import startup as agent
from isvclog.kserve.apis.releases import find_release
from isvclog.sidecar.http2.client import Http2Client
from isvclog.sidecar.http2.goaway import PREFACE, GoawayFilter, goaway
from isvclog.sidecar.server import Plan, SidecarServer
from isvclog.sidecar.sinks.connection import SinkOptions

GRPC = "/inference.GRPCInferenceService/ModelInfer"
FIELDS = [("content-type", "application/grpc"), ("te", "trailers")]
TAKEN = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"


class Running(NamedTuple):
    server: SidecarServer
    sink: RawServer
    client: Http2Peer

    def ask(self, stream: int, body: bytes = b"", path: str = GRPC) -> None:
        self.client.send(stream, request_fields("POST", path, FIELDS), body)


@contextlib.asynccontextmanager
async def running(model: Address, release: str = "") -> AsyncIterator[Running]:
    flags = ["--log-url", "http://sink/", "--log-mode", "all", "--inference-service", "iris"]
    settings = agent.start(flags, PROBE, find_release(release) if release else RELEASE).settings
    async with RawServer(TAKEN) as sink:
        server = SidecarServer(Plan(settings, model, SinkOptions(sink.address), workers=1), lambda _: None)
        address = await server.listen(Address("127.0.0.1", 0))
        async with http2_client(address) as client:
            yield Running(server, sink, client)
            await client.close()
            await server.drain(5)


def frame(kind: int, flags: int, stream: int, payload: bytes) -> bytes:
    return len(payload).to_bytes(3, "big") + bytes((kind, flags)) + stream.to_bytes(4, "big") + payload


def types(events: list[bytes]) -> list[str]:
    return [event.partition(b"Ce-Type: ")[2].partition(b"\r\n")[0].decode().rpartition(".")[2] for event in events]


async def wait_until(condition: Callable[[], object]) -> None:
    for _ in range(1000):
        if condition():
            return
        await asyncio.sleep(0.005)
    raise AssertionError("it never came true")


def test_trailers_pass_both_ways_and_a_grpc_error_is_logged() -> None:
    async def scenario() -> None:
        answer = answering(200, FIELDS, b"\0\0\0\0\0", [("grpc-status", "13"), ("grpc-message", "no")])
        async with Http2ModelServer(answer) as model, running(model.address) as sidecar:
            fields = [*FIELDS, ("trailer", "x-checksum")]
            trailers = [("x-checksum", "5"), ("x-other", "not announced")]
            sidecar.client.send(1, request_fields("POST", GRPC, fields), b"\0\0\0\0\0", trailers)
            answered = await sidecar.client.message(1)
            assert answered.trailers == [("grpc-status", "13"), ("grpc-message", "no")]
            request = model.requests[0]
            assert request.trailers == [("x-checksum", "5")]
            assert request.fields == [
                (":authority", "iris.example"),
                (":method", "POST"),
                (":path", GRPC),
                (":scheme", "http"),
                ("trailer", "X-Checksum"),
                ("content-type", "application/grpc"),
                ("te", "trailers"),
                ("x-forwarded-for", "127.0.0.1"),
                ("accept-encoding", "gzip"),
            ]
            assert types(await sidecar.sink.wait_for(2)) == ["request", "response"]

    asyncio.run(scenario())


def test_an_answer_of_trailers_only_stays_one() -> None:
    async def scenario() -> None:
        answer = answering(200, [("grpc-status", "5")])
        async with Http2ModelServer(answer) as model, running(model.address) as sidecar:
            sidecar.ask(1)
            began = await sidecar.client.wait_for(events.ResponseReceived, 1)
            assert began.stream_ended is not None

    asyncio.run(scenario())


def test_an_agent_before_0_10_proxies_grpc_without_logging() -> None:
    async def scenario() -> None:
        async with Http2ModelServer(answering(200)) as model, running(model.address, "0.9.0") as sidecar:
            sidecar.ask(1)
            assert (await sidecar.client.message(1)).get(":status") == "200"
            assert sidecar.server.queue.pending == 0
            assert not sidecar.sink.requests

    asyncio.run(scenario())


def test_streams_are_answered_in_any_order() -> None:
    waiting: list[int] = []

    def backwards(peer: Http2Peer, stream: int, _: Message) -> None:
        waiting.append(stream)
        if len(waiting) == 20:
            for number in reversed(waiting):
                answering(200, body=b"%d" % number)(peer, number, Message([]))

    async def scenario() -> None:
        async with Http2ModelServer(backwards) as model, running(model.address) as sidecar:
            streams = range(1, 41, 2)
            for number in streams:
                sidecar.ask(number)
            answers = [await sidecar.client.message(number) for number in streams]
            # The model's numbers follow the order of the requests.
            assert [answer.body for answer in answers] == [b"%d" % number for number in streams]
            assert len(model.peers) == 1

    asyncio.run(scenario())


def test_large_bodies_pass_in_windows() -> None:
    """Neither side may send 5 MiB at once: each goes on when the other has made room."""
    body = bytes(range(256)) * (5 << 12)

    def echo(peer: Http2Peer, stream: int, request: Message) -> None:
        send_all(peer, stream, request.body)

    async def scenario() -> None:
        async with Http2ModelServer(echo) as model, running(model.address) as sidecar:
            sidecar.client.h2.send_headers(1, request_fields("POST", GRPC, FIELDS))
            at = 0
            while at < len(body):
                size = min(sidecar.client.h2.local_flow_control_window(1), 16_384, len(body) - at)
                if size:
                    sidecar.client.h2.send_data(1, body[at : at + size], end_stream=at + size == len(body))
                    sidecar.client.flush()
                    at += size
                else:
                    await sidecar.client.next()
            assert (await sidecar.client.message(1)).body == body
            assert model.requests[0].body == body

    asyncio.run(scenario())


def send_all(peer: Http2Peer, stream: int, body: bytes) -> None:
    """Send an answer as the windows allow it, in a task of its own."""

    async def send() -> None:
        peer.h2.send_headers(stream, [(b":status", b"200")])
        at = 0
        while at < len(body):
            size = min(peer.h2.local_flow_control_window(stream), 16_384, len(body) - at)
            if size:
                peer.h2.send_data(stream, body[at : at + size], end_stream=at + size == len(body))
                at += size
            else:
                peer.flush()
                await asyncio.sleep(0.001)
        peer.flush()

    _TASKS.append(asyncio.get_running_loop().create_task(send()))


_TASKS: list[asyncio.Task[None]] = []


def test_a_slow_client_makes_the_model_wait() -> None:
    sent = {"bytes": 0}
    total = 8 << 20

    def endless(peer: Http2Peer, stream: int, _: Message) -> None:
        async def send() -> None:
            peer.h2.send_headers(stream, [(b":status", b"200")])
            while sent["bytes"] < total:
                size = min(peer.h2.local_flow_control_window(stream), 16_384)
                if size:
                    peer.h2.send_data(stream, b"x" * size)
                    sent["bytes"] += size
                peer.flush()
                await asyncio.sleep(0)
            peer.h2.end_stream(stream)
            peer.flush()

        _TASKS.append(asyncio.get_running_loop().create_task(send()))

    async def scenario() -> None:
        async with Http2ModelServer(endless) as model, running(model.address) as sidecar:
            sidecar.client.acknowledges = False
            sidecar.ask(1)
            await sidecar.client.wait_for(events.DataReceived, 1)
            seen = -1
            while seen != sent["bytes"]:
                seen = sent["bytes"]
                await asyncio.sleep(0.05)
            # The first window of the client, what the sidecar keeps, and the first window of the sidecar.
            assert seen < total / 2
            sidecar.client.acknowledges = True
            read = sum(event.flow_controlled_length or 0 for event in sidecar.client.events if is_data(event))
            sidecar.client.h2.acknowledge_received_data(read, 1)
            sidecar.client.flush()
            while sidecar.client.find(events.StreamEnded, 1) is None:
                await sidecar.client.next()
            read = sum(event.flow_controlled_length or 0 for event in sidecar.client.events if is_data(event))
            assert read == sent["bytes"]

    asyncio.run(scenario())


def is_data(event: events.Event) -> bool:
    return isinstance(event, events.DataReceived)


def test_a_client_that_goes_away_ends_the_exchange() -> None:
    async def scenario() -> None:
        async with Http2ModelServer(lambda *_: None) as model, running(model.address) as sidecar:
            sidecar.ask(1)
            await wait_until(lambda: model.requests)
            sidecar.client.h2.reset_stream(1, ErrorCodes.CANCEL)
            sidecar.client.flush()
            await wait_until(lambda: model.peers[0].find(events.StreamReset, 1))
            assert types(await sidecar.sink.wait_for(1)) == ["request"]

    asyncio.run(scenario())


def test_a_drain_answers_what_has_begun_and_refuses_the_rest() -> None:
    peers: list[tuple[Http2Peer, int]] = []

    async def scenario() -> None:
        waits = lambda peer, stream, _: peers.append((peer, stream))  # noqa: E731
        async with Http2ModelServer(waits) as model, running(model.address) as sidecar:
            sidecar.ask(1)
            await wait_until(lambda: peers)
            drained = asyncio.get_running_loop().create_task(sidecar.server.drain(5))
            sidecar.client.send(3, request_fields("POST", GRPC, FIELDS))
            refused = GoawayFilter()
            last: list[int] = []
            while not last:
                frames, last = refused.feed(await sidecar.client.reader.read(1 << 16))
                sidecar.client.events += sidecar.client.h2.receive_data(frames)
            assert last == [1]
            answering(200, body=b"done")(*peers[0], Message([]))
            assert (await sidecar.client.message(1)).body == b"done"
            reset = await sidecar.client.wait_for(events.StreamReset, 3)
            assert reset.error_code == ErrorCodes.REFUSED_STREAM
            assert await drained == 0

    asyncio.run(scenario())


def test_a_model_that_leaves_is_dialed_again() -> None:
    """A GOAWAY ends no stream that the model serves, and moves the others to a new connection."""
    asked: list[tuple[Http2Peer, int]] = []

    def answer(peer: Http2Peer, stream: int, request: Message) -> None:
        asked.append((peer, stream))
        if peer is not asked[0][0]:
            answering(200, body=b"new")(peer, stream, request)
        elif len(asked) == 2:
            peer.writer.write(goaway(1))
            answering(200, body=b"old")(peer, 1, request)

    async def scenario() -> None:
        async with Http2ModelServer(answer) as model, running(model.address) as sidecar:
            sidecar.ask(1)
            await wait_until(lambda: asked)
            sidecar.ask(3)
            assert (await sidecar.client.message(1)).body == b"old"
            assert (await sidecar.client.message(3)).body == b"new"

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("model", "reason"), [("closed", b"Connect call failed"), ("http1", b"the connection to the model broke")]
)
def test_a_model_without_http2_gives_502(model: str, reason: bytes) -> None:
    async def scenario() -> None:
        async with RawServer(TAKEN) as http1, running(CLOSED if model == "closed" else http1.address) as sidecar:
            sidecar.ask(1)
            answered = await sidecar.client.message(1)
            assert answered.get(":status") == "502"
            assert reason in answered.body
            assert types(await sidecar.sink.wait_for(1)) == ["request"]

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ([(":path", "/"), (":method", "GET"), (":scheme", "http"), ("X-Big", "1")], None),
        ([(":path", "/"), (":method", "GET"), (":scheme", "ftp")], None),
        ([(":path", "/"), (":method", "GET"), (":scheme", "http"), (":path", "/")], None),
        ([(":path", "/%zz"), (":method", "GET"), (":scheme", "http")], None),
        ([(":path", "/"), (":method", "GET"), (":scheme", "http"), ("connection", "close")], "400"),
        ([(":path", "/"), (":method", "GET"), (":scheme", "http"), ("te", "gzip")], "400"),
    ],
)
def test_a_malformed_request_ends_its_stream_only(fields: list[tuple[str, str]], status: str | None) -> None:
    async def scenario() -> None:
        async with Http2ModelServer(answering(200)) as model, running(model.address) as sidecar:
            sidecar.client.send(1, fields)
            if status is None:
                reset = await sidecar.client.wait_for(events.StreamReset, 1)
                assert reset.error_code == ErrorCodes.PROTOCOL_ERROR
            else:
                assert (await sidecar.client.message(1)).get(":status") == status
            sidecar.ask(3)
            assert (await sidecar.client.message(3)).get(":status") == "200"
            assert len(model.requests) == 1

    asyncio.run(scenario())


def rapid_reset(peer: Http2Peer) -> bytes:
    for stream in range(1, 2400, 2):
        peer.h2.send_headers(stream, [(k.encode(), v.encode()) for k, v in request_fields("POST", GRPC, FIELDS)])
        peer.h2.reset_stream(stream)
    return peer.h2.data_to_send()


def continuation_flood(_: Http2Peer) -> bytes:
    return frame(1, 0, 1, b"\x82") + frame(9, 0, 1, b"\x84") * 10_000


def huge_fields(peer: Http2Peer) -> bytes:
    """Name one field of the table again and again: few bytes become a long list."""
    block = peer.h2.encoder.encode([(b"x-long", b"v" * 3_900)])
    repeated = block + b"\xbe" * 400
    return frame(1, 0x4, 1, repeated)


@pytest.mark.parametrize("flood", [rapid_reset, continuation_flood, huge_fields])
def test_a_flood_ends_the_connection(flood: Callable[[Http2Peer], bytes]) -> None:
    async def scenario() -> None:
        async with Http2ModelServer(lambda *_: None) as model, running(model.address) as sidecar:
            sidecar.client.writer.write(flood(sidecar.client))
            seen = GoawayFilter()
            last: list[int] = []
            while data := await asyncio.wait_for(sidecar.client.reader.read(1 << 16), 10):
                last += seen.feed(data)[1]
            assert last, "the client was told"
            assert not any(client.busy for client in sidecar.server.sidecar.clients)

    asyncio.run(scenario())


class FullTransport(asyncio.Transport):
    """A transport whose other side reads nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.size = 0
        self.closed = False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.size += len(data)

    def is_closing(self) -> bool:
        return self.closed

    def close(self) -> None:
        self.closed = True


@pytest.mark.parametrize("flooding", [frame(4, 0, 0, b""), frame(6, 0, 0, b"12345678")], ids=["settings", "ping"])
def test_a_client_that_reads_no_answers_is_closed(flooding: bytes) -> None:
    sidecar = SidecarServer(Plan(None, CLOSED), lambda _: None).sidecar
    client, transport = Http2Client(sidecar, "127.0.0.1"), FullTransport()
    client.connection_made(transport)
    client.data_received(PREFACE + frame(4, 0, 0, b""))
    client.pause_writing()
    for _ in range(200):
        if not transport.closed:
            client.data_received(flooding * 100)
    assert transport.closed
    assert transport.size < 1 << 18
    client.connection_lost(None)


def test_bytes_that_are_no_frames_end_the_connection() -> None:
    async def scenario() -> None:
        async with Http2ModelServer(answering(200)) as model, running(model.address) as sidecar:
            sidecar.client.writer.write(b"\xff" * 100)
            with pytest.raises((EOFError, ProtocolError)):
                await sidecar.client.message(1)

    asyncio.run(scenario())


chunks = st.lists(st.tuples(st.integers(0, 9), st.binary(max_size=20)), max_size=6)


@given(chunks, st.booleans(), st.lists(st.integers(0, 200), max_size=6))
def test_only_goaway_frames_are_taken_out(parts: list[tuple[int, bytes]], preface: bool, cuts: list[int]) -> None:
    frames = [goaway(9) if kind == 7 else frame(kind, 0, 1, payload) for kind, payload in parts]
    data = (PREFACE if preface else b"") + b"".join(frames)
    seen = GoawayFilter()
    passed, last = b"", []
    edges = sorted({0, len(data), *(min(cut, len(data)) for cut in cuts if not preface or cut >= len(PREFACE))})
    for start, end in itertools.pairwise(edges):
        more, streams = seen.feed(data[start:end])
        passed += more
        last += streams
    kept = [frame for frame, (kind, _) in zip(frames, parts, strict=True) if kind != 7]
    assert passed == (PREFACE if preface else b"") + b"".join(kept)
    assert last == [9] * (len(frames) - len(kept))
