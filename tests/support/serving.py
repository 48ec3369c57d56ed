"""Servers of a test that leave nothing open."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable

from isvclog.httpserver import Address

Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
ANYWHERE = Address("127.0.0.1", 0)


@contextlib.asynccontextmanager
async def serving(handler: Handler, address: Address = ANYWHERE) -> AsyncIterator[Address]:
    """Serve connections until the block ends; then all are broken off."""
    tasks: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        try:
            await handler(reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass
        else:
            writer.close()
            with contextlib.suppress(OSError, asyncio.CancelledError):
                await writer.wait_closed()
        finally:
            writer.transport.abort()
            tasks.discard(task)

    server = await asyncio.start_server(serve, *address, limit=1 << 22)
    try:
        yield Address("127.0.0.1", server.sockets[0].getsockname()[1])
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.sleep(0)
