"""The agent's queue and its workers: each worker sends one event at a time to the sink.

Source: pkg/logger/{dispatcher,worker}.go. The agent never retries and has no time limit, and what waits for a worker
waits without a limit; the limits here are for `--bounded` and for experiments.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from time import perf_counter_ns, time_ns
from typing import NamedTuple, cast

import httptools

from isvclog.kserve.logger.encoder import EventEncoder
from isvclog.kserve.logger.events import LogRequest
from isvclog.kserve.logger.sender import Undeliverable
from isvclog.sidecar.counters import DROPPED, FAILED, REJECTED, SENT, UNDELIVERABLE, Counters
from isvclog.sidecar.sinks import Connect


class Limits(NamedTuple):
    """The limits of a queue, None for none: events that wait, bytes of their bodies, and seconds for one attempt.

    `retries` is the number of further attempts after one without an answer or with a status of 500 or more.
    """

    events: int | None = None
    body_bytes: int | None = None
    timeout: float | None = None
    retries: int = 0


class EventQueue:
    """Hands events to workers in their order; each worker sends one at a time.

    `report` gets the agent's message about an event that the sink does not get or does not want.
    """

    def __init__(
        self, connect: Connect, workers: int, limits: Limits, counters: Counters, report: Callable[[str], None]
    ) -> None:
        self.counters = counters
        self.report = report
        self.limits = limits
        self.waiting_bytes = 0
        self._waiting: deque[tuple[EventEncoder, LogRequest]] = deque()
        self._workers = [Worker(self, connect) for _ in range(workers)]
        self._idle = list(self._workers)
        self._drained: asyncio.Future[None] | None = None

    def __len__(self) -> int:
        return len(self._waiting)

    @property
    def pending(self) -> int:
        """The number of events that wait or are being sent."""
        return len(self._waiting) + len(self._workers) - len(self._idle)

    def put(self, encoder: EventEncoder, logged: LogRequest) -> None:
        """Queue an event, or drop it if a limit is reached."""
        self.counters.due[logged.type] += 1
        if self._idle:
            self._idle.pop().take(encoder, logged)
            return
        size = len(logged.body)
        limits = self.limits
        if (limits.events is not None and len(self._waiting) >= limits.events) or (
            limits.body_bytes is not None and self.waiting_bytes + size > limits.body_bytes
        ):
            self.counters.events[logged.type, DROPPED] += 1
            return
        self.waiting_bytes += size
        self._waiting.append((encoder, logged))

    def next(self, worker: "Worker") -> None:
        """Give a worker that is done its next event."""
        if self._waiting:
            encoder, logged = self._waiting.popleft()
            self.waiting_bytes -= len(logged.body)
            worker.take(encoder, logged)
            return
        self._idle.append(worker)
        if self._drained is not None and len(self._idle) == len(self._workers) and not self._drained.done():
            self._drained.set_result(None)

    async def drain(self, seconds: float) -> int:
        """Wait until everything is sent, at most so many seconds; return how many events are left."""
        if self.pending:
            self._drained = asyncio.get_running_loop().create_future()
            await asyncio.wait([self._drained], timeout=seconds)
        return self.pending

    def close(self) -> None:
        """Close the connections to the sink."""
        for worker in self._workers:
            worker.close()


class Worker:
    """Sends one event at a time, over a connection that it keeps."""

    __slots__ = ("_attempts", "_connect", "_connection", "_logged", "_queue", "_task", "_timer", "_wire")

    def __init__(self, queue: EventQueue, connect: Connect) -> None:
        self._queue = queue
        self._connect = connect
        self._connection: SinkConnection | None = None
        self._logged: LogRequest | None = None
        self._wire = b""
        self._attempts = 0
        self._task: asyncio.Task[None] | None = None
        self._timer: asyncio.TimerHandle | None = None

    def take(self, encoder: EventEncoder, logged: LogRequest) -> None:
        """Send an event."""
        counters = self._queue.counters
        started = perf_counter_ns()
        try:
            self._wire = encoder.encode(logged, recorded_ns=time_ns())
        except Undeliverable as error:
            self._queue.report(str(error))
            counters.events[logged.type, UNDELIVERABLE] += 1
            # Not at once: thousands of such events would nest as many calls.
            asyncio.get_running_loop().call_soon(self._queue.next, self)
            return
        counters.encoding_ns += perf_counter_ns() - started
        self._logged, self._attempts = logged, 0
        self._send()

    def _send(self) -> None:
        self._attempts += 1
        if self._queue.limits.timeout is not None:
            self._timer = asyncio.get_running_loop().call_later(self._queue.limits.timeout, self._time_out)
        if self._connection is not None and self._connection.usable:
            self._connection.send(self._wire)
        else:
            self._task = asyncio.get_running_loop().create_task(self._open())

    async def _open(self) -> None:
        try:
            self._connection = await self._connect(lambda: SinkConnection(self))
        except (OSError, Undeliverable) as error:
            self.fail(f"Send did not return an HTTP response: {error}")
        else:
            self._connection.send(self._wire)

    def _time_out(self) -> None:
        if self._task is not None:
            self._task.cancel()
        if self._connection is not None:
            self._connection.abort()
        self.fail(f"no answer within {self._queue.limits.timeout:g} s")

    def answered(self, status: int) -> None:
        """Take the status of the sink's answer."""
        if 200 <= status < 300:
            self._finish(SENT)
            return
        if status >= 500 and self._retry():
            return
        self._queue.report(f"Sent with status code {status}")
        self._finish(REJECTED)

    def fail(self, reason: str) -> None:
        """Take the failure of an attempt without an answer."""
        if self._logged is None or self._retry():
            return
        self._queue.report(reason)
        self._finish(FAILED)

    def _retry(self) -> bool:
        if self._attempts > self._queue.limits.retries:
            return False
        self._queue.counters.retries += 1
        self._stop_timer()
        pause = min(0.1 * 2 ** (self._attempts - 1), 5)
        self._timer = asyncio.get_running_loop().call_later(pause, self._send)
        return True

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _finish(self, outcome: str) -> None:
        logged, self._logged, self._wire = self._logged, None, b""
        assert logged is not None
        self._stop_timer()
        self._queue.counters.events[logged.type, outcome] += 1
        self._queue.next(self)

    def close(self) -> None:
        """Close the connection."""
        self._stop_timer()
        if self._task is not None:
            self._task.cancel()
        if self._connection is not None:
            self._connection.abort()


class SinkConnection(asyncio.Protocol):
    """One connection of a worker to the sink."""

    __slots__ = ("_parser", "_sending", "_transport", "_worker", "usable")

    def __init__(self, worker: Worker) -> None:
        self._worker = worker
        self._parser = httptools.HttpResponseParser(self)
        self._sending = False
        self.usable = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self._transport = cast("asyncio.Transport", transport)
        self.usable = True

    def send(self, wire: bytes) -> None:
        """Send one request."""
        self._sending = True
        self._transport.write(wire)

    def abort(self) -> None:
        """Close at once."""
        self._sending = self.usable = False
        self._transport.abort()

    def data_received(self, data: bytes) -> None:
        """Take a part of the answer."""
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError as error:
            self._end(f"Send did not return an HTTP response: malformed HTTP response: {error}")

    def on_message_complete(self) -> None:
        """Report the status."""
        status = self._parser.get_status_code()
        if status < 200 or not self._sending:
            return
        self._sending = False
        if not self._parser.should_keep_alive():
            self.usable = False
            self._transport.close()
        self._worker.answered(status)

    def connection_lost(self, error: Exception | None) -> None:
        """Report a connection that ends before its answer."""
        self._end(f"Send did not return an HTTP response: {error or 'EOF'}")

    def _end(self, reason: str) -> None:
        self.usable = False
        self._transport.abort()
        if self._sending:
            self._sending = False
            self._worker.fail(reason)
