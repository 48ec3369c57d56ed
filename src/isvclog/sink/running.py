"""The life of a sink: it listens until it has enough, its time is over, or it is stopped."""

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress

from isvclog.httpserver import Address, HttpLimits, HttpServer, stop_event
from isvclog.sink.engine import EventSink

_GRACE_SECONDS = 5
_EXPIRY_SECONDS = 0.2
LIMITS = HttpLimits(connections=10_000, body_bytes=256 << 20)
"""KServe's agent opens a connection for each worker, and a cluster has many agents."""


async def run_sink(
    sink: EventSink, address: Address, seconds: float | None, on_start: Callable[[Address], None]
) -> bool:
    """Listen at an address until the sink has enough, `seconds` are over, or a signal comes.

    `on_start` is called with the address that was taken. Returns True if a signal ended it. Raises IsvclogError if it
    cannot listen.
    """
    stopped = stop_event()
    server = HttpServer(sink.handle, LIMITS)
    on_start(await server.start(address))
    ends = [asyncio.create_task(event.wait()) for event in (stopped, sink.is_full)]
    expiry = asyncio.create_task(_expire(sink))
    with suppress(asyncio.CancelledError):
        await asyncio.wait(ends, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    expiry.cancel()
    await server.close(_GRACE_SECONDS)
    sink.expire(time.monotonic())
    for task in ends:
        task.cancel()
    sink.counts.update(server.counts)
    return stopped.is_set()


async def _expire(sink: EventSink) -> None:
    while True:
        await asyncio.sleep(_EXPIRY_SECONDS)
        sink.expire(time.monotonic())
