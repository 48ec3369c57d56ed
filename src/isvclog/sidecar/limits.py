"""Limits that the agent does not have, for `--bounded` and for experiments."""

from typing import NamedTuple

from isvclog.kserve.logger.events import LogRequest

_EVENT_BYTES = 1024
"""About what an event takes in memory besides its body and its metadata."""


class Limits(NamedTuple):
    """The limits of what waits for the sink, None for none.

    `events` is their number, `event_bytes` their size in memory, `body_bytes` the size of one body that is kept.
    `timeout` is in seconds, for one attempt, redirects included. `retries` is the number of further attempts after one
    without an answer or with a status of 500 or more.
    """

    events: int | None = None
    event_bytes: int | None = None
    body_bytes: int | None = None
    timeout: float | None = None
    retries: int = 0

    def reason_to_drop(self, logged: LogRequest, waiting: int, waiting_bytes: int) -> str:
        """Return which limit one more event would exceed, as a phrase; an empty string if none."""
        if self.events is not None and waiting >= self.events:
            return f"{self.events:,} events wait for the sink"
        if self.event_bytes is not None and waiting_bytes + size_of(logged) > self.event_bytes:
            return f"{self.event_bytes:,} bytes of events wait for the sink"
        return ""


def size_of(logged: LogRequest) -> int:
    """Return about how many bytes a waiting event takes."""
    size = _EVENT_BYTES + len(logged.body)
    if logged.metadata:
        size += sum(len(name) + sum(map(len, values)) for name, values in logged.metadata.items())
    return size
