"""Requests of HTTP/2 clients to the model, over HTTP/2 as Knative's NewAutoTransport sends them."""

import asyncio
from typing import Any

from h2 import events
from h2.errors import ErrorCodes
from h2.settings import SettingCodes

from isvclog.kserve.agent.proxy import model_fields
from isvclog.kserve.golang.http import valid_header_name, valid_header_value
from isvclog.kserve.golang.httpclient import HttpError
from isvclog.kserve.golang.strings import from_bytes, to_bytes
from isvclog.sidecar.answers import Fields, read_head
from isvclog.sidecar.http2.connection import Http2Connection
from isvclog.sidecar.model import Answering

_FIRST_STREAMS = 100
"""Streams that are opened before the model says how many it takes (x/net/http2)."""
_WINDOW = 1 << 30
"""The receive window of a connection to the model, in bytes, for all answers together (x/net/http2)."""


class Http2Pool:
    """Connections to one model."""

    def __init__(self, host: str, port: int) -> None:
        self._address = (host, port)
        self._connections: list[Http2Model] = []
        self._waiting: list[Call] = []
        self._dialing: asyncio.Task[None] | None = None

    def send(self, exchange: Answering, client: str, model: str) -> None:
        """Send the request of an exchange, which takes the answer; raise HttpError if Go's transport does not.

        `client` is the client's IP address, `model` the model's `host:port`.
        """
        incoming = exchange.incoming
        received = incoming.received
        if received.trailers and not received.body and not incoming.trailers:
            raise HttpError(
                "the client announced trailers for no body; the agent's transport would never end the request"
            )
        self.resend(Call(exchange, model_fields(received, incoming.target, client, model)))

    def resend(self, call: "Call") -> None:
        """Send a request over a connection with room for it."""
        self._waiting.append(call)
        self._hand_out()

    def _hand_out(self) -> None:
        for connection in list(self._connections):
            while self._waiting and connection.has_room:
                connection.send(self._waiting.pop(0))
            connection.write()
        if self._waiting and self._dialing is None:
            self._dialing = asyncio.get_running_loop().create_task(self._dial())

    async def _dial(self) -> None:
        try:
            _, connection = await asyncio.get_running_loop().create_connection(lambda: Http2Model(self), *self._address)
        except OSError as error:
            self._dialing = None
            waiting, self._waiting = self._waiting, []
            for call in waiting:
                call.exchange.answer_failed(str(error))
        else:
            self._dialing = None
            self._connections.append(connection)
            self._hand_out()

    def lost(self, connection: "Http2Model") -> None:
        """Use a connection for no further request."""
        if connection in self._connections:
            self._connections.remove(connection)

    def close(self) -> None:
        """Close all connections."""
        if self._dialing is not None:
            self._dialing.cancel()
        for connection in list(self._connections):
            connection.transport.abort()


class Call:
    """One request to the model and its answer."""

    __slots__ = ("_connection", "_number", "_paused", "began", "exchange", "fields", "refusals", "trailers", "withheld")

    def __init__(self, exchange: Answering, fields: Fields) -> None:
        self.exchange = exchange
        self.fields = fields
        self.refusals = 0
        self.began = False
        self.trailers: Fields = []
        self.withheld = 0
        """Bytes that arrived and are not acknowledged by a window update yet."""
        self._paused = False
        self._connection: Http2Model | None = None
        self._number = 0

    def sent(self, connection: "Http2Model", number: int) -> None:
        """Take the stream that the request has."""
        self._connection, self._number = connection, number
        self.exchange.connection = self

    def abort(self) -> None:
        """Reset the stream."""
        if self._connection is not None:
            self._connection.cancel(self._number)

    def pause_answer(self, paused: bool) -> None:
        """Let the model wait, by leaving what it sent unacknowledged, or go on."""
        self._paused = paused
        if not paused and self._connection is not None:
            self._connection.acknowledge(self._number, self)

    def body_arrived(self, data: bytes, size: int) -> int:
        """Take a part of the body; return how many bytes of the window the model gets back."""
        self.exchange.body_arrived(data)
        if self._paused:
            self.withheld += size
            return 0
        return size


class Http2Model(Http2Connection):
    """One connection to the model."""

    def __init__(self, pool: Http2Pool) -> None:
        super().__init__({SettingCodes.ENABLE_PUSH: 0}, to_model=True, window=_WINDOW)
        self._pool = pool
        self._calls: dict[int, Call] = {}
        self._max_streams = _FIRST_STREAMS
        self._leaving = False
        self._handlers |= {
            events.InformationalResponseReceived: self._preliminary_arrived,
            events.ResponseReceived: self._answer_began,
            events.DataReceived: self._body_arrived,
            events.TrailersReceived: self._trailers_arrived,
            events.StreamEnded: self._answer_ended,
            events.StreamReset: self._stream_was_reset,
        }

    # Requests

    @property
    def has_room(self) -> bool:
        """True if another request can be sent."""
        return not self._leaving and len(self._calls) < self._max_streams and not self.transport.is_closing()

    def send(self, call: Call) -> None:
        """Send a request, unless the client is gone."""
        exchange = call.exchange
        if exchange.abandoned:
            return
        number = self.h2.get_next_available_stream_id()
        self._calls[number] = call
        call.sent(self, number)
        received = exchange.incoming.received
        # Only now: h2 keeps the list, and the request may be sent again.
        self.h2.send_headers(number, list(call.fields), end_stream=not received.body and not received.trailers)
        if received.body:
            self.send_body(number, received.body)
        if received.body or received.trailers:
            trailers = exchange.incoming.trailers or ()
            self.end_body(number, [(to_bytes(name.lower()), to_bytes(value)) for name, value in trailers])

    def cancel(self, number: int) -> None:
        """Reset a stream whose answer nobody wants."""
        call = self._calls.pop(number, None)
        if call is not None and not self.transport.is_closing():
            self.forget(number)
            self.acknowledge(number, call)
            self.h2.reset_stream(number, ErrorCodes.CANCEL)
            self.write()
            self._close_if_done()

    def acknowledge(self, number: int, call: Call) -> None:
        """Let the model send as many bytes as were withheld."""
        if call.withheld and not self.transport.is_closing():
            self.h2.acknowledge_received_data(call.withheld, number)
            call.withheld = 0
            self.write()

    # Answers

    def data_received(self, data: bytes) -> None:
        """Take frames, and pass on at once what has arrived."""
        super().data_received(data)
        for call in list(self._calls.values()):
            call.exchange.flush()

    def _settings_changed(self, event: events.RemoteSettingsChanged) -> None:
        super()._settings_changed(event)
        self._max_streams = int(self.h2.remote_settings.max_concurrent_streams)

    def _preliminary_arrived(self, event: events.InformationalResponseReceived) -> None:
        call = self._calls.get(event.stream_id or 0)
        if call is not None:
            status, fields = _split(event.headers or [])
            call.exchange.inform(status, b"", fields)

    def _answer_began(self, event: events.ResponseReceived) -> None:
        call = self._calls.get(event.stream_id or 0)
        if call is None:
            return
        status, fields = _split(event.headers or [])
        wrong = next((field for field in fields if not _is_valid(*field)), None)
        if wrong is not None:
            self._fail(event.stream_id or 0, f"invalid header field {from_bytes(wrong[0])!r}")
            return
        call.began = True
        call.exchange.answer_began(status, b"", read_head(fields))

    def _body_arrived(self, event: events.DataReceived) -> None:
        number, size = event.stream_id or 0, event.flow_controlled_length or 0
        call = self._calls.get(number)
        if call is not None:
            size = call.body_arrived(event.data or b"", size)
        if size and not self.transport.is_closing():
            self.h2.acknowledge_received_data(size, number)

    def _trailers_arrived(self, event: events.TrailersReceived) -> None:
        call = self._calls.get(event.stream_id or 0)
        if call is not None:
            call.trailers = [field for field in _split(event.headers or [])[1] if _is_valid(*field)]

    def _answer_ended(self, event: events.StreamEnded) -> None:
        number = event.stream_id or 0
        call = self._calls.pop(number, None)
        if call is None:
            return
        self.acknowledge(number, call)
        if number in self._outbound:
            self.forget(number)
            self.h2.reset_stream(number, ErrorCodes.CANCEL)  # the model answers without reading all
        call.exchange.connection = None
        call.exchange.answer_ended(call.trailers)
        self._close_if_done()

    def _stream_was_reset(self, event: events.StreamReset) -> None:
        number = event.stream_id or 0
        self.forget(number)
        call = self._calls.pop(number, None)
        if call is None:
            return
        if event.error_code == ErrorCodes.REFUSED_STREAM and not call.began:
            self._retry(call)
        else:
            code = event.error_code
            name = code.name if isinstance(code, ErrorCodes) else str(code)
            call.exchange.answer_failed(f"stream error: stream ID {number}; {name}; received from peer")
        self._close_if_done()

    def _fail(self, number: int, reason: str) -> None:
        call = self._calls.pop(number)
        self.forget(number)
        self.h2.reset_stream(number, ErrorCodes.PROTOCOL_ERROR)
        call.exchange.answer_failed(f"stream error: stream ID {number}; PROTOCOL_ERROR; {reason}")

    def _retry(self, call: Call) -> None:
        call.refusals += 1
        call.exchange.connection = None
        if call.refusals > 6:
            call.exchange.answer_failed("the model refuses the stream")
        else:
            self._pool.resend(call)

    def peer_leaves(self, last_stream: int) -> None:
        """Send elsewhere what the model does not serve, and close after the last answer."""
        self._leaving = True
        self._pool.lost(self)
        for number in [number for number in self._calls if number > last_stream]:
            self.forget(number)
            self._retry(self._calls.pop(number))
        self._close_if_done()

    def _close_if_done(self) -> None:
        if self._leaving and not self._calls:
            self.transport.close()

    def connection_lost(self, error: Exception | None) -> None:
        """Fail what has no answer yet."""
        self.ended(str(error or "EOF"))

    def ended(self, reason: str) -> None:
        """Fail what has no answer yet."""
        self._pool.lost(self)
        calls, self._calls = self._calls, {}
        for call in calls.values():
            call.exchange.connection = None
            call.exchange.answer_failed(f"http2: the connection to the model broke: {reason}")


def _split(headers: Any) -> tuple[int, Fields]:
    fields = [(bytes(name), bytes(value)) for name, value in headers]
    status = next((value for name, value in fields if name == b":status"), b"")
    return int(status) if status.isdigit() else 502, [field for field in fields if not field[0].startswith(b":")]


def _is_valid(name: bytes, value: bytes) -> bool:
    return valid_header_name(from_bytes(name)) and valid_header_value(from_bytes(value))
