"""One exchange: a request of a client, the answer of the model, and what the logger records of both."""

from time import time_ns
from typing import Protocol

from isvclog.kserve.agent.http_exchange import asks_for_gzip
from isvclog.kserve.golang.gzip import GzipReader
from isvclog.kserve.golang.strings import from_bytes
from isvclog.kserve.logger.events import LogRequest, log_response
from isvclog.sidecar.answers import AnswerHead, Fields, own_head
from isvclog.sidecar.generation import Generation
from isvclog.sidecar.model import AnswerSource
from isvclog.sidecar.queues import LogQueue
from isvclog.sidecar.requests import Incoming

_REPLAYABLE = ("GET", "HEAD", "OPTIONS", "TRACE")
_OK = 200


class Client(Protocol):
    """The side that asked: a connection of HTTP/1.1 or a stream of HTTP/2."""

    def inform(self, status: int, reason: bytes, fields: Fields) -> None:
        """Send a preliminary answer (status 1xx)."""

    def start_answer(self, status: int, reason: bytes, head: AnswerHead) -> None:
        """Take the status and the header."""

    def send_body(self, data: bytes) -> None:
        """Take a part of the body."""

    def end_answer(self, trailers: Fields) -> None:
        """Take the end of the answer."""

    def flush(self) -> None:
        """Send what has been taken."""

    def break_off(self) -> None:
        """End the connection or stream, since the answer cannot be completed."""


class ProxyExchange:
    """Passes one answer on to a client as it arrives, and logs it once it is complete.

    `as_request` is the log request of the request, None if the exchange is not logged.
    """

    __slots__ = (
        "_answer", "_client", "_content_type", "_generation", "_inflater", "_queue", "_started", "_status",
        "abandoned", "as_request", "connection", "incoming", "is_head", "logs_response", "replayable",
    )  # fmt: skip

    def __init__(
        self,
        client: Client,
        incoming: Incoming,
        generation: Generation | None,
        as_request: LogRequest | None,
        queue: LogQueue,
    ) -> None:
        method = incoming.received.method
        self._client = client
        self._generation = generation
        self._queue = queue
        self.incoming = incoming
        self.as_request = as_request
        self.is_head = method == "HEAD"
        self.replayable = method in _REPLAYABLE
        self.logs_response = as_request is not None and as_request.settings.mode != "request"
        self.connection: AnswerSource | None = None
        self.abandoned = False
        self._started = False
        self._status = 0
        self._content_type = b""
        self._answer: list[bytes] = []
        self._inflater: GzipReader | None = None

    def inform(self, status: int, reason: bytes, fields: Fields) -> None:
        """Pass a preliminary answer on."""
        self._client.inform(status, reason, fields)

    def answer_began(self, status: int, reason: bytes, head: AnswerHead) -> None:
        """Send the status and the header."""
        self._status = status
        self._started = True
        self._content_type = head.content_type
        if head.is_gzip and head.length != 0 and not self.is_head and asks_for_gzip(self.incoming.received):
            # The agent's transport asked for gzip, so the client gets what it would have got without.
            head = head.inflated()
            self._inflater = GzipReader()
        self._client.start_answer(status, reason, head)

    def body_arrived(self, data: bytes) -> None:
        """Send a part of the body, and keep it if the answer is logged."""
        inflater = self._inflater
        if inflater is not None:
            data = inflater.feed(data)
        if data:
            if self.logs_response and self._status == _OK:
                self._answer.append(data)
            self._client.send_body(data)
        if inflater is not None and inflater.error:
            self._give_up(inflater.error)

    def flush(self) -> None:
        """Send what has been taken."""
        self._client.flush()

    def answer_ended(self, trailers: Fields) -> None:
        """Send the end of the answer, and log the answer."""
        if self._inflater is not None and (reason := self._inflater.finish()):
            self._give_up(reason)
            return
        self._client.end_answer(trailers)
        if self.logs_response and self._status == _OK:
            self._log()

    def _log(self) -> None:
        assert self.as_request is not None
        assert self._generation is not None
        answer = self._answer
        body = answer[0] if len(answer) == 1 else b"".join(answer)
        logged = log_response(self.as_request, from_bytes(self._content_type), body, occurred_ns=time_ns())
        self._queue.put(self._generation.encoder, logged)

    def answer_failed(self, reason: str) -> None:
        """Answer with status 502, or break off an answer that has begun."""
        self.logs_response = False
        if self._started:
            self._client.break_off()
        else:
            self.answer(502, reason)

    def _give_up(self, reason: str) -> None:
        """Break off an answer that the model goes on with."""
        if self.connection is not None:
            self.connection.abort()
        self.answer_failed(reason)

    def abandon(self) -> None:
        """End the exchange because the client is gone: the answer is neither passed on nor logged."""
        self.abandoned = True
        self.logs_response = False
        if self.connection is not None:
            self.connection.abort()

    def pause(self, paused: bool) -> None:
        """Stop or go on reading the answer, since the client is slow."""
        if self.connection is not None:
            self.connection.pause_answer(paused)

    def answer(self, status: int, text: str) -> None:
        """Answer without the model, as Go's `http.Error` does."""
        body = text.encode("utf-8", "replace") + b"\n"
        fields = [(b"Content-Type", b"text/plain; charset=utf-8"), (b"X-Content-Type-Options", b"nosniff")]
        self.answer_with(status, fields, body)

    def answer_with(self, status: int, fields: Fields, body: bytes) -> None:
        """Answer without the model, and without a log request."""
        self._client.start_answer(status, b"", own_head(fields, len(body)))
        self._client.send_body(body)
        self._client.end_answer([])
