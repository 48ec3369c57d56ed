"""The sidecar itself: what happens to a request of a client.

Source: cmd/agent/main.go: Knative's Drainer answers probes, the logger queues the request, the reverse proxy passes it
to the model.
"""

import os
from time import time_ns
from typing import TYPE_CHECKING, Protocol

from isvclog.kserve.agent.http_exchange import is_probe, with_forwarded
from isvclog.kserve.agent.proxy import model_request
from isvclog.kserve.golang.strconv import quote
from isvclog.kserve.logger.events import log_request
from isvclog.sidecar.delivery import EventQueue
from isvclog.sidecar.exchange import Client, Exchange
from isvclog.sidecar.generation import Generation
from isvclog.sidecar.model import ModelPool
from isvclog.sidecar.requests import Incoming

if TYPE_CHECKING:
    from collections.abc import Iterator


class Connection(Protocol):
    """A connection of a client. `busy` is True while a request is being answered."""

    @property
    def busy(self) -> bool: ...

    def close(self) -> None:
        """Close once the answer is sent."""


class Sidecar:
    """Proxies requests to a model, and queues their events.

    `generation` is the metadata that new exchanges get; assigning another one swaps it. It is None if no logger runs.
    """

    def __init__(self, generation: Generation | None, pool: ModelPool, queue: EventQueue) -> None:
        self.generation = generation
        self.queue = queue
        self.clients: set[Connection] = set()
        self._pool = pool
        self._new_ids = _random_ids()

    def begin(self, client: Client, incoming: Incoming, address: str) -> Exchange:
        """Begin the exchange of a request; the client gets the answer, maybe before this returns."""
        received = incoming.received
        if is_probe(received):
            return self._answer_probe(client, incoming)
        received = with_forwarded(received)
        if received is not incoming.received:
            incoming = incoming._replace(received=received)
        generation = self.generation
        as_request = None
        if generation is not None:
            settings = generation.settings
            as_request = log_request(settings, received, new_id=next(self._new_ids), occurred_ns=time_ns())
            if settings.mode != "response":
                self.queue.put(generation.encoder, as_request)
        exchange = Exchange(client, incoming, generation, as_request, self.queue)
        self._pool.send(exchange, model_request(received, incoming.target, incoming.host, address))
        return exchange

    def _answer_probe(self, client: Client, incoming: Incoming) -> Exchange:
        header = incoming.received.get("K-Network-Probe")
        exchange = Exchange(client, incoming, self.generation, None, self.queue)
        if header == "queue":
            exchange.answer(200, "queue")
        else:
            exchange.answer(400, f"unexpected probe header value: {quote(header)}")
        return exchange


def _random_ids() -> "Iterator[str]":
    """Yield random UUIDs of version 4, as the agent's `uuid.New` makes them."""
    while True:
        block = os.urandom(4096)
        for start in range(0, len(block), 16):
            digits = block[start : start + 16].hex()
            variant = "89ab"[block[start + 8] & 3]
            yield f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-{variant}{digits[17:20]}-{digits[20:]}"
