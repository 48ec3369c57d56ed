"""The page that shows a sink live: one file, and a stream of server-sent events.

Nothing of it is loaded from elsewhere. Its script and its style are allowed by their hashes and everything else is
forbidden, so that no text of an event can become code. Requests for other host names are refused, because a foreign
page could make its own name mean this machine (DNS rebinding).
"""

import asyncio
import base64
import hashlib
import re
from collections import deque
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from isvclog.httpserver import Address, HttpRequest, HttpResponse, HttpServer, HttpStream
from isvclog.httpserver.limits import HttpLimits
from isvclog.httpserver.messages import Answer, plain_response
from isvclog.lint.json_text import dumps
from isvclog.redact.gate import redaction_for
from isvclog.sink.items import SinkItem
from isvclog.sink.plain import item_data

LIMITS = HttpLimits(connections=64, body_bytes=0, header_bytes=64 << 10)
MOST_ITEMS = 500
"""Items that are kept for a page that is opened later."""

_MOST_CHARACTERS = 8_000
"""Characters of an event's data that the page shows."""
_HEARTBEAT_SECONDS = 15
_INLINE = re.compile(rb"<(script|style)>(.*?)</\1>", re.DOTALL)
_SAFE = [
    (b"Cache-Control", b"no-store"),
    (b"Cross-Origin-Opener-Policy", b"same-origin"),
    (b"Cross-Origin-Resource-Policy", b"same-origin"),
    (b"Referrer-Policy", b"no-referrer"),
    (b"X-Content-Type-Options", b"nosniff"),
]


class SinkPage:
    """The page and its stream. Any number of browsers read the same items, each from where it is."""

    def __init__(self, *, reveal: bool) -> None:
        self.sink_url = ""
        self._reveal = reveal
        self._items: deque[tuple[int, bytes]] = deque(maxlen=MOST_ITEMS)
        self._count = 0
        self._is_closed = False
        self._changed = asyncio.Event()
        self._html = Path(__file__).with_name("page.html").read_bytes()
        self._policy = content_policy(self._html)
        self._server = HttpServer(self.handle, LIMITS)

    async def start(self, address: Address, sink_url: str) -> Address:
        """Listen, and return the address that was taken. Raises IsvclogError."""
        self.sink_url = sink_url
        return await self._server.start(address)

    async def close(self) -> None:
        """End the streams, and stop listening."""
        self._is_closed = True
        self._wake()
        await self._server.close(1)

    def add(self, item: SinkItem) -> None:
        """Show an item in all browsers."""
        self._count += 1
        data = _shortened(item_data(item, redaction_for(self._reveal)))
        self._items.append((self._count, _message(data, self._count)))
        self._wake()

    def handle(self, request: HttpRequest) -> Answer:
        """Answer a browser."""
        if not self._server.is_for_us(request):
            return plain_response(421, "This page is only for the machine that it runs on: open it as localhost.")
        if request.method not in (b"GET", b"HEAD"):
            return plain_response(405, "This is a page to look at.", (b"Allow", b"GET, HEAD"))
        if request.path == b"/":
            headers = [
                (b"Content-Type", b"text/html; charset=utf-8"),
                (b"Content-Security-Policy", self._policy),
                *_SAFE,
            ]
            return HttpResponse(200, headers, self._html)
        if request.path == b"/events":
            last = request.header(b"last-event-id")
            after = int(last) if last.isdigit() and len(last) < 20 else 0
            return HttpStream(self._stream(after), 200, [(b"Content-Type", b"text/event-stream"), *_SAFE])
        return plain_response(404, "There is nothing here; the page is at /.")

    async def _stream(self, after: int) -> AsyncIterator[bytes]:
        """Yield the items behind the one with the number `after`, and then those that come."""
        yield _message({"kind": "hello", "url": self.sink_url, "kept": MOST_ITEMS, "total": self._count})
        while not self._is_closed:
            changed = self._changed
            if after > self._count:  # of a sink that ran here before
                after = 0
            if found := [data for number, data in self._items if number > after]:
                after = self._count
                yield b"".join(found)
                continue
            try:
                await asyncio.wait_for(changed.wait(), _HEARTBEAT_SECONDS)
            except TimeoutError:
                yield b": still here\n\n"

    def _wake(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()


def content_policy(html: bytes) -> bytes:
    """Build the content security policy that allows the script and the style of the page, and its stream."""
    hashes = {
        kind: b"'sha256-%b'" % base64.b64encode(hashlib.sha256(text).digest()) for kind, text in _INLINE.findall(html)
    }
    rules = [
        b"default-src 'none'",
        b"script-src " + hashes[b"script"],
        b"style-src " + hashes[b"style"],
        b"connect-src 'self'",
        b"base-uri 'none'",
        b"form-action 'none'",
        b"frame-ancestors 'none'",
    ]
    return b"; ".join(rules)


def _message(data: dict[str, Any], number: int | None = None) -> bytes:
    lead = f"id: {number}\n" if number else ""
    return f"{lead}data: {dumps(data)}\n\n".encode("ascii")


def _shortened(data: dict[str, Any]) -> dict[str, Any]:
    """Cut long data, so that the kept items and the page stay small."""
    for name in ("data", "dataBase64"):
        if name in data:
            text = data[name] if isinstance(data[name], str) else dumps(data[name])
            if len(text) > _MOST_CHARACTERS:
                data[name] = text[:_MOST_CHARACTERS]
                data["isCut"] = True
    return data
