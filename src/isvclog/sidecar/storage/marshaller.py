"""The client of a marshaller of one's own: it gets a batch as JSON, and its answer is stored.

Source: pkg/logger/marshaller_http.go and cmd/agent/main.go (the time limit).
"""

import asyncio
import ssl

import httptools

from isvclog.kserve.golang import url as gourl
from isvclog.kserve.golang.errors import GoError
from isvclog.kserve.golang.gzip import decompress
from isvclog.kserve.golang.httpclient import outgoing
from isvclog.kserve.golang.redirect import Hop, is_redirect, location_of, next_hop, redirected
from isvclog.kserve.golang.strings import from_bytes, to_bytes
from isvclog.kserve.golang.url import URL
from isvclog.records import NamedTuple
from isvclog.sidecar.sinks.connection import shown_url, split_address
from isvclog.sidecar.sinks.network_errors import connect_error
from isvclog.sidecar.sinks.trust import system_roots

SECONDS = 30
_MOST_ANSWER = 256 << 20
_SHOWN = 500
_PIECE = 1 << 16


class MarshalError(Exception):
    """There is nothing to store; the message is the agent's. `refused` is True if the marshaller answered so."""

    def __init__(self, message: str, *, refused: bool = False) -> None:
        super().__init__(message)
        self.refused = refused


class Marshalled(NamedTuple):
    """The object that a marshaller makes of a batch, and the extension of its key."""

    data: bytes
    extension: str


async def marshal(url: str, batch: str) -> Marshalled:
    """Post a batch to a marshaller; raise MarshalError if the agent drops it."""
    hop = Hop(gourl.parse(url))
    try:
        async with asyncio.timeout(SECONDS):
            answer = await _post(hop, to_bytes(batch))
    except TimeoutError:
        reason = f"no answer within {SECONDS} s"
    except (OSError, GoError, UnicodeError, httptools.HttpParserError, asyncio.IncompleteReadError) as error:
        address = outgoing(hop.url, {}).address
        reason = connect_error(error, address, hop.url.hostname()) if isinstance(error, OSError) else str(error)
    else:
        if not 200 <= answer.status < 300:
            text = from_bytes(answer.body[:_SHOWN])
            raise MarshalError(f"HTTP request failed with status {answer.status}: {text}", refused=True)
        return Marshalled(answer.body, answer.fields.get(b"x-log-marshal-extension", b"").decode("latin-1") or "json")
    raise MarshalError(f'failed to send HTTP request: Post "{shown_url(hop.url)}": {reason}')


async def _post(hop: Hop, batch: bytes) -> "MarshallerAnswer":
    first = outgoing(hop.url, {})
    authorization = f"Authorization: {first.authorization}\r\n" if first.authorization else ""
    head = (
        f"POST {first.target} HTTP/1.1\r\nHost: {first.host}\r\nUser-Agent: Go-http-client/1.1\r\n"
        f"Content-Length: {len(batch)}\r\n{authorization}Content-Type: application/json\r\n"
        f"Accept-Encoding: gzip\r\n\r\n"
    )
    wire = request = to_bytes(head) + batch
    while True:
        answer = await _ask(hop.url, wire)
        location = location_of(answer.head) if is_redirect(answer.status) else ""
        if not location:
            return answer
        hop = next_hop(hop, answer.status, location)
        wire = redirected(request, hop)


async def _ask(url: URL, wire: bytes) -> "MarshallerAnswer":
    host, port = split_address(outgoing(url, {}).address)
    context: ssl.SSLContext | None = system_roots().context if url.scheme == "https" else None
    reader, writer = await asyncio.open_connection(
        host, port, ssl=context, server_hostname=host if context is not None else None
    )
    answer = MarshallerAnswer()
    try:
        writer.write(wire)
        while not answer.complete:
            piece = await reader.read(_PIECE)
            if not piece:
                answer.end()
                break
            answer.feed(piece)
    finally:
        writer.transport.abort()
    answer.unpack()
    return answer


class MarshallerAnswer:
    """An answer that is read whole, and unpacked, as Go's transport does."""

    def __init__(self) -> None:
        self.status = 0
        self.head = self.body = b""
        self.fields: dict[bytes, bytes] = {}
        self.complete = False
        self._parser = httptools.HttpResponseParser(self)
        self._pieces: list[bytes] = []
        self._size = 0
        self._ends_with_connection = False

    def feed(self, data: bytes) -> None:
        """Take a part; raise HttpParserError or OSError if it cannot be read."""
        self._size += len(data)
        if self._size > _MOST_ANSWER:
            raise OSError(f"failed to read response body: it has more than {_MOST_ANSWER:,} bytes")
        if not self.status:
            self.head += data
        self._parser.feed_data(data)

    def end(self) -> None:
        """Take the end of the connection; raise IncompleteReadError if something is missing."""
        if not self._ends_with_connection:
            raise asyncio.IncompleteReadError(b"", None)

    def unpack(self) -> None:
        """Join the body and decompress it; raise a GoError if that is impossible."""
        self.body = b"".join(self._pieces)
        if self.body and self.fields.get(b"content-encoding", b"").lower() == b"gzip":
            self.body = decompress(self.body)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Keep a field; of several, Go takes the first."""
        self.fields.setdefault(name.lower(), value)

    def on_headers_complete(self) -> None:
        """Keep the status."""
        self.status = self._parser.get_status_code()
        self._ends_with_connection = not self.fields.keys() & {b"content-length", b"transfer-encoding"}

    def on_body(self, data: bytes) -> None:
        """Keep a part of the body."""
        self._pieces.append(data)

    def on_message_complete(self) -> None:
        """Take the end, unless another answer is announced."""
        self.complete = self.status >= 200
        if not self.complete:
            self.status = 0
            self.fields.clear()
