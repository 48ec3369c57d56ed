"""Reports about a sink that does not keep up: the agent says nothing while events pile up in its memory."""

import asyncio
from collections.abc import Callable

from isvclog.kserve.logger.events import LogRequest
from isvclog.sidecar.limits import Limits
from isvclog.sidecar.queues import LogQueue

_PAUSE = 2.5
STUCK_SECONDS = 10
_FIRST_TOLD = 1000


class SinkWatch:
    """Looks at the current queue now and then. `limits` decides what there is to report."""

    def __init__(self, queue: Callable[[], LogQueue], limits: Limits, report: Callable[[str], None]) -> None:
        self._queue = queue
        self._limits = limits
        self._report = report
        self._told = _FIRST_TOLD
        self._sending: tuple[LogRequest, ...] = ()
        self._since = 0.0
        self._is_stuck = False
        self._timer: asyncio.TimerHandle | None = None

    def start(self) -> None:
        """Begin to look."""
        self._timer = asyncio.get_running_loop().call_later(_PAUSE, self._look_again)

    def stop(self) -> None:
        """Stop looking."""
        if self._timer is not None:
            self._timer.cancel()

    def _look_again(self) -> None:
        self.look(asyncio.get_running_loop().time())
        self.start()

    def look(self, now: float) -> None:
        """Report what is new; `now` is a time in seconds."""
        queue = self._queue()
        if not self._limits.drops:
            self._look_at_waiting(queue)
        if self._limits.timeout is None:
            self._look_at_sending(queue, now)

    def _look_at_waiting(self, queue: LogQueue) -> None:
        waiting = len(queue)
        if waiting >= self._told:
            size = f"{queue.waiting_bytes / (1 << 20):,.0f} MiB"
            self._report(f"{waiting:,} events wait for the sink and take {size}; the agent has no limit, --bounded has")
            self._told = 10 ** len(str(waiting))
        elif not waiting:
            self._told = _FIRST_TOLD

    def _look_at_sending(self, queue: LogQueue, now: float) -> None:
        sending = queue.sending()
        is_same = len(sending) == len(self._sending) and all(map(lambda a, b: a is b, sending, self._sending))
        if not sending or not is_same:
            self._sending, self._since, self._is_stuck = sending, now, False
        elif now - self._since >= STUCK_SECONDS and not self._is_stuck:
            self._is_stuck = True
            silence = f"the sink has answered none of {len(sending)} events for {now - self._since:.0f} s"
            self._report(
                f"{silence}; the agent's workers wait without a limit and send nothing else (--timeout limits that)"
            )
