"""Recorded events, sent again."""

import http.client
import time
from collections import Counter
from collections.abc import Iterable

from isvclog.errors import IsvclogError
from isvclog.findings import counted
from isvclog.sink.recording import RecordedEvent
from isvclog.sink.sending import Sender, Target, describe_failure

_AGENT = (b"User-Agent", b"isvclog-replay")


class Replay:
    """A run over recorded events; `sent` counts the statuses of the answers, `skipped` lines without an event."""

    def __init__(self, target: Target, rate: float | None = None) -> None:
        """Send to a target, at most `rate` events a second."""
        self.sent: Counter[int] = Counter()
        self.skipped = 0
        self._sender, self._rate = Sender(target), rate

    @property
    def exit_code(self) -> int:
        """0 if every event was accepted, else 1."""
        return int(self.skipped > 0 or any(not 200 <= status < 300 for status in self.sent))

    def run(self, events: Iterable[RecordedEvent]) -> None:
        """Send the events, one after the other. Raises IsvclogError if the target does not answer."""
        start = time.monotonic()
        for event in events:
            if self._rate:
                time.sleep(max(0.0, start + self.sent.total() / self._rate - time.monotonic()))
            try:
                status, _ = self._sender.post([_AGENT, *event.headers()], event.data or b"")
            except (OSError, http.client.HTTPException, ValueError) as error:
                raise IsvclogError(
                    f"the event of line {event.line} got no answer: {describe_failure(error)}; {self.summary()}"
                ) from None
            self.sent[status] += 1

    def close(self) -> None:
        """Close the connection."""
        self._sender.close()

    def summary(self) -> str:
        """Summarize the answers in one sentence."""
        answers = ", ".join(f"{status} ({count:,})" for status, count in sorted(self.sent.items()))
        told = f"; answers: {answers}" if answers else ""
        return f"sent {counted(self.sent.total(), 'event')}{told}."
