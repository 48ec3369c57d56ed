"""Ctrl-C in a run over many files: all findings so far are printed, as if there had been no more files."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

Item = TypeVar("Item")

_END: Any = object()


class Interruptible(Iterator[Item]):
    """An iterator over the items of another one, until `stop` is called. An item that is awaited then is dropped."""

    def __init__(self, items: Iterator[Item]) -> None:
        self.stopped = False
        self._items = items
        self._waiting = False

    def __next__(self) -> Item:
        if self.stopped:
            raise StopIteration
        try:
            self._waiting = True
            item: Item = next(self._items, _END)
            self._waiting = False  # not in a `finally`, where no exception of `stop` would be caught any more
        except KeyboardInterrupt:
            self._waiting, self.stopped = False, True
            raise StopIteration from None
        if item is _END:
            raise StopIteration
        return item

    def stop(self, *_: Any) -> None:
        """End the items: now, if one is being awaited, else before the next one. A second call ends the program."""
        if self._waiting or self.stopped:
            raise KeyboardInterrupt
        self.stopped = True


@contextmanager
def until_interrupted(items: Iterator[Item]) -> Iterator[Interruptible[Item]]:
    """Yield an iterator of the items that Ctrl-C ends; after the `with` block, Ctrl-C works as before.

    If Ctrl-C is ignored, as a shell does for background jobs, or is handled elsewhere, that is left unchanged.
    """
    interruptible = Interruptible(items)
    own = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if not own or threading.current_thread() is not threading.main_thread():
        yield interruptible
        return
    signal.signal(signal.SIGINT, interruptible.stop)
    try:
        yield interruptible
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)
