"""Ctrl-C in a run over many files: what was found so far is printed to the end, as if there had been no more files."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

Item = TypeVar("Item")


class Interruptible(Iterator[Item]):
    """The items of another iterator, until `stop` was called. An item on its way is given up."""

    def __init__(self, items: Iterator[Item]) -> None:
        self.stopped = False
        self._items = items
        self._waiting = False

    def __next__(self) -> Item:
        if self.stopped:
            raise StopIteration
        try:
            self._waiting = True
            return next(self._items)
        except KeyboardInterrupt:
            self.stopped = True
            raise StopIteration from None
        finally:
            self._waiting = False

    def stop(self, *_: Any) -> None:
        """End the items: now, where somebody waits for one, else before the next. Once more, and the program ends."""
        if self._waiting or self.stopped:
            raise KeyboardInterrupt
        self.stopped = True


@contextmanager
def until_interrupted(items: Iterator[Item]) -> Iterator[Interruptible[Item]]:
    """The items until Ctrl-C; outside of this, Ctrl-C does again what it did."""
    interruptible = Interruptible(items)
    before = signal.signal(signal.SIGINT, interruptible.stop)
    try:
        yield interruptible
    finally:
        signal.signal(signal.SIGINT, before)
