"""Clients over HTTP/2: each stream is one exchange."""

from typing import Any

from h2 import events
from h2.errors import ErrorCodes
from h2.settings import SettingCodes

from isvclog.kserve.golang.errors import GoError
from isvclog.kserve.golang.http2server import BadRequest, read_fields, read_head, read_trailers
from isvclog.kserve.golang.httpserver import ServerRequest, has_token
from isvclog.sidecar.answers import AnswerHead, Fields, own_head
from isvclog.sidecar.exchange import ProxyExchange
from isvclog.sidecar.http2.connection import STREAM_WINDOW, Http2Connection
from isvclog.sidecar.http2.goaway import goaway
from isvclog.sidecar.proxy import Sidecar
from isvclog.sidecar.requests import Incoming

_MAX_STREAMS = 250
"""Requests that one client may have open (x/net/http2)."""
_MAX_RESETS = 4 * _MAX_STREAMS
"""Resets without as many answers between them that a client may cause: more is an attack (CVE-2023-44487)."""
_MAX_UNSENT = 1 << 18
_BODILESS = (204, 304)


class Http2Client(Http2Connection):
    """One connection of a client, `address` its IP address."""

    def __init__(self, sidecar: Sidecar, address: str) -> None:
        super().__init__({SettingCodes.MAX_CONCURRENT_STREAMS: _MAX_STREAMS}, to_model=False, window=STREAM_WINDOW)
        self.sidecar = sidecar
        self.address = address
        self._streams: dict[int, ClientStream] = {}
        self._resets = 0
        self._last_stream: int | None = None
        """The last stream that is served, once the sidecar is about to stop."""
        self._handlers |= {
            events.RequestReceived: self._request_began,
            events.DataReceived: self._body_arrived,
            events.TrailersReceived: self._trailers_arrived,
            events.StreamEnded: self._request_ended,
            events.StreamReset: self._stream_was_reset,
        }

    def connection_made(self, transport: Any) -> None:
        """Send the settings."""
        super().connection_made(transport)
        self.sidecar.clients.add(self)

    def connection_lost(self, _: Exception | None) -> None:
        """End all exchanges."""
        self.sidecar.clients.discard(self)
        self.ended("the client is gone")

    def ended(self, reason: str) -> None:
        """End all exchanges; their answers go nowhere."""
        streams, self._streams = self._streams, {}
        for stream in streams.values():
            stream.abandon()

    @property
    def busy(self) -> bool:
        """True while requests are being answered."""
        return bool(self._streams or self._outbound)

    def progress(self) -> tuple[str, object, int]:
        """Say what the connection is waiting for, as a connection of HTTP/1.1 does (client_limits.py)."""
        if not self._streams and not self._outbound:
            return "idle", self, self.h2.highest_inbound_stream_id
        unread = self.transport.get_write_buffer_size() + sum(part.size for part in self._outbound.values())
        if unread:
            return "reads", self, unread
        arriving = [stream for stream in self._streams.values() if not stream.has_begun]
        if arriving:
            return "body", arriving[0], sum(len(stream.body) for stream in arriving)
        return "model", self, self.h2.highest_inbound_stream_id

    def fileno(self) -> int:
        """Return the number of the open file."""
        return int(self.transport.get_extra_info("socket").fileno())

    def refuse(self) -> None:
        """Close, since there are too many connections."""
        self.end("too many connections", ErrorCodes.ENHANCE_YOUR_CALM)

    def abort(self) -> None:
        """Close at once."""
        self.transport.abort()

    def close(self) -> None:
        """Serve no new request, and close once the answers are sent."""
        if self._last_stream is None:
            self._last_stream = self.h2.highest_inbound_stream_id
            self.transport.write(goaway(self._last_stream))
        self._close_if_done()

    def peer_leaves(self, last_stream: int) -> None:
        """Take that the client sends no further request."""
        self._last_stream = self.h2.highest_inbound_stream_id
        self._close_if_done()

    # Requests

    def _request_began(self, event: events.RequestReceived) -> None:
        number = event.stream_id
        assert number is not None
        if self._last_stream is not None and number > self._last_stream:
            self._reset(number, ErrorCodes.REFUSED_STREAM)
            return
        try:
            method, target, fields = read_fields(event.headers or ())
            received = read_head(method, target, fields)
        except BadRequest as error:
            stream = self._streams[number] = ClientStream(self, number, ServerRequest("", "", {}, http2=True), "")
            stream.refuse(str(error))
            return
        except GoError:
            self._reset(number, ErrorCodes.PROTOCOL_ERROR)
            return
        self._streams[number] = stream = ClientStream(self, number, received, target)
        if event.stream_ended is None and has_token(
            (value for name, value in fields if name == "expect"), "100-continue"
        ):
            stream.inform(100, b"", [])

    def _body_arrived(self, event: events.DataReceived) -> None:
        stream = self._streams.get(event.stream_id or 0)
        if stream is not None:
            stream.body.append(event.data or b"")
        self.h2.acknowledge_received_data(event.flow_controlled_length or 0, event.stream_id or 0)

    def _trailers_arrived(self, event: events.TrailersReceived) -> None:
        stream = self._streams.get(event.stream_id or 0)
        if stream is None:
            return
        try:
            stream.trailers = read_trailers(stream.received.trailers, event.headers or ())
        except GoError:
            self._drop(stream)
            self._reset(stream.number, ErrorCodes.PROTOCOL_ERROR)

    def _request_ended(self, event: events.StreamEnded) -> None:
        stream = self._streams.get(event.stream_id or 0)
        if stream is not None:
            stream.begin()

    def _stream_was_reset(self, event: events.StreamReset) -> None:
        self.forget(event.stream_id or 0)
        stream = self._streams.get(event.stream_id or 0)
        if stream is not None:
            self._drop(stream)
            self._count_reset()
        self._close_if_done()

    def _drop(self, stream: "ClientStream") -> None:
        del self._streams[stream.number]
        self.forget(stream.number)
        stream.abandon()

    def _reset(self, number: int, code: ErrorCodes) -> None:
        self.h2.reset_stream(number, code)
        self._count_reset()

    def _count_reset(self) -> None:
        self._resets += 1
        if self._resets > _MAX_RESETS:
            self.end("too many resets", ErrorCodes.ENHANCE_YOUR_CALM)

    # Answers

    def answered(self, stream: "ClientStream") -> None:
        """Take that an answer has ended."""
        self._streams.pop(stream.number, None)
        self._resets = max(0, self._resets - 1)
        self._close_if_done()

    def broken_off(self, stream: "ClientStream") -> None:
        """Reset a stream whose answer cannot be completed."""
        if self._streams.pop(stream.number, None) is not None:
            self.forget(stream.number)
            self.h2.reset_stream(stream.number, ErrorCodes.INTERNAL_ERROR)
            self.write()
            self._close_if_done()

    def _close_if_done(self) -> None:
        if self._last_stream is not None and not self.busy:
            self.transport.close()

    def sent_more(self, stream: int) -> None:
        """Let the model go on."""
        if stream in self._streams:
            self._streams[stream].balance()
        self._close_if_done()

    def pause_writing(self) -> None:
        """Let the model wait, since the client is slow."""
        super().pause_writing()
        self._balance()

    def resume_writing(self) -> None:
        """Let the model go on."""
        super().resume_writing()
        self._balance()

    def _balance(self) -> None:
        for stream in list(self._streams.values()):
            stream.balance()


class ClientStream:
    """One request and its answer."""

    __slots__ = (
        "_connection", "_exchange", "_head", "_paused", "_silent", "_target", "body", "number", "received", "trailers",
    )  # fmt: skip

    def __init__(self, connection: Http2Client, number: int, received: ServerRequest, target: str) -> None:
        self.number = number
        self.received = received
        self.body: list[bytes] = []
        self.trailers: tuple[tuple[str, str], ...] = ()
        self._connection = connection
        self._target = target
        self._exchange: ProxyExchange | None = None
        self._head: Fields = []
        self._silent = self._paused = False

    @property
    def has_begun(self) -> bool:
        """True once the request is complete."""
        return self._exchange is not None

    def begin(self) -> None:
        """Begin the exchange, since the request is complete."""
        received = self.received._replace(body=b"".join(self.body))
        self.body.clear()
        incoming = Incoming(received, self._target, received.host, self.trailers)
        self._exchange = self._connection.sidecar.begin(self, incoming, self._connection.address)

    def refuse(self, reason: str) -> None:
        """Answer a request that no handler gets."""
        text = reason.encode("utf-8", "replace") + b"\n"
        self.start_answer(400, b"", own_head([(b"content-type", b"text/plain; charset=utf-8")], len(text)))
        self.send_body(text)
        self.end_answer([])

    def abandon(self) -> None:
        """End the exchange; its answer goes nowhere."""
        exchange, self._exchange = self._exchange, None
        if exchange is not None:
            exchange.abandon()

    def inform(self, status: int, reason: bytes, fields: Fields) -> None:
        """Send a preliminary answer."""
        self._connection.h2.send_headers(self.number, _encoded(status, fields))
        self._connection.write()

    def start_answer(self, status: int, reason: bytes, head: AnswerHead) -> None:
        """Take the status and the header."""
        self._head = _encoded(status, head.fields)
        self._silent = status in _BODILESS or self.received.method == "HEAD"
        if head.length is not None and status not in _BODILESS:
            self._head.append((b"content-length", b"%d" % head.length))

    def send_body(self, data: bytes) -> None:
        """Send a part of the body."""
        if not self._silent:
            self._send_head()
            self._connection.send_body(self.number, data)
            self.balance()

    def flush(self) -> None:
        """Send what has been taken."""
        self._send_head()
        self._connection.write()

    def end_answer(self, trailers: Fields) -> None:
        """Send the end: with the header if there is neither a body nor a trailer, as gRPC has it for errors."""
        head, self._head = self._head, []
        connection = self._connection
        if head:
            connection.h2.send_headers(self.number, head, end_stream=not trailers)
        if trailers or not head:
            connection.end_body(self.number, [(name.lower(), value) for name, value in trailers])
        self._exchange = None
        connection.write()
        connection.answered(self)

    def break_off(self) -> None:
        """Reset the stream."""
        self._exchange = None
        self._connection.broken_off(self)

    def balance(self) -> None:
        """Let the model wait while much is unsent, and go on after that."""
        paused = self._connection.writing_paused or self._connection.unsent(self.number) > _MAX_UNSENT
        if paused != self._paused and self._exchange is not None:
            self._paused = paused
            self._exchange.pause(paused)

    def _send_head(self) -> None:
        if self._head:
            self._connection.h2.send_headers(self.number, self._head)
            self._head = []


def _encoded(status: int, fields: Fields) -> Fields:
    return [(b":status", b"%d" % status), *((name.lower(), value) for name, value in fields)]
