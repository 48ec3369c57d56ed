"""The sidecar as a server: it listens, and on the way out it answers what has begun and sends what is queued."""

import asyncio
import contextlib
import resource
from collections.abc import Callable
from typing import NamedTuple

from isvclog.errors import IsvclogError
from isvclog.httpserver import Address, explain_listen_error
from isvclog.kserve.agent.settings import AgentSettings
from isvclog.kserve.agent.store import CLOUDEVENTS
from isvclog.kserve.logger.dispatcher import choose_sink
from isvclog.kserve.logger.events import LogRequest
from isvclog.sidecar.blobs import BlobQueue, object_folder, storage_notes
from isvclog.sidecar.client import ClientConnection
from isvclog.sidecar.counters import Counters
from isvclog.sidecar.delivery import EventQueue
from isvclog.sidecar.generation import Generation
from isvclog.sidecar.limits import Limits
from isvclog.sidecar.model import ModelPool
from isvclog.sidecar.proxy import Sidecar
from isvclog.sidecar.queues import LogQueue
from isvclog.sidecar.sinks import EventSink, SinkOptions


class Plan(NamedTuple):
    """What a sidecar does.

    `settings` are those of the agent, None if no logger runs. `model` is where requests go, `sink` what replaces the
    sink of the log URL, and `blob_dir` the folder in place of its object storage; None for a temporary one. `mask`
    changes what is logged of a request, None for nothing.
    """

    settings: AgentSettings | None
    model: Address
    sink: SinkOptions = SinkOptions()
    limits: Limits = Limits()
    workers: int = 5
    mask: Callable[[LogRequest], LogRequest] | None = None
    blob_dir: str | None = None


class SidecarServer:
    """A sidecar that listens. `report` gets the agent's messages about events that are lost.

    `notes` are sentences for its user at the start.
    """

    def __init__(self, plan: Plan, report: Callable[[str], None]) -> None:
        settings = plan.settings
        self.counters = Counters()
        self._pool = ModelPool(*plan.model)
        self.notes: list[str] = []
        self.queue = self._open_queue(plan, report)
        generation = Generation(1, settings) if settings is not None else None
        self.sidecar = Sidecar(generation, self._pool, self.queue, plan.mask)
        self._server: asyncio.Server | None = None

    def _open_queue(self, plan: Plan, report: Callable[[str], None]) -> LogQueue:
        """Make the queue for the sink of the log URL; raise IsvclogError if there is no folder for its objects."""
        if plan.settings is None or choose_sink(plan.settings) == CLOUDEVENTS:
            sink = None if plan.settings is None else EventSink(plan.settings, plan.sink, report)
            return EventQueue(sink, plan.workers, plan.limits, self.counters, report)
        folder = None
        if plan.settings.store is not None:
            folder = object_folder(plan.blob_dir)
            self.notes += storage_notes(plan.settings, folder, is_temporary=plan.blob_dir is None)
        return BlobQueue(folder, plan.limits, self.counters, report)

    async def listen(self, address: Address) -> Address:
        """Begin to listen; return the address with the port that was chosen for port 0. Raises IsvclogError."""
        _raise_file_limit()
        loop = asyncio.get_running_loop()
        try:
            self._server = await loop.create_server(lambda: ClientConnection(self.sidecar), *address, backlog=1024)
        except OSError as error:
            raise IsvclogError(f"{address} cannot be listened on: {explain_listen_error(error)}.") from None
        return Address(address.host, self._server.sockets[0].getsockname()[1])

    async def drain(self, grace: float) -> int:
        """Stop listening, answer what has begun and send what is queued, for so many seconds at most.

        Returns the number of events that are lost.
        """
        loop = asyncio.get_running_loop()
        deadline = loop.time() + grace
        if self._server is not None:
            self._server.close()
        for client in list(self.sidecar.clients):
            client.close()
        while any(client.busy for client in self.sidecar.clients) and loop.time() < deadline:
            await asyncio.sleep(0.01)
        lost = await self.queue.drain(max(0, deadline - loop.time()))
        self.queue.close()
        self._pool.close()
        await asyncio.sleep(0)  # transports close in the next round of the loop
        return lost


def _raise_file_limit() -> None:
    """Allow as many open files as the system lets this process have: each connection is one."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, 1 << 16) if hard > 0 else 1 << 16), hard))
