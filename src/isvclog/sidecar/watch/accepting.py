"""Connections that cannot be accepted as this process has no files left: asyncio waits a second before it goes on."""

import asyncio
from collections.abc import Callable
from typing import Any

_ACCEPT = "socket.accept() out of system resource"
_PAUSE = 60
"""The shortest time between two reports, in seconds."""


class AcceptErrors:
    """Reports in a sentence that no connection can be accepted; other errors of the loop go where they went before."""

    def __init__(self, report: Callable[[str], None]) -> None:
        self._report = report
        self._count: Callable[[], int] = int
        self._before: Callable[[asyncio.AbstractEventLoop, dict[str, Any]], object] | None = None
        self._told_at: float | None = None

    def start(self, count: Callable[[], int]) -> None:
        """Handle the errors of the running loop; `count` returns the number of connections."""
        self._count = count
        loop = asyncio.get_running_loop()
        self._before = loop.get_exception_handler()
        loop.set_exception_handler(self._handle)

    def stop(self) -> None:
        """Restore the handler of the running loop."""
        asyncio.get_running_loop().set_exception_handler(self._before)

    def _handle(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        if context.get("message") == _ACCEPT:
            if self._told_at is None or loop.time() - self._told_at >= _PAUSE:
                self._told_at = loop.time()
                state = f"{context.get('exception')}, with {self._count():,} open"
                remedy = "raise `ulimit -n`, or limit them with --bounded"
                self._report(f"no more connections are accepted for now: {state}; {remedy}")
        elif self._before is not None:
            self._before(loop, context)
        else:
            loop.default_exception_handler(context)
