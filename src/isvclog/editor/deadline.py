"""A limit of time for work in a thread: a hostile document may have more findings than anybody waits for."""

import ctypes
from collections.abc import Callable
from threading import Lock, Timer, get_ident
from typing import TypeVar

_Answer = TypeVar("_Answer")


class TooSlow(Exception):
    """The work was ended because it took too long."""


class _Interruption(BaseException):
    """Raised in the thread whose time is over; no handler of errors catches it."""


def call_within(seconds: float, function: Callable[[], _Answer]) -> _Answer:
    """Call a function, and return what it returns.

    It is a call and not a block, because the compiler leaves some jumps of a block out of the reach of its handlers.
    Only code in Python can be ended. A call of a library in C is ended when it returns.

    Raises:
        TooSlow: It took more than these seconds.
    """
    thread, lock, is_over = ctypes.c_ulong(get_ident()), Lock(), False

    def interrupt() -> None:
        with lock:
            if not is_over:
                ctypes.pythonapi.PyThreadState_SetAsyncExc(thread, ctypes.py_object(_Interruption))

    timer = Timer(seconds, interrupt)
    timer.daemon = True
    try:
        try:
            timer.start()
            return function()
        finally:
            timer.cancel()
            with lock:
                is_over = True
                ctypes.pythonapi.PyThreadState_SetAsyncExc(thread, None)  # one that has not been raised yet
    except _Interruption:
        raise TooSlow from None
