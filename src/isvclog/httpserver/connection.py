"""One connection: bytes to requests, answers in the order of the requests, limits and time-outs."""

import asyncio
import inspect
from collections import deque
from collections.abc import Awaitable
from contextlib import suppress
from typing import cast

from httptools import HttpParserCallbackError, HttpParserError, HttpParserUpgrade, HttpRequestParser

from isvclog.httpserver.messages import (
    Answer,
    Field,
    HttpRequest,
    HttpResponse,
    HttpStream,
    encode_chunk,
    encode_response,
    encode_stream_head,
    plain_response,
)
from isvclog.httpserver.state import ServerState

_TLS, _HTTP2 = b"\x16\x03", b"PRI * HTTP/2"
_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


class RefusedRequest(Exception):
    """A request that is not handed to the handler; the message is for the client. `counted` is the reason in counts."""

    def __init__(self, status: int, counted: str, message: str) -> None:
        super().__init__(message)
        self.status, self.counted = status, counted


class HttpConnection(asyncio.Protocol):
    """The protocol of one connection. Its parser is used for all of its requests."""

    def __init__(self, server: ServerState, loop: asyncio.AbstractEventLoop) -> None:
        self._server, self._loop, self._limits = server, loop, server.limits
        self._parser = HttpRequestParser(self)
        self._transport = cast(asyncio.Transport, None)
        # The request that arrives.
        self._receiving = self._in_body = self._continue_due = False
        self._since = self._blocked_since = 0.0
        self._received = self._head_bytes = self._body_bytes = 0
        self._target = b""
        self._headers: list[Field] = []
        self._trailers: list[Field] = []
        self._body: list[bytes] = []
        # Requests that wait, and the one that is being answered.
        self._waiting: deque[HttpRequest] = deque()
        self._waiting_bytes = 0
        self._task: asyncio.Task[None] | None = None
        self._final: bytes | None = None
        self._finishing = self._discarding = self._reading_paused = False
        # None while the client takes what is written.
        self._drained: asyncio.Future[None] | None = None

    # Calls of the transport.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Accept the connection, or refuse it if there are too many."""
        self._transport = cast(asyncio.Transport, transport)
        self._since = self._loop.time()
        self._server.connections.add(self)
        if len(self._server.connections) > self._limits.connections:
            self._refuse(RefusedRequest(503, "too many connections", "There are too many connections; try again."))

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop answering."""
        self._server.forget(self)
        self._waiting.clear()
        if self._task:
            self._task.cancel()
        self._release()

    def pause_writing(self) -> None:
        """Stop answering, because the client does not take what was written."""
        self._drained = self._loop.create_future()
        self._blocked_since = self._loop.time()
        self._control_reading()

    def resume_writing(self) -> None:
        """Go on with answers."""
        self._release()
        self._answer_waiting()

    def eof_received(self) -> bool:
        """Finish the answers for a client that only closed its side, such as `nc -N`."""
        self._finishing = True
        return bool(self._task or self._waiting) and not self._discarding

    def data_received(self, data: bytes) -> None:
        """Parse what arrived, and answer the requests that are complete."""
        if self._discarding:
            return
        was_receiving = self._receiving
        try:
            self._feed(data)
        except RefusedRequest as refused:
            self._refuse(refused)
            return
        if self._receiving and was_receiving and not self._in_body:
            self._head_bytes += len(data)
            if self._head_bytes > self._limits.header_bytes:
                self._refuse(self._large_head())
                return
        self._received += len(data)
        self._answer_waiting()

    def _feed(self, data: bytes) -> None:
        """Parse data. Raises RefusedRequest. The parser stops at a request for an upgrade, which is not followed."""
        while True:
            try:
                self._parser.feed_data(data)
                return
            except HttpParserUpgrade as upgrade:
                data = data[upgrade.args[0] :]
                self._parser = HttpRequestParser(self)
            except HttpParserCallbackError as error:
                if isinstance(error.__context__, RefusedRequest):
                    raise error.__context__ from None
                raise
            except HttpParserError as error:
                raise _unreadable(data, error) from None

    # Calls of the parser. An exception ends the parsing.

    def on_message_begin(self) -> None:
        """Begin a request."""
        self._receiving, self._in_body = True, False
        self._since = self._loop.time()
        self._received = self._head_bytes = self._body_bytes = 0
        self._target = b""
        self._headers, self._trailers, self._body = [], [], []

    def on_url(self, url: bytes) -> None:
        """Add a part of the target."""
        self._target += url

    def on_header(self, name: bytes, value: bytes) -> None:
        """Add a header or, behind the body, a trailer."""
        if not self._in_body:
            self._headers.append((name, value))
            return
        self._trailers.append((name, value))
        self._body_bytes += len(name) + len(value)
        if self._body_bytes > self._limits.body_bytes:
            raise self._large_body()

    def on_headers_complete(self) -> None:
        """Check the head of a request before its body is read."""
        self._in_body = True
        size = len(self._target) + sum(len(name) + len(value) + 4 for name, value in self._headers)
        if size > self._limits.header_bytes:
            raise self._large_head()
        expects = False
        hosts = 0
        for name, value in self._headers:
            lower = name.lower()
            if lower == b"content-length" and int(value) > self._limits.body_bytes:
                raise self._large_body()
            if lower == b"host":
                hosts += 1
            elif lower == b"expect":
                expects = value.lower() == b"100-continue"
        version = self._parser.get_http_version()
        if hosts != 1 and version == "1.1":
            raise RefusedRequest(400, "malformed", "A request has one Host header (RFC 9112, section 3.2).")
        self._continue_due = expects and version == "1.1"
        if self._continue_due and not (self._task or self._waiting):
            self._continue()

    def on_body(self, body: bytes) -> None:
        """Add a part of the body."""
        self._continue_due = False
        self._body_bytes += len(body)
        if self._body_bytes > self._limits.body_bytes:
            raise self._large_body()
        self._body.append(body)

    def on_message_complete(self) -> None:
        """Put the request in the line of those that wait for their answer."""
        self._receiving = self._in_body = self._continue_due = False
        body = self._body[0] if len(self._body) == 1 else b"".join(self._body)
        self._waiting_bytes += len(body)
        parser = self._parser
        self._waiting.append(
            HttpRequest(
                parser.get_method(),
                self._target,
                parser.get_http_version().encode("ascii"),
                self._headers,
                body,
                self._trailers,
                parser.should_keep_alive(),
            )
        )
        self._body = []

    def _large_head(self) -> RefusedRequest:
        return RefusedRequest(
            431, "header too large", f"The headers have more than {self._limits.header_bytes:,} bytes."
        )

    def _large_body(self) -> RefusedRequest:
        return RefusedRequest(413, "body too large", f"The body has more than {self._limits.body_bytes:,} bytes.")

    def _continue(self) -> None:
        self._continue_due = False
        self._transport.write(_CONTINUE)

    # Answers.

    def _answer_waiting(self) -> None:
        """Answer requests in their order, until one takes time, or the client does not take the answers."""
        while self._waiting and not (self._task or self._drained or self._transport.is_closing()):
            request = self._waiting.popleft()
            self._waiting_bytes -= len(request.body)
            answer = self._handle(request)
            if isinstance(answer, HttpResponse):
                self._respond(request, answer)
            else:
                self._task = self._loop.create_task(self._answer_later(request, answer))
        if not (self._waiting or self._task):
            if self._final is not None:
                self._end_with(self._final)
            elif self._finishing and not self._receiving:
                self._transport.close()
            elif self._continue_due:
                self._continue()
        self._control_reading()

    def _handle(self, request: HttpRequest) -> Answer | Awaitable[Answer]:
        if request.method == b"CONNECT":
            return plain_response(405, "This server is not a proxy.", close=True)
        try:
            return self._server.handler(request)
        except Exception as error:
            return self._failed(error)

    def _failed(self, error: Exception) -> HttpResponse:
        """Report an error of the handler, which is a bug, and answer."""
        self._loop.call_exception_handler({"message": "A request could not be answered", "exception": error})
        return plain_response(500, "The request could not be answered because of a bug.")

    async def _answer_later(self, request: HttpRequest, answer: HttpStream | Awaitable[Answer]) -> None:
        try:
            try:
                ready = await answer if inspect.isawaitable(answer) else answer
            except Exception as error:
                ready = self._failed(error)
            if isinstance(ready, HttpStream):
                await self._stream(request, ready)
            else:
                self._respond(request, ready)
        except Exception as error:  # of the stream: what was sent so far cannot be taken back
            self._failed(error)
            self._transport.abort()
        finally:
            self._task = None
            self._since = self._loop.time()
            if not self._transport.is_closing():
                self._answer_waiting()

    def _respond(self, request: HttpRequest, response: HttpResponse) -> None:
        close = response.close or self._closes(request)
        self._write(encode_response(response, request, self._server.date, close), close)

    async def _stream(self, request: HttpRequest, stream: HttpStream) -> None:
        close = self._closes(request) or request.version == b"1.0"
        self._transport.write(encode_stream_head(stream, request, self._server.date, close))
        if request.method != b"HEAD":
            async for chunk in stream.chunks:
                if chunk:
                    self._transport.write(encode_chunk(chunk, request))
                if self._drained:
                    await self._drained
        is_chunked = request.method != b"HEAD" and request.version != b"1.0"
        self._write(encode_chunk(b"", request) if is_chunked else b"", close)

    def _closes(self, request: HttpRequest) -> bool:
        return not request.keep_alive or (self._finishing and not self._waiting)

    def _write(self, data: bytes, close: bool) -> None:
        self._since = self._loop.time()
        self._transport.write(data)
        if close:
            self._waiting.clear()
            self._transport.close()

    def _refuse(self, refused: RefusedRequest) -> None:
        """Answer a request that is refused, after the earlier ones, and end the connection."""
        self._server.counts[refused.counted] += 1
        self._server.on_refused(refused.status, str(refused))
        response = plain_response(refused.status, str(refused))
        self._final = encode_response(response, None, self._server.date, close=True)
        self._discarding = True
        self._receiving, self._body = False, []
        self._answer_waiting()

    def _end_with(self, data: bytes) -> None:
        """Send the last answer, and discard what the client still sends: a reset would make it lose the answer."""
        self._final, self._finishing = None, True
        self._since = self._loop.time()
        if not self._transport.is_closing():
            self._transport.write(data)
            if self._transport.can_write_eof():
                self._transport.write_eof()

    def _control_reading(self) -> None:
        """Pause reading while too much waits, or the client does not take its answers."""
        limits = self._limits
        full = len(self._waiting) >= limits.pipelined or self._waiting_bytes > limits.body_bytes
        pause = bool(self._drained or full) and not self._discarding
        if pause != self._reading_paused and not self._transport.is_closing():
            self._reading_paused = pause
            (self._transport.pause_reading if pause else self._transport.resume_reading)()

    def _release(self) -> None:
        if self._drained and not self._drained.done():
            self._drained.set_result(None)
        self._drained = None

    # Calls of the server.

    def check(self, now: float) -> None:
        """End the connection if its time is over; `now` is the time of the loop in seconds."""
        limits = self._limits
        if self._drained:
            if now - self._blocked_since > limits.stall_seconds:
                self._server.counts["unread answers"] += 1
                self.abort()
        elif self._task or self._waiting:
            return
        elif self._discarding:
            if now - self._since > limits.linger_seconds:
                self.abort()
        elif self._receiving:
            if now - self._since > limits.receive_seconds + self._received / limits.least_rate:
                self._refuse(RefusedRequest(408, "too slow", "The request did not arrive in time."))
        elif now - self._since > limits.idle_seconds:
            self._transport.close()

    def finish(self) -> None:
        """Close the connection as soon as the requests that arrived are answered."""
        self._finishing = True
        if not (self._task or self._waiting or self._receiving):
            self._transport.close()

    def abort(self) -> None:
        """Cut the connection now."""
        with suppress(OSError):
            self._transport.abort()


def _unreadable(data: bytes, error: Exception) -> RefusedRequest:
    """Explain data that is no request; what clients in Go and their users get wrong is recognized."""
    if data.startswith(_TLS):
        return RefusedRequest(
            400, "malformed", "The client speaks TLS, and this is plain HTTP: write http:// in its URL."
        )
    if data.startswith(_HTTP2):
        return RefusedRequest(505, "malformed", "The client speaks HTTP/2, and this is HTTP/1.1.")
    return RefusedRequest(400, "malformed", f"This is not an HTTP request: {error}.")
