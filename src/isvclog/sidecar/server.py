"""The sidecar as a server: it listens, and on the way out it answers what has begun and sends what is queued."""

import asyncio
import contextlib
from collections.abc import Callable, MutableSet
from weakref import WeakSet

from isvclog.errors import IsvclogError
from isvclog.httpserver import Address, explain_listen_error
from isvclog.kserve.agent.settings import AgentSettings, BatcherSettings
from isvclog.kserve.agent.startup import MAX_ARGUMENT_BYTES
from isvclog.kserve.agent.store import CLOUDEVENTS
from isvclog.kserve.logger.dispatcher import choose_sink
from isvclog.kserve.logger.events import LogRequest
from isvclog.records import NamedTuple
from isvclog.sidecar.batcher import BatcherForwarding
from isvclog.sidecar.bounded_exchange import BoundedExchange
from isvclog.sidecar.client import ClientConnection
from isvclog.sidecar.counters import Counters
from isvclog.sidecar.delivery import EventQueue, Worker
from isvclog.sidecar.exchange import ProxyExchange
from isvclog.sidecar.forwarding import ModelForwarding
from isvclog.sidecar.generation import Generation, check_size
from isvclog.sidecar.limits import Limits
from isvclog.sidecar.proxy import Forwarding, Sidecar, SidecarClient
from isvclog.sidecar.queues import LogQueue
from isvclog.sidecar.sinks.connection import LogSink, SinkOptions, keep_alive
from isvclog.sidecar.storage.queue import BlobQueue, object_folder, storage_notes
from isvclog.sidecar.watch.accepting import AcceptErrors
from isvclog.sidecar.watch.clients import ClientLimits, ClientWatch, LimitedClients, fitting
from isvclog.sidecar.watch.sink import SinkWatch


class Plan(NamedTuple):
    """The parts of a sidecar, and its limits.

    `settings` are those of the agent, None if no logger runs. `model` is where requests go, `sink` what replaces the
    sink of the log URL, and `blob_dir` the folder in place of its object storage; None for a temporary one. `limits`
    are those of events, `client_limits` those of clients. `mask` changes what is logged of a request, None for nothing.
    `max_metadata` is how many bytes the annotations may have. `batcher` is None if requests are not collected.
    """

    settings: AgentSettings | None
    model: Address
    sink: SinkOptions = SinkOptions()
    limits: Limits = Limits()
    workers: int = 5
    mask: Callable[[LogRequest], LogRequest] | None = None
    blob_dir: str | None = None
    max_metadata: int = MAX_ARGUMENT_BYTES
    batcher: BatcherSettings | None = None
    client_limits: ClientLimits = ClientLimits()


class SidecarServer:
    """A sidecar that listens. `report` gets the agent's messages about events that are lost.

    `notes` are sentences for its user at the start. `worker` is the class of what sends the events. `number` is that of
    the current generation, from 1. Raises IsvclogError if the annotations are too large.
    """

    def __init__(self, plan: Plan, report: Callable[[str], None], worker: type[Worker] = Worker) -> None:
        check_size(plan.settings, plan.max_metadata)
        self.counters = Counters()
        self.number = 1
        self.settings = plan.settings
        self._plan, self._report, self._worker = plan, report, worker
        model = ModelForwarding(plan.model)
        self._forwarding: Forwarding = model if plan.batcher is None else BatcherForwarding(plan.batcher, model)
        self.notes: list[str] = []
        self._queues: WeakSet[LogQueue] = WeakSet()
        queue = self._new_queue(plan.settings)
        client_limits = fitting(plan.client_limits, _raise_file_limit())
        most = client_limits.connections
        if most is not None and client_limits != plan.client_limits:
            self.notes.append(
                f"Connections are limited to {most:,}, a quarter of the files that may be open; raise `ulimit -n`."
            )
        clients: MutableSet[SidecarClient] = set() if most is None else LimitedClients(most)
        self.sidecar = Sidecar(
            _generation(1, plan.settings),
            self._forwarding,
            queue,
            clients,
            plan.mask,
            ProxyExchange if plan.limits.body_bytes is None else BoundedExchange,
        )
        self._watch = ClientWatch(client_limits, clients, self.counters, report)
        if isinstance(clients, LimitedClients):
            clients.make_room = self._watch.make_room
        self._sink_watch = SinkWatch(lambda: self.queue, plan.limits, report)
        self._accepting = AcceptErrors(report)
        self._server: asyncio.Server | None = None

    @property
    def queue(self) -> LogQueue:
        """The queue for events of new exchanges."""
        return self.sidecar.queue

    @property
    def queues(self) -> list[LogQueue]:
        """All queues: that for events of new exchanges, and those for sinks of earlier settings that are still used."""
        return list(self._queues)

    def swap(self, settings: AgentSettings | None) -> None:
        """Use other settings for new exchanges; those that have begun finish with theirs. None sends no events.

        Called in the thread of the loop, where nothing runs between two of these assignments. Raises IsvclogError, and
        changes nothing, if the annotations are too large or there is no folder for objects.
        """
        check_size(settings, self._plan.max_metadata)
        if settings is not None and (self.settings is None or _delivery(settings) != _delivery(self.settings)):
            queue = self._new_queue(settings)
            self.queue.retire()
            self.sidecar.queue = queue
        self.number += 1
        self.settings = settings
        self.sidecar.generation = _generation(self.number, settings)

    def _new_queue(self, settings: AgentSettings | None) -> LogQueue:
        """Make the queue for the sink of the log URL; raise IsvclogError if there is no folder for its objects."""
        queue = self._open_queue(settings)
        self._queues.add(queue)
        return queue

    def _open_queue(self, settings: AgentSettings | None) -> LogQueue:
        plan = self._plan
        if settings is None or choose_sink(settings) == CLOUDEVENTS:
            sink = None if settings is None else LogSink(settings, plan.sink, self._report)
            return EventQueue(sink, plan.workers, plan.limits, self.counters, self._report, self._worker)
        folder = None
        if settings.store is not None:
            folder = object_folder(plan.blob_dir)
            self.notes += storage_notes(settings, folder, is_temporary=plan.blob_dir is None)
        return BlobQueue(folder, plan.limits, self.counters, self._report)

    async def listen(self, address: Address) -> Address:
        """Begin to listen; return the address with the port that was chosen for port 0. Raises IsvclogError."""
        loop = asyncio.get_running_loop()
        try:
            self._server = await loop.create_server(lambda: ClientConnection(self.sidecar), *address, backlog=1024)
        except OSError as error:
            raise IsvclogError(f"cannot listen on {address}: {explain_listen_error(error)}.") from None
        for listening in self._server.sockets:
            keep_alive(listening)  # which connections inherit
        self._watch.start()
        self._sink_watch.start()
        self._accepting.start(lambda: len(self.sidecar.clients))
        return Address(address.host, self._server.sockets[0].getsockname()[1])

    async def drain(self, grace: float) -> int:
        """Stop listening, answer what has begun and send what is queued, for so many seconds at most.

        Returns the number of events that are lost.
        """
        loop = asyncio.get_running_loop()
        deadline = loop.time() + grace
        if self._server is not None:
            self._server.close()
        self._watch.stop()
        self._sink_watch.stop()
        for client in list(self.sidecar.clients):
            client.close()
        while any(client.busy for client in self.sidecar.clients) and loop.time() < deadline:
            await asyncio.sleep(0.01)
        queues = self.queues
        lost = sum([await queue.drain(max(0, deadline - loop.time())) for queue in queues])
        for queue in queues:
            queue.close()
        self._forwarding.close()
        self._accepting.stop()
        await asyncio.sleep(0)  # transports close in the next round of the loop
        return lost


def _generation(number: int, settings: AgentSettings | None) -> Generation | None:
    return None if settings is None else Generation(number, settings)


def _delivery(settings: AgentSettings) -> AgentSettings:
    """Leave only those settings that a queue of events can depend on."""
    return settings._replace(annotations={}, metadata_headers=None, mode="")


def _raise_file_limit() -> int:
    """Allow as many open files as the system lets this process have, and return the number: each connection is one."""
    try:
        import resource
    except ImportError:  # Windows, where connections are no files
        return 1 << 16
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, 1 << 16) if hard > 0 else 1 << 16), hard))
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]
