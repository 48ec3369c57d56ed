"""Requests as they arrive on a connection, read as Go's server reads them.

llhttp finds where a request ends. What it accepts passes Go's checks as well, and what it refuses is read again by the
functions that imitate Go, which accept some requests that llhttp does not.
"""

import contextlib
import re
from bisect import bisect_left
from collections.abc import Callable
from functools import lru_cache

import httptools

from isvclog.kserve.golang.errors import GoError
from isvclog.kserve.golang.http import canonical_header, valid_header_value
from isvclog.kserve.golang.httpserver import (
    MAX_HEADER_BYTES,
    RequestError,
    ServerRequest,
    handler_path,
    has_token,
    prepare_header,
    read_header,
)
from isvclog.kserve.golang.strings import from_bytes
from isvclog.kserve.golang.textproto import Header
from isvclog.kserve.golang.transfer import announced_trailers, is_chunked, read_body
from isvclog.records import NamedTuple

_MAX_HEAD = MAX_HEADER_BYTES + 4096
_MAX_READ_AGAIN = 1 << 20
_MAX_KEPT_HEAD = 1 << 12
_HEAD_END = re.compile(rb"\n\r?\n")
_REQUEST_LINE = re.compile(rb"([^ ]+) ([^ ]*) HTTP/1\.(\d)\r?\n")
_UNFINISHED = "unexpected EOF"
_HTTP2_PREFACE = b"PRI * HTTP/2.0\r\n\r\n"
_DELIVERED: list[tuple[bytes, bytes]] = []
"""In place of the fields of a request, between its end and the beginning of the next one."""


class _Misread(Exception):
    """llhttp takes a request for one of HTTP/0.9, or sees no body after CONNECT."""


class KnownHead:
    """A head that clients may send again: what the model got as the head of the request, None before it was sent.

    A body has the same size each time, unless it is chunked, and then nothing is kept.
    """

    __slots__ = ("model_head",)

    def __init__(self) -> None:
        self.model_head: bytes | None = None


class Incoming(NamedTuple):
    """A request that has arrived whole.

    `target` and `host` are as the client sent them. `trailers` are the fields after a chunked body, None if the body is
    not chunked. `minor` is the minor version of HTTP/1. `keep_alive` is False if the client sends no other request on
    this connection. `known` is what is known about all requests with this head on this connection, None if it is not
    kept.
    """

    received: ServerRequest
    target: str
    host: str
    trailers: tuple[tuple[str, str], ...] | None = None
    minor: int = 1
    keep_alive: bool = True
    known: KnownHead | None = None


class RequestReader:
    """Reads the requests of one connection.

    `deliver` gets each request. `refuse` gets Go's reason if the connection cannot go on; nothing is called after it.
    `expect` is called when the client waits for `100 Continue`. `speak_http2` gets what the client sent if it begins
    with the preface of HTTP/2, and everything after it.
    """

    __slots__ = (
        "_announced", "_begun", "_body", "_completed", "_deliver", "_expect", "_fields", "_head", "_head_size",
        "_header", "_host", "_known", "_method", "_minor", "_parser", "_path", "_raw", "_raw_size", "_read",
        "_reading_body", "_refuse", "_speak_http2", "_target", "_trailers", "_url",
    )  # fmt: skip

    def __init__(
        self,
        deliver: Callable[[Incoming], None],
        refuse: Callable[[str], None],
        expect: Callable[[], None],
        speak_http2: Callable[[bytes], None],
    ) -> None:
        self._deliver, self._refuse, self._expect, self._speak_http2 = deliver, refuse, expect, speak_http2
        self._parser = httptools.HttpRequestParser(self)
        self._read: Callable[[bytes], None] = self._parse
        self._raw: list[bytes] = []
        self._raw_size = self._completed = 0
        self._head: tuple[object, ...] = ()
        self._known: KnownHead | None = None
        self.on_message_begin()
        self._begun = False

    def feed(self, data: bytes) -> None:
        """Take what has arrived."""
        self._read(data)

    def progress(self) -> tuple[str, object, int]:
        """Say what is awaited: the rest of a `head` or of a `body`, or a request, if the connection is `idle`.

        The object is another one for each request; the number changes when more of a body arrives.
        """
        if self._fields is _DELIVERED:
            return "idle", self._trailers, 0
        if self._reading_body:
            return "body", self._fields, len(self._body)
        return "head", self._fields, 0

    def _parse(self, data: bytes) -> None:
        if self._raw_size <= _MAX_READ_AGAIN:
            self._raw.append(data)
            self._raw_size += len(data)
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade as upgrade:
            rest = data[upgrade.args[0] :]
        except httptools.HttpParserError as error:
            self._take_error(error)
            return
        else:
            if self._completed and not self._begun:
                self._raw.clear()
                self._raw_size = self._completed = 0
            return
        self._decline_upgrade(rest)

    def _decline_upgrade(self, data: bytes) -> None:
        """Go on with HTTP/1.1 after a request for another protocol, which llhttp expects to follow."""
        while True:
            self._raw, self._raw_size, self._completed = [data], len(data), 0
            self._parser = httptools.HttpRequestParser(self)
            try:
                self._parser.feed_data(data)
                return
            except httptools.HttpParserUpgrade as upgrade:
                data = data[upgrade.args[0] :]
            except httptools.HttpParserError as error:
                self._take_error(error)
                return

    def _take_error(self, error: httptools.HttpParserError) -> None:
        context = error.__context__ if isinstance(error, httptools.HttpParserCallbackError) else None
        if isinstance(context, GoError):
            self._fail(str(context))
        elif context is None or isinstance(context, _Misread):
            self._begin_again(str(error))
        else:
            raise error

    def _begin_again(self, reason: str) -> None:
        """Read the current request as Go does, or refuse it for this reason if it is too large."""
        if self._raw_size > _MAX_READ_AGAIN:
            self._fail(reason)
            return
        whole = b"".join(self._raw)
        self._raw = [whole[_end_of_messages(whole, self._completed) :]]
        self._read = self._parse_again
        self._parse_again(b"")

    def _fail(self, reason: str) -> None:
        self._read = _ignore
        self._raw.clear()
        self._refuse(reason)

    # Callbacks of llhttp

    def on_message_begin(self) -> None:
        """Begin another request."""
        self._begun = True
        self._url = b""
        self._fields: list[tuple[bytes, bytes]] = []
        self._announced: list[str] | None = None
        self._trailers: list[tuple[str, str]] = []
        self._body: list[bytes] = []
        self._head_size = 0
        self._reading_body = False

    def on_url(self, url: bytes) -> None:
        """Add a part of the target."""
        self._url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        """Add a field of the header, or of the trailer."""
        self._head_size += len(name) + len(value) + 4
        if self._head_size > _MAX_HEAD:
            raise RequestError("request header fields too large")
        if self._reading_body:
            self._trailers.append((_canonical(name), from_bytes(value)))
        else:
            self._fields.append((name, value))

    def on_headers_complete(self) -> None:
        """Check the header. Most clients send the same head again and again; what it says is known then."""
        self._reading_body = True
        parser = self._parser
        head = parser.get_method(), parser.get_http_version(), self._url, self._fields
        if head != self._head:
            self._head = ()
            self._take_head(*head)

    def _take_head(self, method: bytes, version: str, url: bytes, fields: list[tuple[bytes, bytes]]) -> None:
        self._method = method.decode()
        if version[0] != "1" or method == b"CONNECT":
            raise _Misread
        self._minor = 0 if version == "1.0" else 1
        self._target = from_bytes(url)
        self._path = handler_path(self._method, self._target)
        self._header = header = _header(fields)
        self._host = prepare_header(self._method, header, needs_host=self._minor > 0)
        if "Transfer-Encoding" in header and is_chunked(header):
            header.pop("Content-Length", None)
            self._announced = announced_trailers(header)
        self._known = None
        if "Expect" in header:
            if has_token(header["Expect"], "100-continue"):
                self._expect()
        elif self._announced is None and self._head_size <= _MAX_KEPT_HEAD:
            self._head, self._known = (method, version, url, fields), KnownHead()

    def on_body(self, data: bytes) -> None:
        """Add a part of the body."""
        self._body.append(data)

    def on_message_complete(self) -> None:
        """Deliver the request."""
        body, self._body = self._body, []
        announced, trailers = self._announced, self._trailers
        received = ServerRequest(
            self._method,
            self._path,
            self._header,
            body[0] if len(body) == 1 else b"".join(body),
            tuple(dict.fromkeys([*(announced or ()), *(name for name, _ in trailers)])),
        )
        self._begun = False
        self._completed += 1
        self._fields = _DELIVERED
        self._deliver(
            Incoming(
                received,
                self._target,
                self._host,
                None if announced is None else tuple(trailers),
                self._minor,
                self._parser.should_keep_alive(),
                self._known,
            )
        )

    # What llhttp refuses

    def _parse_again(self, data: bytes) -> None:
        """Read the request that llhttp refuses as Go does; it is the last one of its connection."""
        self._raw.append(data)
        whole = b"".join(self._raw)
        self._raw = [whole]
        if whole.startswith(_HTTP2_PREFACE):
            self._read = self._speak_http2
            self._raw.clear()
            self._speak_http2(whole)
            return
        if not _HEAD_END.search(whole):
            if len(whole) > _MAX_HEAD:
                self._fail("request header fields too large")
            return
        try:
            incoming = _read_request(whole)
        except GoError as error:
            if not str(error).endswith(_UNFINISHED) or len(whole) > _MAX_HEAD + _MAX_READ_AGAIN:
                self._fail(str(error))
            return
        self._read = _ignore
        self._raw.clear()
        self._deliver(incoming)


class _MessageCounter:
    """Counts the messages that llhttp has completed."""

    def __init__(self) -> None:
        self.completed = 0

    def on_message_complete(self) -> None:
        """Count one."""
        self.completed += 1


def _end_of_messages(data: bytes, count: int) -> int:
    """Return the offset at which so many messages have ended, which llhttp does not tell."""

    def has_all(length: int) -> bool:
        counter = _MessageCounter()
        with contextlib.suppress(httptools.HttpParserError, httptools.HttpParserUpgrade):
            httptools.HttpRequestParser(counter).feed_data(data[:length])
        return counter.completed >= count

    return bisect_left(range(len(data)), True, key=has_all) if count else 0


def _ignore(_: bytes) -> None:
    pass


def _header(fields: list[tuple[bytes, bytes]]) -> Header:
    header: Header = {}
    for name, value in fields:
        text = from_bytes(value).strip(" \t")
        if not text.isprintable() and not valid_header_value(text):
            raise RequestError("malformed MIME header line")
        header.setdefault(_canonical(name), []).append(text)
    return header


@lru_cache(maxsize=1024)
def _canonical(name: bytes) -> str:
    return canonical_header(from_bytes(name))


def _read_request(data: bytes) -> Incoming:
    """Read a request whose header is complete; raise a GoError that ends with `unexpected EOF` if its body is not."""
    line = _REQUEST_LINE.match(data)
    if line is None:
        raise RequestError("malformed HTTP request")
    method, target, minor = from_bytes(line[1]), from_bytes(line[2]), int(line[3])
    path = handler_path(method, target)
    header, rest = read_header(data[line.end() :])
    host = prepare_header(method, header, needs_host=minor > 0)
    sent = read_body(header, rest)
    received = ServerRequest(method, path, header, sent.content, sent.names)
    trailers = sent.trailers
    fields = None if trailers is None else tuple((name, value) for name in trailers for value in trailers[name])
    return Incoming(received, target, host, fields, minor, keep_alive=False)
