"""The end of a program that serves: Ctrl-C, or SIGTERM as Kubernetes and service managers send it."""

import asyncio
import signal
from contextlib import suppress


def stop_event() -> asyncio.Event:
    """Return an event that is set by SIGINT or SIGTERM; a second signal ends the program as it would without this.

    Called inside a running loop. What is ignored, as in the background of a shell, stays ignored.
    """
    event, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        if signal.getsignal(number) is not signal.SIG_IGN:
            with suppress(NotImplementedError):  # on Windows, where Ctrl-C ends the program at once
                loop.add_signal_handler(number, _stop, loop, event)
    return event


def _stop(loop: asyncio.AbstractEventLoop, event: asyncio.Event) -> None:
    event.set()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.remove_signal_handler(number)
