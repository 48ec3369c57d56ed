"""The agent's path to object storage: batches, one after the other, each of which becomes an object.

Source: pkg/logger/{dispatcher,batch_timed,batch_size,store}.go. The bucket is a folder here.
"""

import asyncio
import math
import os
import tempfile
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator

from isvclog.errors import IsvclogError
from isvclog.kserve.agent.settings import DEFAULT_MARSHALLER_URL, AgentSettings
from isvclog.kserve.golang.strings import to_bytes
from isvclog.kserve.golang.url import parse
from isvclog.kserve.logger.dispatcher import QUEUE_SIZE, record_of, store_batch
from isvclog.kserve.logger.encoder import EventEncoder
from isvclog.kserve.logger.events import LogRequest
from isvclog.kserve.logger.messages import unstored
from isvclog.kserve.logger.records import Upload
from isvclog.sidecar.counters import FAILED, REJECTED, SENT, UNDELIVERABLE, Counters
from isvclog.sidecar.limits import Limits, Overflow, size_of
from isvclog.sidecar.sinks.connection import shown_url
from isvclog.sidecar.storage.marshaller import MarshalError, marshal
from isvclog.sidecar.storage.objects import CAN_STORE, write_object

_NS = 1_000_000_000

Batch = list[LogRequest]


class BlobQueue:
    """Collects batches, and writes each below `folder`; None if nothing is ever written.

    `report` gets the agent's message about a batch that is lost.
    """

    def __init__(self, folder: str | None, limits: Limits, counters: Counters, report: Callable[[str], None]) -> None:
        self.counters = counters
        self.report = report
        self.limits = limits
        self.waiting_bytes = 0
        self.overflow = Overflow(limits, counters, report) if limits.drops else None
        self._folder = folder
        self._batch: Batch = []
        self._ready: deque[Batch] = deque()
        self._waiting = 0
        self._storing: Batch = []
        self._told_full = False
        self._task: asyncio.Task[None] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._flushed = time.monotonic()

    def __len__(self) -> int:
        return len(self._batch) + self._waiting

    @property
    def pending(self) -> int:
        """The number of records that wait for a batch or are being stored."""
        return len(self) + len(self._storing)

    def put(self, encoder: EventEncoder, logged: LogRequest) -> None:
        """Add a record to the batch, or drop it if a limit is reached."""
        self.counters.due[logged.type] += 1
        if self.overflow is not None and self.overflow.drops(logged, len(self), self.waiting_bytes):
            return
        settings = logged.settings
        self._batch.append(logged)
        self.waiting_bytes += size_of(logged)
        if len(self._batch) >= settings.batch_size:
            self._flush()
        elif settings.batch_interval_ns > 0 and self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(self._until_tick(settings), self._flush)

    def _until_tick(self, settings: AgentSettings) -> float:
        """Return the seconds until the timer of the agent ends: it runs all the time, from the start or a flush on."""
        interval = settings.batch_interval_ns / _NS
        passed = time.monotonic() - self._flushed
        return math.ceil(passed / interval) * interval - passed

    def _flush(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._flushed = time.monotonic()
        self._waiting += len(self._batch)
        self._ready.append(self._batch)
        self._batch = []
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._store_all())
        elif self._waiting > QUEUE_SIZE and not self._told_full:
            self._told_full = True
            self.report(
                f"{self._waiting} records wait for the storage; in a cluster, requests of clients would wait, too"
            )

    async def _store_all(self) -> None:
        while self._ready:
            batch = self._ready.popleft()
            self._waiting -= len(batch)
            self._storing = batch
            self.waiting_bytes -= sum(map(size_of, batch))
            outcome = await self._store(batch)
            self._storing = []
            for logged in batch:
                self.counters.events[logged.type, outcome] += 1
        self._told_full = False
        if self.overflow is not None:
            self.overflow.end()
        self._task = None

    async def _store(self, batch: Batch) -> str:
        """Store a batch; return what became of its records."""
        built = await asyncio.to_thread(_build, batch)
        if isinstance(built, str):
            self.report(built)
            return UNDELIVERABLE
        key, data = built.key, to_bytes(built.data)
        try:
            if built.marshaller:
                data, extension = await marshal(built.marshaller, built.data)
                key = f"{key.removesuffix('json')}{extension}"
            elif built.format == "parquet":
                key += ".csv"
            assert self._folder is not None
            await asyncio.to_thread(write_object, self._folder, built.bucket, key, data)
        except MarshalError as error:
            self.report(unstored(str(error), batch[0].settings.release))
            return REJECTED if error.refused else FAILED
        except OSError as error:
            reason = f"cannot write the object {key}: {error.strerror or error}"
            self.report(unstored(reason, batch[0].settings.release))
            return FAILED
        return SENT

    def sending(self) -> tuple[LogRequest, ...]:
        """Return nothing: a marshaller has a time limit."""
        return ()

    def pending_types(self) -> Counter[str]:
        """Count the records that wait for a batch or are being stored by type."""
        return Counter(logged.type for batch in (self._batch, self._storing, *self._ready) for logged in batch)

    async def drain(self, seconds: float) -> int:
        """Store what is ready, and the batch whose timer ends in time; return how many records are lost."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + seconds
        while self._task is not None or (self._timer is not None and self._timer.when() <= deadline):
            left = deadline - loop.time()
            if left <= 0:
                break
            if self._task is not None:
                await asyncio.wait([self._task], timeout=left)
            else:
                assert self._timer is not None
                await asyncio.sleep(max(0, self._timer.when() - loop.time()))
        if self._batch:
            self.report(
                f"{len(self._batch)} records are lost: when it stops, the agent does not store an incomplete batch"
            )
        return self.pending

    def retire(self) -> None:
        """Store the batch as it is, since new records go to another queue."""
        if self._batch:
            self._flush()

    def close(self) -> None:
        """Stop the timer, and what is being stored."""
        if self._timer is not None:
            self._timer.cancel()
        if self._task is not None:
            self._task.cancel()


def object_folder(given: str | None) -> str:
    """Make the folder for objects, a temporary one if none is given; raise IsvclogError if that is impossible."""
    if not CAN_STORE:
        raise IsvclogError(
            "this system cannot store objects in a folder; use a log URL with http, or run isvclog in a container."
        )
    if given is None:
        return tempfile.mkdtemp(prefix="isvclog-objects-")
    try:
        os.makedirs(given, exist_ok=True)
    except OSError as error:
        raise IsvclogError(
            f"cannot make the folder {given} for objects: {error.strerror}; choose another one with --blob-dir."
        ) from None
    return given


def storage_notes(settings: AgentSettings, folder: str, *, is_temporary: bool) -> Iterator[str]:
    """Yield what to know about objects in a folder."""
    remedy = "; choose a lasting one with --blob-dir" if is_temporary else ""
    yield f"Objects are stored below {folder}{'' if not remedy else ', a temporary folder'}{remedy}."
    if settings.marshaller_url != DEFAULT_MARSHALLER_URL:
        yield f"Batches are posted to the marshaller {shown_url(parse(settings.marshaller_url))}."
    elif settings.store is not None and settings.store.format == "parquet":
        yield "Parquet is not written: each object is a file with its rows in CSV, whose name ends with .parquet.csv."


def _build(batch: Batch) -> Upload | str:
    return store_batch(batch[0].settings, [record_of(logged) for logged in batch])
