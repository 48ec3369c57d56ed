"""The agent's queue and its workers: each worker sends one event at a time to the sink.

Source: pkg/logger/{dispatcher,worker}.go. The agent never retries and has no time limit, and what waits for a worker
waits without a limit; the limits here are for `--bounded` and for experiments.
"""

import asyncio
import re
from collections import Counter, deque
from collections.abc import Callable
from time import perf_counter_ns, time_ns

from isvclog.kserve.golang.errors import GoError
from isvclog.kserve.golang.redirect import Hop, is_redirect, location_of, next_hop, redirected
from isvclog.kserve.golang.strings import from_bytes
from isvclog.kserve.logger.encoder import EventEncoder
from isvclog.kserve.logger.events import LogRequest
from isvclog.kserve.logger.messages import refused, unsent
from isvclog.kserve.logger.sender import Undeliverable
from isvclog.sidecar.counters import FAILED, REJECTED, SENT, UNDELIVERABLE, Counters
from isvclog.sidecar.limits import Limits, Overflow, size_of
from isvclog.sidecar.sinks.connection import LogSink, SendError, SinkConnection, shown_url
from isvclog.sidecar.sinks.trust import Trust

RETRY_SECONDS, _MOST_RETRY_SECONDS = 0.1, 5
"""The pause before the first retry, and the longest one: each is twice the one before."""


class EventQueue:
    """Hands events to workers in their order; each worker sends one at a time.

    `sink` is None if there are no events. `report` gets the agent's message about an event that the sink does not get
    or does not want.
    """

    def __init__(
        self,
        sink: LogSink | None,
        workers: int,
        limits: Limits,
        counters: Counters,
        report: Callable[[str], None],
        worker: "type[Worker] | None" = None,
    ) -> None:
        self.counters = counters
        self.report = report
        self.limits = limits
        self._bytes = 0
        self._waiting: deque[tuple[EventEncoder, LogRequest]] = deque()
        self.overflow = Overflow(limits, counters, report) if limits.drops else None
        self._workers = [(worker or Worker)(self, sink) for _ in range(workers)] if sink is not None else []
        self._idle = list(self._workers)
        self._drained: asyncio.Future[None] | None = None
        self._retired = False

    def __len__(self) -> int:
        return len(self._waiting)

    @property
    def waiting_bytes(self) -> int:
        """About how much memory the events take that wait."""
        return self._bytes if self.overflow is not None else sum(size_of(logged) for _, logged in self._waiting)

    @property
    def pending(self) -> int:
        """The number of events that wait or are being sent."""
        return len(self._waiting) + len(self._workers) - len(self._idle)

    def put(self, encoder: EventEncoder, logged: LogRequest) -> None:
        """Queue an event, or drop it if a limit is reached."""
        self.counters.due[logged.type] += 1
        if self.overflow is not None and self.overflow.drops(logged, len(self._waiting), self._bytes):
            return
        if self._idle:
            self._idle.pop().take(encoder, logged)
            return
        if self.overflow is not None:
            self._bytes += size_of(logged)
        self._waiting.append((encoder, logged))

    def next(self, worker: "Worker") -> None:
        """Give a worker that is done its next event."""
        if self._waiting:
            encoder, logged = self._waiting.popleft()
            if self.overflow is not None:
                self._bytes -= size_of(logged)
            worker.take(encoder, logged)
            return
        self._idle.append(worker)
        if self.overflow is not None:
            self.overflow.end()
        if self._retired:
            worker.close()
        if self._drained is not None and len(self._idle) == len(self._workers) and not self._drained.done():
            self._drained.set_result(None)

    def sending(self) -> tuple[LogRequest, ...]:
        """Return the events that are being sent if all workers are busy, else nothing."""
        logged = [worker.logged for worker in self._workers if worker.logged is not None]
        return () if self._idle else tuple(logged)

    def pending_types(self) -> Counter[str]:
        """Count the events that wait or are being sent by type."""
        busy = [worker.logged.type for worker in self._workers if worker.logged is not None]
        return Counter([*busy, *(logged.type for _, logged in self._waiting)])

    async def drain(self, seconds: float) -> int:
        """Wait until everything is sent, at most so many seconds; return how many events are left."""
        if self.pending:
            self._drained = asyncio.get_running_loop().create_future()
            await asyncio.wait([self._drained], timeout=seconds)
        return self.pending

    def retire(self) -> None:
        """Close each connection that sends nothing: new events go to another queue, except those of open exchanges."""
        self._retired = True
        for worker in self._idle:
            worker.close()

    def close(self) -> None:
        """Close the connections to the sink."""
        for worker in self._workers:
            worker.close()


class Worker:
    """Sends one event at a time, over a connection that it keeps, and follows redirects over others."""

    __slots__ = (
        "_attempts", "_connection", "_head", "_hop", "_hop_connection", "_queue", "_sink", "_task", "_timer", "logged",
    )  # fmt: skip

    def __init__(self, queue: EventQueue, sink: LogSink) -> None:
        self._queue = queue
        self._sink = sink
        self._connection: SinkConnection | None = None
        self._hop: Hop | None = None
        self._hop_connection: SinkConnection | None = None
        self.logged: LogRequest | None = None  # what is being sent
        self._head = b""
        self._attempts = 0
        self._task: asyncio.Task[None] | None = None
        self._timer: asyncio.TimerHandle | None = None

    def take(self, encoder: EventEncoder, logged: LogRequest) -> None:
        """Send an event."""
        counters = self._queue.counters
        started = perf_counter_ns()
        try:
            self._head = encoder.encode_head(logged, recorded_ns=time_ns())
        except Undeliverable as error:
            self._queue.report(str(error))
            counters.events[logged.type, UNDELIVERABLE] += 1
            # Not at once: thousands of such events would nest as many calls.
            asyncio.get_running_loop().call_soon(self._queue.next, self)
            return
        counters.encoding_ns += perf_counter_ns() - started
        counters.encoded += 1
        self.logged, self._attempts = logged, 0
        self._send()

    def _send(self) -> None:
        self._attempts += 1
        if self._queue.limits.timeout is not None:
            self._timer = asyncio.get_running_loop().call_later(self._queue.limits.timeout, self._time_out)
        connection, trust = self._connection, self._sink.trust
        if connection is not None and connection.usable and (trust is None or self._is_verified(connection, trust)):
            self._send_over(connection)
        else:
            self._task = asyncio.get_running_loop().create_task(self._open())

    def _is_verified(self, connection: SinkConnection, trust: Trust) -> bool:
        try:
            if connection.is_verified(trust.verification()):
                return True
        except Undeliverable:
            pass  # `_open` says why
        connection.abort()
        return False

    async def _open(self) -> None:
        try:
            connection = await self._sink.connect(self._sink.url, self)
        except SendError as error:
            self.fail(str(error))
        except Undeliverable as error:
            self._queue.report(f"{error}; Failed to send cloud event, url: {shown_url(self._sink.url)}")
            self._finish(UNDELIVERABLE)
        else:
            self._connection = connection
            self._send_over(connection)

    def _send_over(self, connection: SinkConnection) -> None:
        assert self.logged is not None
        connection.send(self._head, self.logged.body)

    def _time_out(self) -> None:
        self._end_attempt()
        self.fail(f"no answer within {self._queue.limits.timeout:g} s")

    def _end_attempt(self) -> None:
        if self._task is not None:
            self._task.cancel()
        for connection in (self._connection, self._hop_connection):
            if connection is not None:
                connection.abort()

    def answered(self, status: int, head: bytes) -> None:
        """Take the status of the sink's answer, which starts with `head`."""
        if 200 <= status < 300:
            self._finish(SENT)
            return
        if is_redirect(status) and (location := location_of(head)):
            self._redirect(status, location)
            return
        if status >= 500 and self._retry():
            return
        assert self.logged is not None
        self._queue.report(refused(status, _reason(status, head), self.logged.settings.release))
        self._finish(REJECTED)

    def _redirect(self, status: int, location: str) -> None:
        try:
            self._hop = next_hop(self._hop or Hop(self._sink.url), status, location)
            assert self.logged is not None
            wire = redirected(self._head + self.logged.body, self._hop)
        except GoError as error:
            self.fail(str(error))
        else:
            self._task = asyncio.get_running_loop().create_task(self._follow(self._hop, wire))

    async def _follow(self, hop: Hop, wire: bytes) -> None:
        if self._hop_connection is not None:
            self._hop_connection.abort()
        try:
            self._hop_connection = await self._sink.connect(hop.url, self)
        except (SendError, Undeliverable, GoError) as error:
            self.fail(str(error))
        else:
            self._hop_connection.send(wire, b"")

    def fail(self, reason: str) -> None:
        """Take the failure of an attempt without an answer."""
        if self.logged is None or self._retry():
            return
        url = self._hop.url if self._hop is not None else self._sink.url
        self._queue.report(unsent(f'Post "{shown_url(url)}": {reason}', self.logged.settings.release))
        self._finish(FAILED)

    def _retry(self) -> bool:
        if self._attempts > self._queue.limits.retries:
            return False
        self._queue.counters.retries += 1
        self._stop_timer()
        self._hop = None
        pause = min(RETRY_SECONDS * 2 ** (self._attempts - 1), _MOST_RETRY_SECONDS)
        self._timer = asyncio.get_running_loop().call_later(pause, self._send)
        return True

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _finish(self, outcome: str) -> None:
        logged, self.logged, self._head = self.logged, None, b""
        assert logged is not None
        self._stop_timer()
        if self._hop is not None:
            self._leave_hop()
        self._queue.counters.events[logged.type, outcome] += 1
        self._queue.next(self)

    def _leave_hop(self) -> None:
        self._hop = None
        if self._hop_connection is not None:
            self._hop_connection.abort()
            self._hop_connection = None

    def close(self) -> None:
        """Close the connections."""
        self._stop_timer()
        self._end_attempt()


def _reason(status: int, head: bytes) -> str:
    """Return the phrase in the status line of an answer, empty if it has none."""
    found = re.search(rb"^HTTP/1\.[01] %d +([^\r\n]*)" % status, head, re.MULTILINE)
    return from_bytes(found[1]).rstrip() if found else ""
