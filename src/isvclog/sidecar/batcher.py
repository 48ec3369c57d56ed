"""The agent's batcher: it collects the instances of several requests and asks the model for all of them at once.

Source: pkg/batcher/handler.go, measured (`tests/sidecar/batched.json`).
"""

import asyncio
from collections import deque
from collections.abc import Sequence
from typing import NamedTuple
from uuid import uuid4

from isvclog.kserve.agent.settings import BatcherSettings
from isvclog.kserve.golang import json as gojson
from isvclog.kserve.golang.errors import GoError
from isvclog.kserve.golang.gzip import decompress
from isvclog.kserve.golang.httpserver import ServerRequest, handler_path
from isvclog.kserve.golang.jsondecode import Field, Struct
from isvclog.kserve.golang.jsonitems import encoded_items
from isvclog.kserve.golang.jsonsyntax import JsonError
from isvclog.kserve.golang.strings import from_bytes, to_bytes
from isvclog.sidecar.answers import AnswerHead, Fields
from isvclog.sidecar.exchange import ProxyExchange
from isvclog.sidecar.forwarding import ModelForwarding
from isvclog.sidecar.model import AnswerSource
from isvclog.sidecar.requests import Incoming

_REQUEST = Struct("batcher.Request", (Field("instances", "[]interface {}"),))
_RESPONSE = Struct("batcher.PredictionResponse", (Field("predictions", "[]interface {}"),))
_HOST, _CLIENT = "example.com", "192.0.2.1"
"""The Host header and the client's address in requests of Go's `httptest.NewRequest`, with which the agent asks."""


class _Input(NamedTuple):
    exchange: ProxyExchange
    path: str
    instances: list[str]


class BatcherForwarding:
    """Collects requests whose path ends in `:predict`, and passes the others on.

    One batch is sent at a time; what arrives meanwhile waits for the next one. The logger sees no status of these
    answers, so it logs none of them.
    """

    def __init__(self, settings: BatcherSettings, model: ModelForwarding) -> None:
        self._settings = settings
        self._model = model
        self._waiting: deque[_Input] = deque()
        self._inputs: list[_Input] = []
        self._size = 0
        self._asking = False
        self._timer: asyncio.TimerHandle | None = None

    def send(self, exchange: ProxyExchange, client: str) -> None:
        """Take the request of an exchange."""
        received = exchange.incoming.received
        if not received.path.endswith(":predict"):
            self._model.send(exchange, client)
            return
        exchange.logs_response = False
        try:
            instances = encoded_items(received.body, _REQUEST)
        except JsonError:
            exchange.answer(400, "can't Unmarshal body")
            return
        if not instances:
            exchange.answer(400, "no instances in the request")
            return
        self._waiting.append(_Input(exchange, received.path, instances))
        self._collect()

    def close(self) -> None:
        """Ask for nothing more."""
        self._stop_timer()
        self._waiting.clear()
        self._model.close()

    def _collect(self) -> None:
        while self._waiting and not self._asking:
            if not self._inputs:
                seconds = self._settings.max_latency_ms / 1000
                self._timer = asyncio.get_running_loop().call_later(seconds, self._ask)
            taken = self._waiting.popleft()
            self._inputs.append(taken)
            self._size += len(taken.instances)
            if self._size >= self._settings.max_size:
                self._ask()

    def _ask(self) -> None:
        """Send the batch; its path is that of the last request."""
        self._stop_timer()
        inputs, self._inputs, self._size = self._inputs, [], 0
        self._asking = True
        Batch(inputs, self).send(self._model)

    def answered(self) -> None:
        """Begin the next batch."""
        self._asking = False
        self._collect()

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


class Batch:
    """One request to the model for several clients, and its answer."""

    is_head = replayable = abandoned = False

    def __init__(self, inputs: Sequence[_Input], batcher: BatcherForwarding) -> None:
        body = f'{{"instances":[{",".join(item for each in inputs for item in each.instances)}]}}'
        path = inputs[-1].path
        received = ServerRequest("POST", path, {}, to_bytes(body))
        self.incoming = Incoming(received, path, _HOST)
        self.connection: AnswerSource | None = None
        self._inputs = inputs
        self._batcher = batcher
        self._status = 0
        self._gzipped = False
        self._body: list[bytes] = []

    def send(self, model: ModelForwarding) -> None:
        """Ask the model."""
        path = self.incoming.target
        try:
            handler_path("POST", path)
        except GoError:
            reason = f"the agent's batcher panics over the path {path!r}, and the agent exits with code 2"
            for each in self._inputs:
                if not each.exchange.abandoned:
                    each.exchange.answer(502, reason)
            self._batcher.answered()
            return
        model.send(self, _CLIENT)

    def inform(self, status: int, reason: bytes, fields: Fields) -> None:
        """Take a preliminary answer; the agent takes it for the final one."""
        self._status = self._status or status

    def answer_began(self, status: int, reason: bytes, head: AnswerHead) -> None:
        """Take the status."""
        self._status = self._status or status
        self._gzipped = head.is_gzip

    def body_arrived(self, data: bytes) -> None:
        """Take a part of the body."""
        self._body.append(data)

    def flush(self) -> None:
        """Wait for the end."""

    def answer_ended(self, trailers: Fields) -> None:
        """Give each client its part."""
        body = b"".join(self._body)
        if self._gzipped:
            try:
                body = decompress(body)
            except GoError:
                body = b""
        self._distribute(body)

    def answer_failed(self, reason: str) -> None:
        """Take that the model gave no answer, or only a part of one, which the agent takes for all of it."""
        if self._status:
            self.answer_ended([])
        else:
            self._status = 502
            self._distribute(f"{reason}\n".encode("utf-8", "surrogateescape"))

    def _distribute(self, body: bytes) -> None:
        if self._status != 200:
            self._answer_all(from_bytes(body), "")
            return
        batch_id = str(uuid4())
        try:
            predictions = encoded_items(body, _RESPONSE)
        except JsonError as error:
            self._answer_all(str(error), batch_id)
            return
        if len(predictions) != sum(len(each.instances) for each in self._inputs):
            self._answer_all("size of prediction is not equal to the size of instances", batch_id)
            return
        at = 0
        for each in self._inputs:
            end = at + len(each.instances)
            _answer(each.exchange, "", batch_id, f"[{','.join(predictions[at:end])}]")
            at = end
        self._batcher.answered()

    def _answer_all(self, message: str, batch_id: str) -> None:
        for each in self._inputs:
            _answer(each.exchange, message, batch_id, "null")
        self._batcher.answered()


def _answer(exchange: ProxyExchange, message: str, batch_id: str, predictions: str) -> None:
    """Answer with status 200, whatever the message says."""
    if not exchange.abandoned:
        text = gojson.marshal(message)
        body = to_bytes(f'{{"message":{text},"batchId":"{batch_id}","predictions":{predictions}}}')
        exchange.answer_with(200, [(b"Content-Type", b"text/plain; charset=utf-8")], body)
