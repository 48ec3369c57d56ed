"""Connections of clients over HTTP/1.1: requests in, answers out, one exchange at a time."""

import asyncio
from collections import deque
from http import HTTPStatus
from typing import cast

from isvclog.sidecar.answers import AnswerHead, Fields
from isvclog.sidecar.exchange import ProxyExchange
from isvclog.sidecar.proxy import Sidecar
from isvclog.sidecar.requests import Incoming, RequestReader

_MAX_PIPELINED = 16
_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
_TOO_MANY = (
    b"HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n"
    b"There are too many connections; try again.\n"
)
_BODILESS = (204, 304)
_REASONS = {status.value: status.phrase.encode() for status in HTTPStatus}


class ClientConnection(asyncio.Protocol):
    """One connection of a client. Requests that are sent ahead wait for their turn."""

    __slots__ = (
        "_address", "_chunked", "_current", "_exchange", "_expecting", "_out", "_reader", "_refused", "_sidecar",
        "_silent", "_transport", "_waiting", "_writing_paused",
    )  # fmt: skip

    def __init__(self, sidecar: Sidecar) -> None:
        self._sidecar = sidecar
        self._reader = RequestReader(self._arrived, self._refuse, self._expect, self._speak_http2)
        self._waiting: deque[Incoming] = deque()
        self._current: Incoming | None = None
        self._out: list[bytes] = []
        self._chunked = self._silent = self._expecting = self._writing_paused = False
        self._refused = ""
        self._exchange: ProxyExchange | None = None
        self._address = ""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self._transport = cast("asyncio.Transport", transport)
        self._address = (transport.get_extra_info("peername") or ("",))[0]
        self._sidecar.clients.add(self)

    def connection_lost(self, _: Exception | None) -> None:
        """End the exchange; its answer goes nowhere."""
        self._sidecar.clients.discard(self)
        self._waiting.clear()
        if self._current is not None and self._exchange is not None:
            self._current = None
            self._exchange.abandon()

    @property
    def busy(self) -> bool:
        """True while a request is being answered."""
        return self._current is not None

    def progress(self) -> tuple[str, object, int]:
        """Say what the connection is waiting for: what its reader awaits, or that the client `reads`, or the `model`.

        The object is another one for each request; the number changes with each bit of progress.
        """
        if self._current is None:
            return self._reader.progress()
        unread = self._transport.get_write_buffer_size()
        return ("reads" if unread else "model"), self._current, unread

    def fileno(self) -> int:
        """Return the file descriptor."""
        descriptor: int = self._transport.get_extra_info("socket").fileno()
        return descriptor

    def refuse(self) -> None:
        """Answer that there are too many connections, and close."""
        self._transport.write(_TOO_MANY)
        self._transport.close()

    def abort(self) -> None:
        """Close at once."""
        self._transport.abort()

    def close(self) -> None:
        """Close once the answer is sent."""
        if self._current is None:
            self._transport.close()
        else:
            self._waiting.clear()
            self._current = self._current._replace(keep_alive=False)

    def data_received(self, data: bytes) -> None:
        """Take what has arrived."""
        self._reader.feed(data)
        if len(self._waiting) > _MAX_PIPELINED:
            self._transport.pause_reading()

    def pause_writing(self) -> None:
        """Let the model and further requests wait, since the client is slow."""
        self._writing_paused = True
        self._transport.pause_reading()
        if self._exchange is not None:
            self._exchange.pause(True)

    def resume_writing(self) -> None:
        """Go on."""
        self._writing_paused = False
        if self._exchange is not None:
            self._exchange.pause(False)
        if self._current is None:
            self._begin_waiting()
        self._read_on()

    # Requests

    def _arrived(self, incoming: Incoming) -> None:
        if self._current is None and not self._waiting:
            self._begin(incoming)
        else:
            self._waiting.append(incoming)

    def _begin(self, incoming: Incoming) -> None:
        self._exchange, self._current = None, incoming
        self._exchange = self._sidecar.begin(self, incoming, self._address)
        if self._waiting and not self.busy:
            self._begin_waiting()

    def _begin_waiting(self) -> None:
        """Begin the next exchange. One may be answered before it has begun, so a loop begins the one after it."""
        while self._waiting and not self.busy and not self._writing_paused:
            incoming = self._waiting.popleft()
            self._exchange, self._current = None, incoming
            self._exchange = self._sidecar.begin(self, incoming, self._address)

    def _read_on(self) -> None:
        if len(self._waiting) <= _MAX_PIPELINED and not self._writing_paused and not self._transport.is_closing():
            self._transport.resume_reading()

    def _expect(self) -> None:
        if self._current is None:
            self._transport.write(_CONTINUE)
        else:
            self._expecting = True

    def _refuse(self, reason: str) -> None:
        self._refused = reason
        if self._current is None:
            self._answer_refusal()

    def _speak_http2(self, data: bytes) -> None:
        """Hand the connection over, since what arrived begins with the preface of HTTP/2."""
        if self._current is not None:
            self._refuse("HTTP/2 begins before an answer has ended")
            return
        from isvclog.sidecar.http2.client import Http2Client

        self._sidecar.clients.discard(self)
        client = Http2Client(self._sidecar, self._address)
        self._transport.set_protocol(client)
        client.connection_made(self._transport)
        client.data_received(data)

    def _answer_refusal(self) -> None:
        text = b"400 Bad Request"
        head = b"HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n"
        self._transport.write(head + text)
        self._transport.close()

    # Answers

    def inform(self, status: int, reason: bytes, fields: Fields) -> None:
        """Send a preliminary answer."""
        if self._current is not None and self._current.minor:
            lines = b"".join(b"%s: %s\r\n" % field for field in fields)
            reason = reason or _REASONS.get(status, b"")
            self._transport.write(b"HTTP/1.1 %d %s\r\n%s\r\n" % (status, reason, lines))

    def start_answer(self, status: int, reason: bytes, head: AnswerHead) -> None:
        """Take the status and the header."""
        current = self._current
        if current is None:
            return
        out = self._out
        out.append(b"HTTP/1.1 %d %s\r\n" % (status, reason or _REASONS.get(status, b"")))
        out.append(head.lines)
        length = head.length
        bodiless = status in _BODILESS
        self._silent = bodiless or current.received.method == "HEAD"
        self._chunked = False
        keep_alive = current.keep_alive
        if length is not None:
            if not bodiless:
                out.append(b"Content-Length: %d\r\n" % length)
        elif not self._silent:
            if current.minor:
                self._chunked = True
                out.append(b"Transfer-Encoding: chunked\r\n")
            elif keep_alive:
                keep_alive = False
                self._current = current._replace(keep_alive=False)
        if not keep_alive:
            out.append(b"Connection: close\r\n")
        elif not current.minor:
            out.append(b"Connection: keep-alive\r\n")
        out.append(b"\r\n")

    def send_body(self, data: bytes) -> None:
        """Take a part of the body."""
        if self._silent:
            return
        if self._chunked:
            self._out += (b"%x\r\n" % len(data), data, b"\r\n")
        else:
            self._out.append(data)

    def flush(self) -> None:
        """Send what has been taken."""
        if self._out and self._current is not None:
            self._transport.write(b"".join(self._out))
        self._out.clear()

    def end_answer(self, trailers: Fields) -> None:
        """Send the rest, and begin the next exchange."""
        current = self._current
        if current is None:
            return
        if self._chunked and not self._silent:
            self._out.append(b"0\r\n")
            self._out += (b"%s: %s\r\n" % field for field in trailers)
            self._out.append(b"\r\n")
        self.flush()
        self._current = None
        if not current.keep_alive:
            self._waiting.clear()
            self._transport.close()
        elif self._waiting:
            if self._exchange is not None:
                self._begin_waiting()
                self._read_on()
        else:
            self._exchange = None  # its bodies may be large, and the connection may be idle for long
            if self._expecting:
                self._expecting = False
                self._transport.write(_CONTINUE)
            elif self._refused:
                self._answer_refusal()

    def break_off(self) -> None:
        """Close at once, so that the client sees that the answer is incomplete."""
        self.flush()
        self._transport.abort()
