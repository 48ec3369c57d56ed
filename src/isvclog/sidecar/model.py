"""Connections to the model, kept open and used again, and its answers as they arrive."""

import asyncio
from typing import Protocol, cast

import httptools

from isvclog.kserve.golang.net import join_host_port
from isvclog.sidecar.answers import AnswerHead, Fields, read_head
from isvclog.sidecar.messages import write_message
from isvclog.sidecar.requests import Incoming

_MAX_IDLE = 1000
"""The agent's own number (cmd/agent/main.go)."""

_SWITCHING = 101
_REFUSED = "can't switch protocols: the model accepts another one, and the agent's logger passes on none but HTTP"

Message = tuple[bytes, bytes]
"""The head and the body of a request."""
_NOTHING: Message = b"", b""


class AnswerSource(Protocol):
    """The source of an answer: a connection of HTTP/1.1, or a stream of HTTP/2."""

    def abort(self) -> None:
        """Give up the answer."""

    def pause_answer(self, paused: bool) -> None:
        """Stop or go on reading, since the client is slow."""


class Answering(Protocol):
    """A request to the model that takes the parts of its answer."""

    @property
    def incoming(self) -> Incoming: ...

    is_head: bool
    replayable: bool
    connection: AnswerSource | None
    abandoned: bool

    def inform(self, status: int, reason: bytes, fields: Fields) -> None:
        """Take a preliminary answer (status 1xx)."""

    def answer_began(self, status: int, reason: bytes, head: AnswerHead) -> None:
        """Take the status and the header."""

    def body_arrived(self, data: bytes) -> None:
        """Take a part of the body."""

    def answer_ended(self, trailers: Fields) -> None:
        """Take the end."""

    def flush(self) -> None:
        """Send what has been taken."""

    def answer_failed(self, reason: str) -> None:
        """Take that there will be no answer, or no more of it."""


class ModelPool:
    """Connections to one model."""

    def __init__(self, host: str, port: int) -> None:
        self._address = (host, port)
        self.name = join_host_port(host, str(port))
        self._idle: list[ModelConnection] = []
        self._open: set[ModelConnection] = set()
        self._dialing: set[asyncio.Task[None]] = set()

    def send(self, exchange: Answering, request: Message) -> None:
        """Send a request; the exchange takes the answer."""
        if self._idle:
            self._idle.pop().send(exchange, request)
        else:
            self._dial(exchange, request)

    def _dial(self, exchange: Answering, request: Message) -> None:
        task = asyncio.get_running_loop().create_task(self._open_and_send(exchange, request))
        self._dialing.add(task)
        task.add_done_callback(self._dialing.discard)

    async def _open_and_send(self, exchange: Answering, request: Message) -> None:
        try:
            _, connection = await asyncio.get_running_loop().create_connection(
                lambda: ModelConnection(self), *self._address
            )
        except OSError as error:
            exchange.answer_failed(str(error))
        else:
            self._open.add(connection)
            connection.send(exchange, request)

    def release(self, connection: "ModelConnection") -> None:
        """Keep a connection for the next request."""
        if len(self._idle) < _MAX_IDLE:
            self._idle.append(connection)
        else:
            connection.abort()

    def lost(self, connection: "ModelConnection") -> None:
        """Forget a connection."""
        self._open.discard(connection)
        if connection in self._idle:
            self._idle.remove(connection)

    def retry(self, exchange: Answering, request: Message) -> None:
        """Send a request again that a kept connection lost without an answer."""
        self._dial(exchange, request)

    def close(self) -> None:
        """Close all connections."""
        for connection in list(self._open):
            connection.abort()


class ModelConnection(asyncio.Protocol):
    """One connection to the model."""

    __slots__ = (
        "_exchange", "_fields", "_in_body", "_known", "_parser", "_pool", "_reason", "_request", "_trailers",
        "_transport", "_used",
    )  # fmt: skip

    def __init__(self, pool: ModelPool) -> None:
        self._pool = pool
        self._parser = httptools.HttpResponseParser(self)
        self._exchange: Answering | None = None
        self._request = _NOTHING
        self._used = False
        self._known: tuple[Fields, AnswerHead] = [], read_head([])
        self.on_message_begin()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self._transport = cast("asyncio.Transport", transport)

    def send(self, exchange: Answering, request: Message) -> None:
        """Send a request."""
        if exchange.abandoned:
            self._pool.release(self)
            return
        self._exchange = exchange
        self._request = request
        exchange.connection = self
        write_message(self._transport, *request)

    def abort(self) -> None:
        """Close at once."""
        self._exchange = None
        self._transport.abort()

    def pause_answer(self, paused: bool) -> None:
        """Stop or go on reading, since the client is slow."""
        if not self._transport.is_closing():
            (self._transport.pause_reading if paused else self._transport.resume_reading)()

    def data_received(self, data: bytes) -> None:
        """Take a part of the answer."""
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            self._fail(_REFUSED)
        except httptools.HttpParserError as error:
            self._fail(f"malformed HTTP response: {error}")
        if self._exchange is not None:
            self._exchange.flush()

    # Callbacks of llhttp

    def on_message_begin(self) -> None:
        """Begin another answer."""
        self._fields: Fields = []
        self._trailers: Fields = []
        self._reason = b""
        self._in_body = False

    def on_status(self, reason: bytes) -> None:
        """Add a part of the reason phrase."""
        self._reason += reason

    def on_header(self, name: bytes, value: bytes) -> None:
        """Add a field of the header, or of the trailer."""
        (self._trailers if self._in_body else self._fields).append((name, value))

    def on_headers_complete(self) -> None:
        """Give the exchange the status and the header."""
        status = self._parser.get_status_code()
        self._in_body = status >= 200
        if self._exchange is None:
            return
        if not self._in_body:
            self._take_preliminary(status)
            return
        known, head = self._known
        if self._fields != known:  # a model sends the same head with most answers
            head = read_head(self._fields)
            self._known = self._fields, head
        self._exchange.answer_began(status, self._reason, head)
        if self._exchange.is_head:
            exchange, self._exchange = self._exchange, None
            exchange.connection = None
            exchange.answer_ended([])
            self._transport.abort()  # llhttp waits for a body that never comes

    def _take_preliminary(self, status: int) -> None:
        if status == _SWITCHING:
            self._fail(_REFUSED)
        elif self._exchange is not None:
            self._exchange.inform(status, self._reason, self._fields)

    def on_body(self, data: bytes) -> None:
        """Give the exchange a part of the body."""
        if self._exchange is not None:
            self._exchange.body_arrived(data)

    def on_message_complete(self) -> None:
        """Give the exchange the end, and the connection back to the pool."""
        if self._exchange is None or self._parser.get_status_code() < 200:
            return
        exchange, self._exchange = self._exchange, None
        self._request = _NOTHING
        exchange.connection = None
        self._used = True
        if self._parser.should_keep_alive():
            self._pool.release(self)
        else:
            self._transport.close()
        exchange.answer_ended(self._trailers)

    def connection_lost(self, error: Exception | None) -> None:
        """End the answer that lasts until the connection ends, or report that it is incomplete."""
        self._pool.lost(self)
        exchange = self._exchange
        if exchange is None:
            return
        if error is None and self._in_body and _lasts_until_the_end(self._fields):
            self._exchange = None
            exchange.answer_ended([])
        elif self._used and not self._in_body and exchange.replayable:
            self._exchange = None
            self._pool.retry(exchange, self._request)
        else:
            self._fail(str(error or "EOF"))

    def _fail(self, reason: str) -> None:
        exchange, self._exchange = self._exchange, None
        self._transport.abort()
        if exchange is not None:
            exchange.answer_failed(reason)


def _lasts_until_the_end(fields: Fields) -> bool:
    return not any(name.lower() in (b"content-length", b"transfer-encoding") for name, _ in fields)
