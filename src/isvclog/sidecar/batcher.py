"""The agent's batcher: it collects the instances of several requests and asks the model for all of them at once.

What it reads and says is in `kserve/agent/batcher.py`.
"""

import asyncio
from collections import deque
from collections.abc import Sequence
from uuid import uuid4

from isvclog.kserve.agent import batcher
from isvclog.kserve.agent.batcher import BatcherError
from isvclog.kserve.agent.settings import BatcherSettings
from isvclog.kserve.golang.errors import GoError
from isvclog.kserve.golang.gzip import decompress
from isvclog.kserve.golang.strings import from_bytes
from isvclog.records import NamedTuple
from isvclog.sidecar.answers import AnswerHead, Fields
from isvclog.sidecar.exchange import ProxyExchange
from isvclog.sidecar.forwarding import ModelForwarding
from isvclog.sidecar.model import AnswerSource
from isvclog.sidecar.requests import Incoming


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
        if not batcher.is_batched(received):
            self._model.send(exchange, client)
            return
        exchange.logs_response = False
        try:
            instances = batcher.read_instances(received.body)
        except BatcherError as error:
            exchange.answer(400, str(error))
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
        try:
            request = batcher.batch_request(inputs[-1].path, (item for each in inputs for item in each.instances))
        except BatcherError as error:
            for each in inputs:
                if not each.exchange.abandoned:
                    each.exchange.answer(502, str(error))
            self.answered()
            return
        incoming = Incoming(request, request.path, batcher.HOST)
        self._model.send(Batch(inputs, self, incoming), batcher.CLIENT)

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

    def __init__(self, inputs: Sequence[_Input], collector: BatcherForwarding, incoming: Incoming) -> None:
        self.incoming = incoming
        self.connection: AnswerSource | None = None
        self._inputs = inputs
        self._collector = collector
        self._status = 0
        self._gzipped = False
        self._body: list[bytes] = []

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
            predictions = batcher.read_predictions(body, sum(len(each.instances) for each in self._inputs))
        except BatcherError as error:
            self._answer_all(str(error), batch_id)
            return
        at = 0
        for each in self._inputs:
            end = at + len(each.instances)
            _answer(each.exchange, batcher.batcher_answer("", batch_id, predictions[at:end]))
            at = end
        self._collector.answered()

    def _answer_all(self, message: str, batch_id: str) -> None:
        for each in self._inputs:
            _answer(each.exchange, batcher.batcher_answer(message, batch_id, None))
        self._collector.answered()


def _answer(exchange: ProxyExchange, body: bytes) -> None:
    if not exchange.abandoned:
        exchange.answer_with(200, [(b"Content-Type", batcher.CONTENT_TYPE.encode())], body)
