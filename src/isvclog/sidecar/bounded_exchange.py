"""An exchange whose answer is kept for the logger only up to a limit."""

from isvclog.kserve.logger.events import RESPONSE, LogRequest
from isvclog.sidecar.answers import Fields
from isvclog.sidecar.exchange import Client, ProxyExchange
from isvclog.sidecar.generation import Generation
from isvclog.sidecar.limits import BODY_BYTES
from isvclog.sidecar.queues import LogQueue
from isvclog.sidecar.requests import Incoming


class BoundedExchange(ProxyExchange):
    """Passes an answer of any size on, and logs it if it is not too large."""

    __slots__ = ("_is_too_large", "_kept")

    def __init__(
        self,
        client: Client,
        incoming: Incoming,
        generation: Generation | None,
        as_request: LogRequest | None,
        queue: LogQueue,
    ) -> None:
        super().__init__(client, incoming, generation, as_request, queue)
        self._kept = 0
        self._is_too_large = False

    def body_arrived(self, data: bytes) -> None:
        """Send a part of the body, and forget the body once it is too large."""
        if self.logs_response and self._status == 200:
            self._kept += len(data)
            overflow = self._queue.overflow
            if overflow is not None and overflow.is_too_large(self._kept):
                self._is_too_large = True
                self.logs_response = False
                self._answer.clear()
        super().body_arrived(data)

    def answer_ended(self, trailers: Fields) -> None:
        """Send the end of the answer, and count it as dropped if it was too large."""
        if self._is_too_large and self._queue.overflow is not None:
            self._queue.counters.due[RESPONSE] += 1
            self._queue.overflow.drop(RESPONSE, BODY_BYTES)
        super().answer_ended(trailers)
