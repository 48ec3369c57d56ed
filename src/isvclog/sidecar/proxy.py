"""The sidecar itself: what happens to a request of a client.

Source: cmd/agent/main.go: Knative's Drainer answers probes, the logger queues the request, the reverse proxy passes it
to the model.
"""

import os
from collections.abc import Callable, MutableSet
from time import time_ns
from typing import TYPE_CHECKING, Protocol

from isvclog.kserve.agent.http_exchange import is_probe, probe_answer, with_forwarded
from isvclog.kserve.golang.errors import GoError
from isvclog.kserve.logger.events import LogRequest, log_request
from isvclog.sidecar.exchange import Client, ProxyExchange
from isvclog.sidecar.generation import Generation
from isvclog.sidecar.queues import LogQueue
from isvclog.sidecar.requests import Incoming

if TYPE_CHECKING:
    from collections.abc import Iterator


_VARIANTS = {f"{digit:x}": "89ab"[digit % 4] for digit in range(16)}


class SidecarClient(Protocol):
    """A connection of a client. `busy` is True while a request is being answered."""

    @property
    def busy(self) -> bool: ...

    def progress(self) -> tuple[str, object, int]:
        """Say what the connection waits for (watch/clients.py), with its request and a number that changes with it."""

    def fileno(self) -> int:
        """Return the file descriptor."""

    def refuse(self) -> None:
        """Close, since there are too many connections."""

    def abort(self) -> None:
        """Close at once."""

    def close(self) -> None:
        """Close once the answer is sent."""


class Forwarding(Protocol):
    """Passes requests on."""

    def send(self, exchange: ProxyExchange, client: str) -> None:
        """Send the request of an exchange, which takes the answer; `client` is the client's IP address.

        Raises a GoError if Go's transport does not send it.
        """

    def close(self) -> None:
        """Close all connections."""


class Sidecar:
    """Proxies requests to a model, and queues their events.

    `generation` is the metadata that new exchanges get; assigning another one swaps it. It is None if no logger runs.
    `mask` changes what is logged of a request, None for nothing. `exchange` is the class of exchanges.
    """

    def __init__(
        self,
        generation: Generation | None,
        forwarding: Forwarding,
        queue: LogQueue,
        clients: MutableSet[SidecarClient],
        mask: Callable[[LogRequest], LogRequest] | None = None,
        exchange: type[ProxyExchange] = ProxyExchange,
    ) -> None:
        self.generation = generation
        self.queue = queue
        self.clients = clients
        self._new_exchange = exchange
        self._forwarding = forwarding
        self._new_ids = _random_ids()
        self._log_request = log_request if mask is None else _masked(mask)

    def begin(self, client: Client, incoming: Incoming, address: str) -> ProxyExchange:
        """Begin the exchange of a request; the client gets the answer, maybe before this returns."""
        received = incoming.received
        if is_probe(received):
            return self._answer_probe(client, incoming)
        self.queue.counters.exchanges += 1
        received = with_forwarded(received)
        if received is not incoming.received:
            incoming = incoming._replace(received=received)
        generation = self.generation
        as_request = None
        if generation is not None and (generation.logs_http2 or not received.http2):
            settings = generation.settings
            as_request = self._log_request(settings, received, new_id=next(self._new_ids), occurred_ns=time_ns())
        exchange = self._new_exchange(client, incoming, generation, as_request, self.queue)
        # The model can begin while the event is encoded.
        try:
            self._forwarding.send(exchange, address)
        except GoError as error:
            exchange.answer(502, str(error))
        if as_request is not None and as_request.settings.mode != "response":
            assert generation is not None
            self.queue.put(generation.encoder, as_request)
        return exchange

    def _answer_probe(self, client: Client, incoming: Incoming) -> ProxyExchange:
        exchange = ProxyExchange(client, incoming, self.generation, None, self.queue)
        exchange.answer(*probe_answer(incoming.received))
        return exchange


def _masked(mask: Callable[[LogRequest], LogRequest]) -> Callable[..., LogRequest]:
    """Return `log_request` with a mask."""
    return lambda *args, **settings: mask(log_request(*args, **settings))


def _random_ids() -> "Iterator[str]":
    """Yield random UUIDs of version 4, as the agent's `uuid.New` makes them."""
    while True:
        digits = os.urandom(4096).hex()
        for at in range(0, len(digits), 32):
            variant = _VARIANTS[digits[at + 16]]
            yield (
                f"{digits[at : at + 8]}-{digits[at + 8 : at + 12]}-4{digits[at + 13 : at + 16]}"
                f"-{variant}{digits[at + 17 : at + 20]}-{digits[at + 20 : at + 32]}"
            )
