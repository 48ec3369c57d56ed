"""Limits of one request: when it must be over, and how many bytes its answer may have on the wire.

A server, or whoever is in between, may send a byte now and then: lines of a header, chunks, trailers, `100 Continue`. A
timeout of the socket never ends that, because it counts from the last byte. So a timer shuts the connection down.
"""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from isvclog.records import NamedTuple

_CURRENT = threading.local()


class TooLarge(Exception):
    """An answer is larger than it may be. The message says what it has too much of."""


class SizeLimits(NamedTuple):
    """The maximum size of one answer: bytes of a body and of a line of a stream, values, and bytes if text is wide.

    Text is wide if it has characters beyond U+FFFF, such as emoji: one makes Python use four bytes for each character.
    """

    body: int
    line: int
    values: int
    wide: int


class RequestLimits:
    """The limits of one request, which its connections obey while it is `current`.

    `passed` is True when the time is over. `left` is the number of bytes that may still be received.
    """

    def __init__(self, seconds: float | None, left: int) -> None:
        self.passed = False
        self.left = left
        self._lock = threading.Lock()
        self._sockets: list[socket.socket] = []
        self._timer: threading.Timer | None = None
        self.restart(seconds)

    @contextmanager
    def current(self) -> Iterator[None]:
        """Apply the limits to what this thread does."""
        _CURRENT.limits = self
        try:
            yield
        finally:
            _CURRENT.limits = None

    def restart(self, seconds: float | None) -> None:
        """Let the time be over in `seconds`, or never."""
        with self._lock:
            if self._timer:
                self._timer.cancel()
            self._timer = None
            if seconds is None or self.passed:
                return
            timer = threading.Timer(min(seconds, threading.TIMEOUT_MAX), lambda: self._expire(timer))
            timer.daemon = True
            self._timer = timer
            timer.start()

    def watch(self, connection: int) -> None:
        """Shut a connection down when the time is over; `connection` is its file descriptor."""
        # A copy, because TLS takes the socket apart, and because the connection may be closed or used again.
        twin = socket.fromfd(connection, socket.AF_INET, socket.SOCK_STREAM)
        with self._lock:
            self._sockets.append(twin)
            if self.passed:
                _shut_down(twin)

    def spend(self, count: int) -> None:
        """Count received bytes. Raises TooLarge."""
        self.left -= count
        if self.left < 0:
            raise TooLarge("bytes")

    def end(self) -> None:
        """Forget the connections: the request is over."""
        self.restart(None)
        with self._lock:
            for twin in self._sockets:
                twin.close()
            self._sockets.clear()

    def _expire(self, timer: threading.Timer) -> None:
        with self._lock:
            if timer is self._timer:
                self.passed = True
                for twin in self._sockets:
                    _shut_down(twin)


def current_limits() -> RequestLimits | None:
    """Return the limits of what this thread does now."""
    return getattr(_CURRENT, "limits", None)


def _shut_down(connection: socket.socket) -> None:
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
