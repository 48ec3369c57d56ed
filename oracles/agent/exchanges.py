"""Exchanges through the agent's proxy and batcher: what a client and a model send, and how both are recorded.

Bytes are texts in Latin-1. The model closes its connection after an answer that nothing else ends.
"""

import asyncio
import contextlib
import re
import zlib
from collections.abc import AsyncIterator
from typing import Any, NamedTuple

import httptools

Recorded = dict[str, Any]
_CLOSING = re.compile("answer-(until-the-end|cut|malformed|none|batch)").match
_UUID = re.compile("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


class Case(NamedTuple):
    """One exchange. `batched` is True if there is a batcher that asks after each request."""

    name: str
    request: str
    answer: str
    batched: bool = False


def _request(line: str, *fields: str, body: str = "", host: str = "h.example") -> str:
    return "".join(f"{text}\r\n" for text in (line, f"Host: {host}", *fields, "")) + body


def _posted(body: str, path: str = "/v1/models/m:predict", *fields: str) -> str:
    return _request(f"POST {path} HTTP/1.1", f"Content-Length: {len(body)}", *fields, body=body)


def _answer(body: str, *fields: str, line: str = "HTTP/1.1 200 OK") -> str:
    return "".join(f"{text}\r\n" for text in (line, *fields, f"Content-Length: {len(body)}", "")) + body


def _chunked(text: str, *trailers: str) -> str:
    return f"{len(text):x}\r\n{text}\r\n0\r\n" + "".join(f"{line}\r\n" for line in (*trailers, ""))


_OK = _answer("{}", "Content-Type: application/json")
_GET = _request("GET /a HTTP/1.1")


def _zip(data: bytes) -> bytes:
    """Compress data; what Python's `gzip` writes into the header depends on its version."""
    compression = zlib.compressobj(9, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    return compression.compress(data) + compression.flush()


_ZIPPED = _zip(b"hello ") + _zip(b"world")
_CHUNKED = "Transfer-Encoding: chunked"

_PROXIED = {
    "chunked": (_request("POST /a HTTP/1.1", _CHUNKED, body="1\r\na\r\n" + _chunked("bcde")), _OK),
    "chunked-empty": (_request("POST /a HTTP/1.1", _CHUNKED, body="0\r\n\r\n"), _OK),
    "chunked-get": (_request("GET /a HTTP/1.1", _CHUNKED, body="0\r\n\r\n"), _OK),
    "trailers": (
        _request(
            "POST /a HTTP/1.1", _CHUNKED, "Trailer: X-B, x-a", body=_chunked("abc", "X-B: 1", "x-a: 2", "X-C:3")
        ),
        _OK,
    ),
    "trailer-announced-only": (_request("POST /a HTTP/1.1", _CHUNKED, "Trailer: X-A", body=_chunked("abc")), _OK),
    "length-0": (_request("DELETE /a HTTP/1.1", "Content-Length: 0"), _OK),
    "post-without-body": (_request("POST /a HTTP/1.1"), _OK),
    "get-with-body": (_request("GET /a HTTP/1.1", "Content-Length: 2", body="ab"), _OK),
    "target-absolute": (_request("GET http://other:81/x{y}?q=a|b HTTP/1.1"), _OK),
    "target-without-path": (_request("GET http://u:p@other HTTP/1.1"), _OK),
    "target-star": (_request("POST * HTTP/1.1"), _OK),
    "target-two-slashes": (_request("GET //x//y/../z%2f%41?a;b HTTP/1.1"), _OK),
    "target-fragment": (_request("GET /a#b?c HTTP/1.1"), _OK),
    "target-empty-query": (_request("GET /a? HTTP/1.1"), _OK),
    "target-not-ascii": (_request("GET /\xc3\xbf?\xc3\xbf{ HTTP/1.1"), _OK),
    "connect": (_request("CONNECT /p HTTP/1.1"), _OK),
    "host-zone": (_request("GET /a HTTP/1.1", host="[fe80::1%25en0]:80"), _OK),
    "host-idn": (_request("GET http://b%C3%BCcher.de/ HTTP/1.1"), _OK),
    "host-empty": (_request("GET /a HTTP/1.1", host=""), _OK),
    "http-1.0": ("GET /a HTTP/1.0\r\n\r\n", _OK),
    "http-1.0-keep-alive": ("GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", _OK),
    "http-1.0-chunked-answer": (
        "GET /a HTTP/1.0\r\n\r\n",
        f"HTTP/1.1 200 OK\r\n{_CHUNKED}\r\n\r\n{_chunked('{}')}",
    ),
    "fields": (
        _request("GET /a HTTP/1.1", "x-b: 1", "X-Zoo: 2", "X-B: 3", "User-Agent:", "Te: trailers, x", "Cookie: a=1"),
        _OK,
    ),
    "hop-by-hop": (
        _request(
            "GET /a HTTP/1.1", "Connection: close, X-A", "X-A: 1", "Keep-Alive: 3", "Proxy-Authorization: x",
            "X-Forwarded-For: 1.1.1.1", "X-Forwarded-For: 2.2.2.2", "Forwarded: for=1.1.1.1",
        ),
        _OK,
    ),
    "accept-encoding-empty": (_request("GET /a HTTP/1.1", "Accept-Encoding:"), _OK),
    "range": (_request("GET /a HTTP/1.1", "Range: bytes=0-1"), _OK),
    "expect": (_posted("{}", "/a", "Expect: 100-continue"), _OK),
    "upgrade": (
        _request("GET /a HTTP/1.1", "Connection: Upgrade", "Upgrade: websocket"),
        "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
    ),
    "upgrade-declined": (_request("GET /a HTTP/1.1", "Connection: Upgrade", "Upgrade: websocket"), _OK),
    "upgrade-not-ascii": (_request("GET /a HTTP/1.1", "Connection: Upgrade", "Upgrade: \xc3\xa9"), _OK),
    "early-hints": (_GET, "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n" + _OK),
    "answer-until-the-end": (_GET, "HTTP/1.0 200 OK\r\n\r\nall of it"),
    "answer-chunked": (_GET, f"HTTP/1.1 200 OK\r\n{_CHUNKED}\r\n\r\n1\r\na\r\n{_chunked('bc')}"),
    "answer-trailers": (
        _GET,
        f"HTTP/1.1 200 OK\r\n{_CHUNKED}\r\nTrailer: X-A\r\n\r\n{_chunked('abc', 'X-A: 1', 'X-B: 2')}",
    ),
    "answer-cut": (_GET, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"),
    "answer-cut-chunk": (_GET, f"HTTP/1.1 200 OK\r\n{_CHUNKED}\r\n\r\n5\r\nabc"),
    "answer-malformed": (_GET, "garbage\r\n\r\n"),
    "answer-none": (_GET, ""),
    "answer-204": (_GET, "HTTP/1.1 204 No Content\r\n\r\n"),
    "answer-304": (_GET, "HTTP/1.1 304 Not Modified\r\nContent-Length: 10\r\nEtag: x\r\n\r\n"),
    "answer-404": (_GET, _answer("no", line="HTTP/1.1 404 Gone Fishing")),
    "head": (_request("HEAD /a HTTP/1.1"), "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n"),
    "head-chunked": (_request("HEAD /a HTTP/1.1"), f"HTTP/1.1 200 OK\r\n{_CHUNKED}\r\n\r\n"),
    "gzip": (_GET, _answer(_ZIPPED.decode("latin-1"), "Content-Encoding: gzip")),
    "gzip-asked-for": (
        _request("GET /a HTTP/1.1", "Accept-Encoding: gzip"),
        _answer(_ZIPPED.decode("latin-1"), "Content-Encoding: gzip"),
    ),
    "gzip-damaged": (_GET, _answer(_ZIPPED[:-6].decode("latin-1") + "abcdef", "Content-Encoding: gzip")),
    "gzip-cut": (_GET, _answer(_ZIPPED[:-6].decode("latin-1"), "Content-Encoding: gzip")),
    "gzip-padded": (_GET, _answer(_ZIPPED.decode("latin-1") + "\0\0\0", "Content-Encoding: gzip")),
    "gzip-not": (_GET, _answer("plain", "Content-Encoding: gzip")),
    "gzip-empty": (_GET, _answer("", "Content-Encoding: gzip")),
}  # fmt: skip

_PREDICTED = _answer('{"predictions":[1]}')
_VALUES = (
    '{"b":1.0,"a":1e21,"c":0.000001,"d":1e-7,"e":-0,"f":12345678901234567890,"g":null,"h":[true,"x",{}],"i":0.1e2,'
    '"<":"\\u2028&\\ud800\\ud83d\\ude00 \xff \x7f","j":123456789012345678,"k":1e20,"l":1.5e300,"i":5e-324,"j":2e-5}'
)
_ONE = '{"instances":[1]}'
_BATCHED = {
    "values": (_posted(f'{{"instances":[{_VALUES}]}}', "/m:predict", "Content-Type: a/b", "X-A: 1"), _PREDICTED),
    "values-predicted": (_posted(_ONE), _answer(f'{{"predictions":[{_VALUES}]}}')),
    "names-fold": (_posted('{"Instances":[1],"instances":[2]}'), _PREDICTED),
    "names-repeat": (_posted('{"instances":[1],"INSTANCES":[3],"instances":[2]}'), _PREDICTED),
    "several": (_posted('{"instances":[1,2]}'), _answer('{"predictions":[3,[4]],"more":1}')),
    "no-instances": (_posted('{"instances":[]}'), _PREDICTED),
    "null-instances": (_posted('{"instances":[1],"instances":null}'), _PREDICTED),
    "null": (_posted("null"), _PREDICTED),
    "not-a-list": (_posted('{"instances":5,"instances":[1]}'), _PREDICTED),
    "not-an-object": (_posted("[1]"), _PREDICTED),
    "not-json": (_posted("{'a':1}"), _PREDICTED),
    "more-after-it": (_posted(_ONE + "x"), _PREDICTED),
    "nan": (_posted('{"instances":[NaN]}'), _PREDICTED),
    "out-of-range": (_posted('{"instances":[1e999]}'), _PREDICTED),
    "empty": (_posted(""), _PREDICTED),
    "too-few": (_posted('{"instances":[1,2]}'), _PREDICTED),
    "predictions-missing": (_posted(_ONE), _answer('{"x":1}')),
    "predictions-object": (_posted(_ONE), _answer('{"predictions":{}}')),
    "predictions-list": (_posted(_ONE), _answer("[]")),
    "predictions-out-of-range": (_posted(_ONE), _answer('{"predictions":[-1e999]}')),
    "answer-not-json": (_posted(_ONE), _answer("nope")),
    "answer-500": (_posted(_ONE), _answer('{"error":"<b>\xff"}\n', line="HTTP/1.1 500 No")),
    "answer-201": (_posted(_ONE), _answer('{"predictions":[1]}', line="HTTP/1.1 201 Created")),
    "answer-batch-cut": (_posted(_ONE), 'HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{"predictions":['),
    "answer-batch-whole-but-cut": (_posted(_ONE), 'HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{"predictions":[1]}'),
    "answer-gzip": (
        _posted(_ONE),
        _answer(_zip(b'{"predictions":[7]}').decode("latin-1"), "Content-Encoding: gzip"),
    ),
    "answer-preliminary": (_posted(_ONE), "HTTP/1.1 103 Early Hints\r\n\r\n" + _PREDICTED),
    "path-decoded": (_posted(_ONE, "/a%2525%3Fq{:predict?x=1"), _PREDICTED),
    "path-encoded-colon": (_posted(_ONE, "/a%3Apredict"), _PREDICTED),
    "path-other": (_posted(_ONE, "/a:predict/"), _PREDICTED),
    "method-other": (_request("PUT /a:predict HTTP/1.1", "Content-Length: 17", body=_ONE), _PREDICTED),
    "head-predict": (_request("HEAD /a:predict HTTP/1.1"), _PREDICTED),
}

CASES = [
    *(Case(name, *exchange) for name, exchange in _PROXIED.items()),
    *(Case(name, *exchange, batched=True) for name, exchange in _BATCHED.items()),
]


class Model:
    """A model that answers with `answer`, and keeps what arrived last."""

    def __init__(self) -> None:
        self.answer = b""
        self.closes = False
        self.request = b""
        self.port = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Take requests, and answer them."""
        with contextlib.suppress(asyncio.IncompleteReadError, asyncio.CancelledError, ConnectionError):
            await self._serve(reader, writer)
        writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            self.request = head
            if b"\r\nExpect: 100-continue\r\n" in head:
                writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            if length := re.search(rb"\r\nContent-Length: (\d+)\r\n", head):
                self.request += await reader.readexactly(int(length[1]))
            elif b"\r\nTransfer-Encoding: chunked\r\n" in head:
                self.request += await _read_chunked(reader)
            writer.write(self.answer)
            if self.closes:
                break


async def _read_chunked(reader: asyncio.StreamReader) -> bytes:
    read = b""
    while not (read == b"0\r\n" or read.endswith(b"\r\n0\r\n")):
        read += await reader.readuntil(b"\r\n")
    while not read.endswith(b"\r\n\r\n"):
        read += await reader.readuntil(b"\r\n")
    return read


@contextlib.asynccontextmanager
async def model() -> AsyncIterator[Model]:
    """Run a model on a free port of loopback."""
    running = Model()
    server = await asyncio.start_server(running.serve, "127.0.0.1", 0)
    running.port = server.sockets[0].getsockname()[1]
    try:
        yield running
    finally:
        server.close()


class _Answers:
    """The answers that a client gets for one request."""

    def __init__(self) -> None:
        self.statuses: list[int] = []
        self.body = b""
        self.trailers: list[list[str]] = []
        self.complete = False
        self._in_body = False
        self.parser = httptools.HttpResponseParser(self)

    def on_header(self, name: bytes, value: bytes) -> None:
        if self._in_body:
            self.trailers.append([name.decode("latin-1"), value.decode("latin-1")])

    def on_headers_complete(self) -> None:
        self.statuses.append(self.parser.get_status_code())
        self._in_body = self.statuses[-1] >= 200

    def on_body(self, data: bytes) -> None:
        self.body += data

    def on_message_complete(self) -> None:
        self.complete = self._in_body


async def exchange(case: Case, port: int, model: Model) -> Recorded:
    """Run one exchange through a proxy on this port of loopback, and describe it."""
    model.answer, model.request, model.closes = case.answer.encode("latin-1"), b"", bool(_CLOSING(case.name))
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(case.request.encode("latin-1"))
    answers = _Answers()
    is_head = case.request.startswith("HEAD ")
    while not answers.complete and not (is_head and answers.statuses):
        data = await asyncio.wait_for(reader.read(1 << 16), 10)
        if not data:
            break
        answers.parser.feed_data(data)
    ended = answers.complete or (is_head and bool(answers.statuses))
    if not ended and answers.statuses:
        # Without a length, the end of the connection is the end of the answer.
        with contextlib.suppress(httptools.HttpParserError):
            ended = case.request.startswith("GET /a HTTP/1.0")
    writer.close()
    with contextlib.suppress(ConnectionError):
        await writer.wait_closed()
    return {
        "model": model.request.replace(b":%d\r\n" % model.port, b":<PORT>\r\n").decode("latin-1"),
        "statuses": answers.statuses,
        "body": _UUID.sub("<UUID>", answers.body.decode("latin-1")) if answers.statuses[-1:] != [502] else "",
        "trailers": sorted(answers.trailers),
        "complete": ended,
    }
