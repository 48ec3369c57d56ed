"""The alternative to metadata in memory: each worker asks an API server before it sends an event.

Everything else is the sidecar. A worker keeps its connection to the API server. With a cache, an answer is used for
some seconds by all workers. An event whose lookup fails is sent without annotations.
"""

import asyncio
import json
from collections.abc import Callable
from time import monotonic
from typing import cast

import httptools

from isvclog.httpserver import Address
from isvclog.kserve.logger.encoder import EventEncoder
from isvclog.kserve.logger.events import LogRequest
from isvclog.sidecar.delivery import EventQueue, Worker
from isvclog.sidecar.sinks.connection import LogSink

SERVICE_PATH = "/apis/serving.kserve.io/v1beta1/namespaces/research/inferenceservices/iris"
_REQUEST = f"GET {SERVICE_PATH} HTTP/1.1\r\nHost: kubernetes\r\nAccept: application/json\r\n\r\n".encode()
Annotations = dict[str, str]


class Cache:
    """The annotations that the API server gave last, and the encoder of events with them."""

    def __init__(self, seconds: float) -> None:
        self._seconds, self._until = seconds, 0.0
        self._encoder: EventEncoder | None = None

    def fresh(self) -> EventEncoder | None:
        """Return the encoder, None if the answer is too old."""
        return self._encoder if monotonic() < self._until else None

    def store(self, annotations: Annotations, logged: LogRequest) -> EventEncoder:
        """Store an answer. The encoder stays while the annotations do, so that only the lookup costs time."""
        self._until = monotonic() + self._seconds
        if self._encoder is None or self._encoder.settings.annotations != annotations:
            self._encoder = EventEncoder(logged.settings._replace(annotations=annotations))
        return self._encoder


def lookup_worker(api: Address, cache_seconds: float) -> type[Worker]:
    """Return the class of workers that ask this API server."""
    cache = Cache(cache_seconds)

    class LookupWorker(Worker):
        def __init__(self, queue: EventQueue, sink: LogSink) -> None:
            super().__init__(queue, sink)
            self._api = ApiConnection(api)

        def take(self, encoder: EventEncoder, logged: LogRequest) -> None:
            """Ask for the annotations, and send the event with them."""
            if fresh := cache.fresh():
                super().take(fresh, logged)
            else:
                self._api.ask(lambda found: self._found(found, encoder, logged))

        def _found(self, found: Annotations | None, encoder: EventEncoder, logged: LogRequest) -> None:
            if found is None:
                super().take(EventEncoder(logged.settings._replace(annotations={})), logged)
            else:
                listed = encoder.settings.annotations
                super().take(cache.store({key: found[key] for key in listed if key in found}, logged), logged)

        def close(self) -> None:
            """Close the connections."""
            super().close()
            self._api.close()

    return LookupWorker


class ApiConnection(asyncio.Protocol):
    """A connection to the API server that is kept; `ask` calls back with the annotations, None if that fails."""

    def __init__(self, address: Address) -> None:
        self._address = address
        self._transport: asyncio.Transport | None = None
        self._reply: Callable[[Annotations | None], None] | None = None
        self._task: asyncio.Task[None] | None = None

    def ask(self, reply: Callable[[Annotations | None], None]) -> None:
        """Send a request."""
        self._reply = reply
        self._body: list[bytes] = []
        if self._transport is not None:
            self._transport.write(_REQUEST)
        else:
            self._task = asyncio.get_running_loop().create_task(self._open())

    async def _open(self) -> None:
        try:
            await asyncio.get_running_loop().create_connection(lambda: self, *self._address)
        except OSError:
            self._answer(None)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Send the request that waits."""
        self._transport = cast("asyncio.Transport", transport)
        self._parser = httptools.HttpResponseParser(self)
        self._transport.write(_REQUEST)

    def data_received(self, data: bytes) -> None:
        """Take a part of the answer."""
        self._parser.feed_data(data)

    def on_body(self, data: bytes) -> None:
        """Take a part of the object."""
        self._body.append(data)

    def on_message_complete(self) -> None:
        """Read the annotations of the object."""
        found = json.loads(b"".join(self._body))["metadata"]["annotations"] if self._is_ok() else None
        self._answer(found)

    def _is_ok(self) -> bool:
        return bool(self._parser.get_status_code() == 200)

    def connection_lost(self, _: Exception | None) -> None:
        """Fail the request that waits."""
        self._transport = None
        self._answer(None)

    def _answer(self, found: Annotations | None) -> None:
        reply, self._reply = self._reply, None
        if reply is not None:
            # Not at once: events whose lookup fails would nest as many calls.
            asyncio.get_running_loop().call_soon(reply, found)

    def close(self) -> None:
        """Close the connection."""
        self._reply = None
        if self._transport is not None:
            self._transport.abort()
