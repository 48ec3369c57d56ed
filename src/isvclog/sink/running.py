"""The life of a sink: it listens until it has enough, its time is over, or it is stopped."""

import asyncio
import time
from collections.abc import Callable

from isvclog.httpserver import Address, HttpLimits, HttpServer, stop_event
from isvclog.records import NamedTuple
from isvclog.sink.engine import EventSink
from isvclog.sink.page import SinkPage

_GRACE_SECONDS = 5
_EXPIRY_SECONDS = 0.2
LIMITS = HttpLimits(connections=10_000, body_bytes=256 << 20)
"""KServe's agent opens a connection for each worker, and a cluster has many agents."""


class Listening(NamedTuple):
    """The addresses of a sink and, if it has one, of its page; `seconds` is how long it listens, None for ever."""

    address: Address
    seconds: float | None = None
    page: SinkPage | None = None
    page_address: Address | None = None


async def run_sink(sink: EventSink, listening: Listening, on_start: Callable[[Address, Address | None], None]) -> bool:
    """Listen until the sink has enough, its time is over, or a signal comes.

    `on_start` is called with the addresses that were taken by the sink and the page. Returns True if a signal ended it.
    Raises IsvclogError if it cannot listen.
    """
    stopped = stop_event()
    server = HttpServer(sink.handle, LIMITS, sink.refuse)
    page, page_address = listening.page, listening.page_address
    address = await server.start(listening.address)
    if page and page_address:
        page_address = await page.start(page_address, address.url)
    on_start(address, page_address)
    ends = [asyncio.create_task(event.wait()) for event in (stopped, sink.is_full)]
    expiry = asyncio.create_task(_expire(sink))
    await asyncio.wait(ends, timeout=listening.seconds, return_when=asyncio.FIRST_COMPLETED)
    for task in (*ends, expiry):
        task.cancel()
    await server.close(_GRACE_SECONDS)
    sink.expire(time.monotonic())
    if page:
        await page.close()
    return stopped.is_set()


async def _expire(sink: EventSink) -> None:
    while True:
        await asyncio.sleep(_EXPIRY_SECONDS)
        sink.expire(time.monotonic())
