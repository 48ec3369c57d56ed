"""A limit of time for work in a thread: a hostile document may have more findings than anybody waits for."""

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock, Timer, get_ident


class TooSlow(Exception):
    """The work was ended because it took too long."""


class _Interruption(BaseException):
    """Raised in the thread whose time is over; no handler of errors catches it."""


@contextmanager
def limit_time(seconds: float) -> Iterator[None]:
    """End the block, with TooSlow, after some seconds.

    Only code in Python can be ended. A call of a library in C is ended when it returns.
    """
    thread, lock, is_over = ctypes.c_ulong(get_ident()), Lock(), False

    def interrupt() -> None:
        with lock:
            if not is_over:
                ctypes.pythonapi.PyThreadState_SetAsyncExc(thread, ctypes.py_object(_Interruption))

    timer = Timer(seconds, interrupt)
    timer.daemon = True
    timer.start()
    try:
        try:
            yield
        finally:
            timer.cancel()
            with lock:
                is_over = True
                ctypes.pythonapi.PyThreadState_SetAsyncExc(thread, None)  # one that has not been raised yet
    except _Interruption:
        raise TooSlow from None
