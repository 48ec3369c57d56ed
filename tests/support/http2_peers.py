"""A client and a model that speak HTTP/2 with prior knowledge, as the tests tell them."""

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypeVar

from h2 import events
from h2.config import H2Configuration
from h2.connection import H2Connection

from isvclog.httpserver import Address
from isvclog.kserve.golang.strings import to_bytes

Event = TypeVar("Event", bound=events.Event)
Fields = Sequence[tuple[str, str]]


class Message(NamedTuple):
    """A request or an answer, with trailers in lower case."""

    fields: list[tuple[str, str]]
    body: bytes = b""
    trailers: list[tuple[str, str]] = []  # noqa: RUF012

    def get(self, name: str) -> str | None:
        return dict(self.fields).get(name)


class Http2Peer:
    """One end of a connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, is_client: bool) -> None:
        self.reader, self.writer = reader, writer
        self.h2 = H2Connection(
            H2Configuration(
                client_side=is_client,
                header_encoding="utf-8",
                validate_inbound_headers=True,
                validate_outbound_headers=False,
                normalize_outbound_headers=False,
            )
        )
        self.h2.initiate_connection()
        self.events: list[events.Event] = []
        self.acknowledges = True
        self.flush()

    def flush(self) -> None:
        self.writer.write(self.h2.data_to_send())

    def send(self, stream: int, fields: Fields, body: bytes = b"", trailers: Fields = (), *, end: bool = True) -> None:
        """Send a message whose body fits into the windows."""
        last = end and not body and not trailers
        self.h2.send_headers(stream, [(to_bytes(name), to_bytes(value)) for name, value in fields], end_stream=last)
        for at in range(0, len(body), 16_384):
            chunk = body[at : at + 16_384]
            self.h2.send_data(stream, chunk, end_stream=end and not trailers and at + 16_384 >= len(body))
        if trailers:
            self.h2.send_headers(stream, [(name.lower(), value) for name, value in trailers], end_stream=True)
        self.flush()

    async def next(self) -> bool:
        """Take what arrives next; False at the end of the connection."""
        data = await asyncio.wait_for(self.reader.read(1 << 16), 10)
        for event in self.h2.receive_data(data) if data else ():
            self.events.append(event)
            if isinstance(event, events.DataReceived) and self.acknowledges:
                self.h2.acknowledge_received_data(event.flow_controlled_length or 0, event.stream_id or 0)
        self.flush()
        return bool(data)

    def find(self, kind: type[Event], stream: int | None = None) -> Event | None:
        return next(
            (
                event
                for event in self.events
                if isinstance(event, kind) and stream in (None, getattr(event, "stream_id", None))
            ),
            None,
        )

    async def wait_for(self, kind: type[Event], stream: int | None = None) -> Event:
        while (found := self.find(kind, stream)) is None:
            if not await self.next():
                raise EOFError(f"no {kind.__name__} came")
        return found

    async def message(self, stream: int) -> Message:
        """Wait for the end of a message, and return it."""
        while self.find(events.StreamEnded, stream) is None:
            if self.find(events.StreamReset, stream) or not await self.next():
                raise EOFError("the message is incomplete")
        fields: list[tuple[str, str]] = []
        trailers: list[tuple[str, str]] = []
        body = b""
        for event in self.events:
            if getattr(event, "stream_id", None) != stream:
                continue
            if isinstance(event, events.RequestReceived | events.ResponseReceived):
                fields = list(event.headers or ())  # type: ignore[arg-type]
            elif isinstance(event, events.TrailersReceived):
                trailers = list(event.headers or ())  # type: ignore[arg-type]
            elif isinstance(event, events.DataReceived):
                body += event.data or b""
        return Message(fields, body, trailers)

    async def close(self) -> None:
        self.writer.close()
        with contextlib.suppress(ConnectionError):
            await self.writer.wait_closed()


@contextlib.asynccontextmanager
async def http2_client(address: Address) -> Any:
    peer = Http2Peer(*await asyncio.open_connection(*address), is_client=True)
    try:
        yield peer
    finally:
        await peer.close()


def request_fields(method: str, path: str, fields: Fields, authority: str = "iris.example") -> list[tuple[str, str]]:
    given = [(name, value) for name, value in fields if name == ":authority"] or [(":authority", authority)]
    rest = [(name, value) for name, value in fields if name != ":authority"]
    return [(":method", method), (":scheme", "http"), (":path", path), *given, *rest]


Answer = Callable[[Http2Peer, int, Message], None]


def answering(status: int, fields: Fields = (), body: bytes = b"", trailers: Fields = ()) -> Answer:
    """Return a function that gives every request the same answer."""

    def answer(peer: Http2Peer, stream: int, _: Message) -> None:
        head = [(":status", str(status)), *((name.lower(), value) for name, value in fields)]
        peer.send(stream, head, body, trailers)

    return answer


class Http2ModelServer:
    """A model that keeps requests, and answers them with a function."""

    def __init__(self, answer: Answer) -> None:
        self.requests: list[Message] = []
        self.peers: list[Http2Peer] = []
        self._answer = answer
        self._serving: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> "Http2ModelServer":
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
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
        peer = Http2Peer(reader, writer, is_client=False)
        self.peers.append(peer)
        with contextlib.suppress(asyncio.CancelledError, ConnectionError):
            await self._answer_all(peer)
        self._serving.discard(task)
        await peer.close()

    async def _answer_all(self, peer: Http2Peer) -> None:
        answered = 0
        while await peer.next():
            for event in peer.events[answered:]:
                if isinstance(event, events.StreamEnded):
                    request = await peer.message(event.stream_id or 0)
                    self.requests.append(request)
                    self._answer(peer, event.stream_id or 0, request)
            answered = len(peer.events)
