"""The queue of log requests, as the rest of the sidecar sees it."""

from collections import Counter
from typing import Protocol

from isvclog.kserve.logger.encoder import EventEncoder
from isvclog.kserve.logger.events import LogRequest
from isvclog.sidecar.counters import Counters
from isvclog.sidecar.limits import Overflow


class LogQueue(Protocol):
    """Takes log requests, and delivers them in the background."""

    counters: Counters
    overflow: Overflow | None

    def __len__(self) -> int: ...

    @property
    def waiting_bytes(self) -> int:
        """About how much memory the log requests take that wait."""

    @property
    def pending(self) -> int:
        """The number of log requests that are not delivered yet."""

    def put(self, encoder: EventEncoder, logged: LogRequest) -> None:
        """Take a log request, with the encoder of its generation."""

    def sending(self) -> tuple[LogRequest, ...]:
        """Return the events that are being sent if no other one can be, else nothing."""

    def pending_types(self) -> Counter[str]:
        """Count the log requests that are not delivered yet by type."""

    async def drain(self, seconds: float) -> int:
        """Deliver what is there, for so many seconds at most; return how many log requests are lost."""

    def retire(self) -> None:
        """Keep nothing open for later: new log requests go to another queue, except those of open exchanges."""

    def close(self) -> None:
        """Stop delivering."""
