"""Requests as they came, and answers as they are sent."""

from collections.abc import AsyncIterable, Awaitable, Callable, Sequence
from functools import lru_cache
from http import HTTPStatus
from typing import TypeAlias

from isvclog.records import NamedTuple

Field: TypeAlias = tuple[bytes, bytes]
"""A header field: name and value."""

_BODILESS = frozenset((204, 304))


class HttpRequest(NamedTuple):
    """A request whose body has arrived completely.

    `headers` and `trailers` have the bytes of names and values, in order; white space around a value is removed. The
    framing of chunks is removed from `body`.
    """

    method: bytes
    target: bytes
    version: bytes
    headers: Sequence[Field]
    body: bytes
    trailers: Sequence[Field] = ()
    keep_alive: bool = True

    @property
    def path(self) -> bytes:
        """The target without its query."""
        return self.target.partition(b"?")[0]

    def values(self, name: bytes) -> list[bytes]:
        """Collect the values of all headers with this name, which is given in lower case."""
        return [value for key, value in self.headers if key.lower() == name]

    def header(self, name: bytes) -> bytes:
        """Return the first value of a header, whose name is given in lower case; empty if there is none."""
        return next((value for key, value in self.headers if key.lower() == name), b"")

    def head(self) -> bytes:
        """Build the request line and the headers, with the empty line that ends them."""
        lines = [b"%b %b HTTP/%b\r\n" % (self.method, self.target, self.version)]
        lines += [b"%b: %b\r\n" % field for field in self.headers]
        return b"".join([*lines, b"\r\n"])


class HttpResponse(NamedTuple):
    """A complete answer. The server adds the length, the date and whether the connection stays open."""

    status: int = 200
    headers: Sequence[Field] = ()
    body: bytes = b""
    close: bool = False


class HttpStream(NamedTuple):
    """An answer whose length is not known: each item of `chunks` is sent when it is there and the client can take it.

    If `chunks` raises an exception, the connection is cut, so that the client does not take what came for everything.
    """

    chunks: AsyncIterable[bytes]
    status: int = 200
    headers: Sequence[Field] = ()


Answer: TypeAlias = HttpResponse | HttpStream
Handler: TypeAlias = Callable[[HttpRequest], "Answer | Awaitable[Answer]"]
"""A function that answers a request, at once or, for an answer that takes time, by an awaitable."""


def plain_response(status: int, sentence: str, *headers: Field, close: bool = False) -> HttpResponse:
    """Build an answer of one line of text."""
    return HttpResponse(
        status, [(b"Content-Type", b"text/plain; charset=utf-8"), *headers], f"{sentence}\n".encode(), close
    )


def encode_response(response: HttpResponse, request: HttpRequest | None, date: bytes, close: bool) -> bytes:
    """Encode an answer; `request` is None if the answer is to something that is no request."""
    parts = [status_line(response.status), date]
    parts += [b"%b: %b\r\n" % field for field in response.headers]
    if response.status not in _BODILESS and response.status >= 200:
        parts.append(b"Content-Length: %d\r\n" % len(response.body))
    parts.append(_connection(request, close))
    if response.status not in _BODILESS and not (request and request.method == b"HEAD"):
        parts.append(response.body)
    return b"".join(parts)


def encode_stream_head(stream: HttpStream, request: HttpRequest, date: bytes, close: bool) -> bytes:
    """Encode the head of a streaming answer. HTTP/1.0 knows no chunks: there, the end of the connection ends it."""
    parts = [status_line(stream.status), date, *(b"%b: %b\r\n" % field for field in stream.headers)]
    if request.version != b"1.0":
        parts.append(b"Transfer-Encoding: chunked\r\n")
    return b"".join([*parts, _connection(request, close)])


def encode_chunk(data: bytes, request: HttpRequest) -> bytes:
    """Encode a part of a streaming answer."""
    return data if request.version == b"1.0" else b"%x\r\n%b\r\n" % (len(data), data)


def _connection(request: HttpRequest | None, close: bool) -> bytes:
    if close:
        return b"Connection: close\r\n\r\n"
    return b"Connection: keep-alive\r\n\r\n" if request and request.version == b"1.0" else b"\r\n"


@lru_cache
def status_line(status: int) -> bytes:
    """Encode the first line of an answer."""
    try:
        phrase = HTTPStatus(status).phrase
    except ValueError:
        phrase = ""
    return f"HTTP/1.1 {status} {phrase}\r\n".encode("ascii")
