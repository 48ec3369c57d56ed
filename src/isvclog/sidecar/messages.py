"""HTTP/1.1 messages on their way out."""

import asyncio

_LARGE = 1 << 16


def write_message(transport: asyncio.Transport, head: bytes, body: bytes) -> None:
    """Write a head and a body: together if they are small, else one by one, which costs less than a copy of them."""
    if len(body) < _LARGE:
        transport.write(head + body)
    else:
        transport.write(head)
        transport.write(body)
