"""Messages that come by the thousand when a sink fails: each is written once, and then with a count."""

import asyncio
from collections import Counter
from collections.abc import Callable

_MOST_KINDS = 20
_OTHERS = "other messages"


class MessageFolder:
    """Writes a message when it comes for the first time, and its number of repetitions once every few seconds."""

    def __init__(self, write: Callable[[str], None], seconds: float = 5) -> None:
        self._write, self._seconds = write, seconds
        self._held: Counter[str] = Counter()
        self._timer: asyncio.TimerHandle | None = None

    def __call__(self, message: str) -> None:
        """Write a message, or count it."""
        if message in self._held:
            self._held[message] += 1
        elif len(self._held) < _MOST_KINDS:
            self._held[message] = 0
            self._write(message)
        else:
            self._held[_OTHERS] += 1
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(self._seconds, self.flush)

    def flush(self) -> None:
        """Write the counts, and begin again."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        for message, count in self._held.items():
            if count:
                self._write(f"{message} ({count:,} more)")
        self._held.clear()
