"""Limits that the agent does not have, for `--bounded` and for experiments, and what happens when one is reached."""

from collections import Counter
from collections.abc import Callable

from isvclog.kserve.logger.events import LogRequest
from isvclog.records import NamedTuple
from isvclog.sidecar.counters import DROPPED, Counters

_EVENT_BYTES = 1024
"""About what an event takes in memory besides its body and its metadata."""
EVENTS, EVENT_BYTES, BODY_BYTES = "events", "event bytes", "body bytes"
"""The reasons to drop an event, named after the limit."""


class Limits(NamedTuple):
    """The limits of what waits for the sink, None for none.

    `events` is their number, `event_bytes` their size in memory, `body_bytes` the size of one body that is logged.
    `timeout` is in seconds, for one attempt, redirects included. `retries` is the number of further attempts after one
    without an answer or with a status of 500 or more.
    """

    events: int | None = None
    event_bytes: int | None = None
    body_bytes: int | None = None
    timeout: float | None = None
    retries: int = 0

    @property
    def drops(self) -> bool:
        """True if an event can be dropped."""
        return (self.events, self.event_bytes, self.body_bytes) != (None, None, None)

    def describe(self, reason: str) -> str:
        """Say which limit is reached."""
        return {
            EVENTS: f"{self.events or 0:,} events wait",
            EVENT_BYTES: f"the events that wait take {self.event_bytes or 0:,} bytes",
            BODY_BYTES: f"a body has more than {self.body_bytes or 0:,} bytes",
        }[reason]


BOUNDED = Limits(events=10_000, event_bytes=32 << 20, body_bytes=8 << 20, timeout=10)
"""The limits of `--bounded`."""


class Overflow:
    """Drops the events that exceed a limit: counts them by reason, and reports the beginning and the end."""

    def __init__(self, limits: Limits, counters: Counters, report: Callable[[str], None]) -> None:
        self._limits = limits
        self._counters = counters
        self._report = report
        self._dropped: Counter[str] = Counter()

    def drops(self, logged: LogRequest, waiting: int, waiting_bytes: int) -> bool:
        """Check the limits, and drop the event if it exceeds one."""
        limits = self._limits
        if self.is_too_large(len(logged.body)):
            self.drop(logged.type, BODY_BYTES)
        elif limits.events is not None and waiting >= limits.events:
            self.drop(logged.type, EVENTS)
        elif limits.event_bytes is not None and waiting_bytes + size_of(logged) > limits.event_bytes:
            self.drop(logged.type, EVENT_BYTES)
        else:
            return False
        return True

    def is_too_large(self, size: int) -> bool:
        """Check whether a body of so many bytes is not logged."""
        return self._limits.body_bytes is not None and size > self._limits.body_bytes

    def drop(self, event_type: str, reason: str) -> None:
        """Count a dropped event, and report the first one for this reason."""
        self._counters.events[event_type, DROPPED] += 1
        self._counters.drops[event_type, reason] += 1
        if not self._dropped[reason]:
            self._report(f"events are dropped: {self._limits.describe(reason)}, the limit of --bounded")
        self._dropped[reason] += 1

    def end(self) -> None:
        """Report how many events were dropped, now that none waits."""
        for reason, count in self._dropped.items():
            self._report(f"{count:,} events were dropped: {self._limits.describe(reason)}")
        self._dropped.clear()


def size_of(logged: LogRequest) -> int:
    """Return about how many bytes a waiting event takes."""
    size = _EVENT_BYTES + len(logged.body)
    if logged.metadata:
        size += sum(len(name) + sum(map(len, values)) for name, values in logged.metadata.items())
    return size
