"""The HTTP server, spoken to byte by byte over sockets."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from isvclog.errors import IsvclogError, UsageError
from isvclog.httpserver import (
    Address,
    Handler,
    HttpLimits,
    HttpRequest,
    HttpResponse,
    HttpServer,
    HttpStream,
    parse_address,
    parse_origin,
)

LOOPBACK = Address("127.0.0.1", 0)
Talk = Callable[[HttpServer], Awaitable[None]]


def echo(request: HttpRequest) -> HttpResponse:
    return HttpResponse(200, [(b"X-Path", request.target)], request.body)


def serve(handler: Handler, talk: Talk, limits: HttpLimits | None = None) -> HttpServer:
    """Run a server while `talk` speaks to it."""
    server = HttpServer(handler, limits)

    async def run() -> None:
        await server.start(LOOPBACK)
        try:
            await asyncio.wait_for(talk(server), 20)
        finally:
            await server.close(grace=1)

    asyncio.run(run())
    return server


def exchange(handler: Handler, *parts: bytes, limits: HttpLimits | None = None, eof: bool = True) -> bytes:
    """Send the parts one after the other, and return everything that comes back until the server closes."""
    answer = b""

    async def talk(server: HttpServer) -> None:
        nonlocal answer
        reader, writer = await asyncio.open_connection(*server.address)
        for part in parts:
            writer.write(part)
            await writer.drain()
            await asyncio.sleep(0.02)
        if eof:
            writer.write_eof()
        answer = await reader.read()
        writer.close()

    serve(handler, talk, limits)
    return answer


def request(text: str, body: bytes = b"") -> bytes:
    return text.replace("\n", "\r\n").encode() + b"\r\n\r\n" + body


def test_header_bytes_and_their_order_are_kept() -> None:
    seen: list[HttpRequest] = []

    def keep(got: HttpRequest) -> HttpResponse:
        seen.append(got)
        return HttpResponse(204)

    raw = request(
        'POST /a?b=c HTTP/1.1\nhost: x\nce-ID: 1\nCe-Annotations: {"a":"caf\u00e9"}\nContent-Length: 2', b"ok"
    )
    answer = exchange(keep, raw)
    assert answer.startswith(b"HTTP/1.1 204 No Content\r\nDate: ")
    assert b"Content-Length" not in answer
    assert seen[0].head() + seen[0].body == raw
    assert seen[0].header(b"ce-id") == b"1"


def test_pipelined_requests_are_answered_in_order_even_if_the_first_takes_time() -> None:
    async def slowly(got: HttpRequest) -> HttpResponse:
        await asyncio.sleep(0.1)
        return echo(got)

    def answer(got: HttpRequest) -> HttpResponse | Awaitable[HttpResponse]:
        return slowly(got) if got.target == b"/1" else echo(got)

    sent = b"".join(request(f"GET /{number} HTTP/1.1\nHost: x") for number in range(1, 60))
    paths = [line for line in exchange(answer, sent).split(b"\r\n") if line.startswith(b"X-Path")]
    assert paths == [b"X-Path: /%d" % number for number in range(1, 60)]


def test_chunks_and_trailers_arrive_in_pieces() -> None:
    seen: list[HttpRequest] = []

    def keep(got: HttpRequest) -> HttpResponse:
        seen.append(got)
        return HttpResponse()

    raw = request(
        "POST / HTTP/1.1\nHost: x\nTransfer-Encoding: chunked",
        b"3\r\nabc\r\n2;q=1\r\nde\r\n0\r\nX-End: 1\r\nX-Sum: 2\r\n\r\n",
    )
    exchange(keep, *(raw[at : at + 7] for at in range(0, len(raw), 7)))
    assert seen[0].body == b"abcde"
    assert seen[0].trailers == [(b"X-End", b"1"), (b"X-Sum", b"2")]
    assert len(seen[0].headers) == 2


def test_a_stream_is_sent_in_chunks_as_it_comes() -> None:
    async def parts() -> AsyncIterator[bytes]:
        yield b"data: 1\n\n"
        yield b""
        yield b"data: 2\n\n"

    answer = exchange(lambda got: HttpStream(parts()), request("GET / HTTP/1.1\nHost: x"))
    assert answer.endswith(b"\r\n\r\n9\r\ndata: 1\n\n\r\n9\r\ndata: 2\n\n\r\n0\r\n\r\n")
    old = exchange(lambda got: HttpStream(parts()), request("GET / HTTP/1.0"))
    assert old.endswith(b"Connection: close\r\n\r\ndata: 1\n\ndata: 2\n\n")
    head = exchange(lambda got: HttpStream(parts()), request("HEAD / HTTP/1.1\nHost: x"))
    assert b"chunked" in head
    assert head.endswith(b"\r\n\r\n")
    assert b"data" not in head


def test_a_stream_that_breaks_does_not_look_complete() -> None:
    async def parts() -> AsyncIterator[bytes]:
        yield b"half"
        raise ConnectionError("the model is gone")

    async def talk(server: HttpServer) -> None:
        asyncio.get_running_loop().set_exception_handler(lambda loop, context: None)
        reader, writer = await asyncio.open_connection(*server.address)
        writer.write(request("GET / HTTP/1.1\nHost: x"))
        with pytest.raises((asyncio.IncompleteReadError, ConnectionError)):
            await reader.readuntil(b"0\r\n\r\n")
        writer.close()

    serve(lambda got: HttpStream(parts()), talk)


def test_continue_is_sent_before_the_body_and_not_for_one_that_is_too_large() -> None:
    head = "POST / HTTP/1.1\nHost: x\nExpect: 100-continue\nContent-Length: 4"
    answer = exchange(echo, request(head), b"body")
    assert answer.startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n")
    answer = exchange(echo, request(head), limits=HttpLimits(body_bytes=3), eof=False)
    assert answer.startswith(b"HTTP/1.1 413 ")


@pytest.mark.parametrize(
    ("sent", "status", "words"),
    [
        (b"hello\r\n\r\n", 400, b"This is not an HTTP request"),
        (request("GET / HTTP/1.1"), 400, b"one Host header"),
        (request("GET / HTTP/1.1\nHost: a\nHost: b"), 400, b"one Host header"),
        (request("POST / HTTP/1.1\nHost: a\nContent-Length: 1\nTransfer-Encoding: chunked", b"0\r\n\r\n"), 400, b""),
        (request("POST / HTTP/1.1\nHost: a\nContent-Length: 101"), 413, b"more than 100 bytes"),
        (request("POST / HTTP/1.1\nHost: a\nTransfer-Encoding: chunked", b"66\r\n" + b"x" * 102), 413, b"100 bytes"),
        (request("GET / HTTP/1.1\nHost: a\nX: " + "x" * 300), 431, b"more than 300 bytes"),
        (b"GET /" + b"x" * 700_000, 431, b"more than 300 bytes"),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505, b"speaks HTTP/2"),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"x" * 200, 400, b"write http:// in its URL"),
        (request("CONNECT a:1 HTTP/1.1\nHost: a"), 405, b"not a proxy"),
    ],
)
def test_what_is_refused(sent: bytes, status: int, words: bytes) -> None:
    limits = HttpLimits(header_bytes=300, body_bytes=100)
    answer = exchange(echo, request("GET /first HTTP/1.1\nHost: x"), sent, limits=limits, eof=False)
    first, _, second = answer.partition(b"HTTP/1.1 %d " % status)
    assert b"X-Path: /first" in first
    assert words in second
    assert b"Connection: close" in second


def test_an_upgrade_is_ignored() -> None:
    upgrade = request("GET /a HTTP/1.1\nHost: x\nConnection: Upgrade, HTTP2-Settings\nUpgrade: h2c")
    answer = exchange(echo, upgrade + request("GET /b HTTP/1.1\nHost: x"))
    assert answer.count(b"HTTP/1.1 200 OK") == 2


def test_a_slow_client_is_ended_and_counted() -> None:
    async def talk(server: HttpServer) -> None:
        reader, writer = await asyncio.open_connection(*server.address)
        writer.write(b"GET / HTTP/1.1\r\nHost: ")
        assert (await reader.read()).startswith(b"HTTP/1.1 408 ")
        writer.close()

    assert serve(echo, talk, HttpLimits(receive_seconds=0.1)).counts["too slow"] == 1


def test_an_idle_connection_is_closed() -> None:
    async def talk(server: HttpServer) -> None:
        reader, writer = await asyncio.open_connection(*server.address)
        assert await reader.read() == b""
        writer.close()

    serve(echo, talk, HttpLimits(idle_seconds=0.1))


def test_a_client_that_reads_nothing_stops_the_stream_and_is_cut() -> None:
    produced = 0

    async def parts() -> AsyncIterator[bytes]:
        nonlocal produced
        while True:
            produced += 1
            yield b"x" * 65_536

    async def talk(server: HttpServer) -> None:
        loop = asyncio.get_running_loop()
        with socket.create_connection(server.address) as client:
            client.setblocking(False)
            await loop.sock_sendall(client, request("GET / HTTP/1.1\nHost: x"))
            while not server.counts["unread answers"]:
                await asyncio.sleep(0.1)

    serve(lambda got: HttpStream(parts()), talk, HttpLimits(stall_seconds=0.2))
    assert produced < 200


def test_more_connections_than_the_limit_are_refused_with_a_sentence() -> None:
    async def talk(server: HttpServer) -> None:
        _, first = await asyncio.open_connection(*server.address)
        reader, second = await asyncio.open_connection(*server.address)
        assert b"too many connections" in await reader.read()
        first.close()
        second.close()

    assert serve(echo, talk, HttpLimits(connections=1)).counts["too many connections"] == 1


def test_requests_that_arrived_are_answered_before_the_end() -> None:
    async def slowly(got: HttpRequest) -> HttpResponse:
        await asyncio.sleep(0.2)
        return HttpResponse(200, [], b"done")

    async def talk(server: HttpServer) -> None:
        reader, writer = await asyncio.open_connection(*server.address)
        _, idle = await asyncio.open_connection(*server.address)
        writer.write(request("GET / HTTP/1.1\nHost: x"))
        await asyncio.sleep(0.05)
        await server.close(grace=5)
        assert (await reader.read()).endswith(b"done")
        with pytest.raises(ConnectionError):
            await asyncio.open_connection(*server.address)
        writer.close()
        idle.close()

    serve(slowly, talk)


def test_a_bug_in_a_handler_is_reported_and_answered() -> None:
    reported: list[str] = []

    def broken(got: HttpRequest) -> HttpResponse:
        raise KeyError("x")

    async def talk(server: HttpServer) -> None:
        asyncio.get_running_loop().set_exception_handler(lambda loop, context: reported.append(context["message"]))
        reader, writer = await asyncio.open_connection(*server.address)
        writer.write(request("GET / HTTP/1.1\nHost: x\nConnection: close"))
        assert b"because of a bug" in await reader.read()
        writer.close()

    serve(broken, talk)
    assert reported == ["A request could not be answered"]


def test_a_taken_port_is_a_sentence() -> None:
    async def talk(server: HttpServer) -> None:
        with pytest.raises(IsvclogError, match=r"cannot listen on 127\.0\.0\.1:\d+: another program listens"):
            await HttpServer(echo).start(server.address)
        with pytest.raises(IsvclogError, match="no such address"):
            await HttpServer(echo).start(Address("192.0.2.1", 0))

    serve(echo, talk)


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("127.0.0.1:{}", True),
        ("localhost:{}", True),
        ("[::1]:{}", True),
        ("evil.example:{}", False),
        ("localhost", False),
        ("", False),
    ],
)
def test_the_host_header_names_this_machine(host: str, expected: bool) -> None:
    async def talk(server: HttpServer) -> None:
        name = host.format(server.address.port).encode()
        assert server.is_for_us(HttpRequest(b"GET", b"/", b"1.1", [(b"Host", name)], b"")) is expected

    serve(echo, talk)


def test_addresses() -> None:
    assert parse_address("[::1]:0") == Address("::1", 0)
    assert str(parse_address("[::1]:80")) == "[::1]:80"
    assert parse_address("127.0.0.1:8080").is_loopback
    assert parse_address("localhost:1").is_loopback
    assert not parse_address("0.0.0.0:1").is_loopback
    for wrong in ("8080", ":1", "::1:8080", "a:65536", "a:b", "http://a:1", "[::1]"):
        with pytest.raises(UsageError, match="write HOST:PORT"):
            parse_address(wrong)


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("http://127.0.0.1:8080", Address("127.0.0.1", 8080)),
        ("HTTP://sink.example/", Address("sink.example", 80)),
        ("http://[::1]", Address("::1", 80)),
    ],
)
def test_an_origin_is_an_address(url: str, address: Address) -> None:
    assert parse_origin(url, "--sink") == address


@pytest.mark.parametrize(
    "url",
    ["", "sink:80", "ftp://a", "https://a", "http://", "http://u:hunter2@a", "http://a/hunter2", "http://a?hunter2"],
)
def test_an_origin_has_nothing_else(url: str) -> None:
    with pytest.raises(UsageError, match=r"^--sink needs an? ") as raised:
        parse_origin(url, "--sink")
    assert "hunter2" not in str(raised.value)
