"""Requests that arrive in parts, whatever they are, read as the pure function reads them."""

import itertools
from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from isvclog.kserve.agent.http_exchange import Request, is_probe, receive, with_forwarded
from isvclog.kserve.golang.httpserver import ServerRequest
from isvclog.kserve.golang.strings import from_bytes, to_bytes
from isvclog.sidecar.requests import Incoming, RequestReader

NAMES = (
    "Host Content-Length content-length Transfer-Encoding Trailer Connection Upgrade HTTP2-Settings Expect Pragma TE "
    "Cookie User-Agent Ce-Id X-Request-Id x-request-id Proxy-Connection Keep-Alive X-A:"
).split()
VALUES = (
    "0 1 5 05 +5 -1 5,5 99999999999999999999 chunked Chunked gzip identity close keep-alive Upgrade,HTTP2-Settings "
    "websocket h2c AAMAAABkAARAAAAAAAIAAAAA 100-continue no-cache trailers X-A,X-B Content-Length h a:80 \xa0 \x7f é"
).split(" ")
BODIES = (
    b"",
    b"hello",
    b"hello and more",
    b"5\r\nhello\r\n0\r\n\r\n",
    b"5;ext=1\r\nhello\r\n0\r\nX-A: 1\r\nX-C: 2\r\n\r\n",
    b"0005 \r\nhello\r\n0\r\n\r\n",
    b"5\nhello\n0\n\n",
    b"5\r\nhello\r\n0\r\nX-A: 1\n\r\n",
    b"5\r\nhello\r\n0\r\n X: 1\r\n\r\n",
    b"5\r\nhello\r\n0\r\nContent-Length: 9\r\n\r\n",
    b"5\r\nhelloXX0\r\n\r\n",
    b"x\r\n",
    b"ffffffffffffffffff\r\n",
)
FOLDS = ("\r\n ", "\r\n\t", "\n ", "\r", "\n", "\r\n", "\0", "\x0b")

strings = st.binary(max_size=8).map(from_bytes)
values = st.sampled_from(VALUES) | strings | st.builds("{}{}{}".format, strings, st.sampled_from(FOLDS), strings)
names = st.sampled_from(NAMES) | strings
some_fields = st.lists(st.tuples(names, values), max_size=4)
methods = st.sampled_from("GET POST HEAD PUT OPTIONS CONNECT PATCH M-SEARCH SOURCE PRI get X! POSTX".split()) | strings
targets = (
    st.sampled_from(
        "/ /a /a?b#c * http://h/x http://h //h/x /%zz /%41 h:80 /a{b} ?x #x /\x7f foo:bar http://[::1".split()
    )
    | strings
    | strings.map("/".__add__)
)
bodies = st.sampled_from(BODIES) | st.binary(max_size=12)


def framed(method: str, fields: list[tuple[str, str]], body: bytes) -> Request:
    return Request(method, "/v1/m", [("Host", "h"), *fields, ("Content-Length", str(len(body)))], body)


def chunked(fields: list[tuple[str, str]], body: bytes) -> Request:
    return Request("POST", "/v1/m", [("Host", "h"), ("Transfer-Encoding", "chunked"), *fields], body)


requests = (
    st.builds(framed, methods, some_fields, bodies)
    | st.builds(chunked, some_fields, bodies)
    | st.builds(Request, methods, targets, some_fields.map([("Host", "h")].__add__), bodies, st.just(False))
    | st.builds(Request, methods, targets, some_fields, bodies, st.just(False))
)
cuts = st.lists(st.integers(0, 150), max_size=6)


class Read(NamedTuple):
    """The requests of a connection. `refused` is True if it cannot go on."""

    delivered: list[Incoming]
    refused: bool

    @property
    def first(self) -> ServerRequest | None:
        return self.delivered[0].received if self.delivered else None


def written(request: Request) -> bytes:
    lines = [f"{request.method} {request.target} HTTP/1.1\r\n", *(f"{n}: {v}\r\n" for n, v in request.headers), "\r\n"]
    return to_bytes("".join(lines)) + request.body


def read(data: bytes, places: list[int]) -> Read:
    delivered: list[Incoming] = []
    refused: list[str] = []
    reader = RequestReader(delivered.append, refused.append, lambda: None, lambda _: refused.append("HTTP/2"))
    edges = sorted({0, len(data), *(min(place, len(data)) for place in places)})
    for start, end in itertools.pairwise(edges):
        reader.feed(data[start:end])
    return Read([incoming._replace(known=None) for incoming in delivered], bool(refused))


@given(requests, cuts)
def test_requests_read_as_the_pure_function_reads_them(request: Request, places: list[int]) -> None:
    got = read(written(request), places).first
    if got is not None:
        got = None if is_probe(got) else with_forwarded(got)
    assert got == receive(request)


@given(requests, cuts)
def test_the_parts_make_no_difference(request: Request, places: list[int]) -> None:
    assert read(written(request), places) == read(written(request), [])


@given(requests, cuts)
def test_a_request_sent_ahead_reads_as_it_does_alone(request: Request, places: list[int]) -> None:
    before = Request("POST", "/a", [("Host", "h"), ("Content-Length", "2")], b"ok")
    alone, behind = read(written(request), places), read(written(before) + written(request), places)
    assert behind.first == receive(before)
    assert (behind.delivered[1:], behind.refused) == alone


@given(requests, cuts, st.booleans())
def test_a_connection_goes_on_after_a_request_to_upgrade(request: Request, places: list[int], twice: bool) -> None:
    upgrade = Request("GET", "/a", [("Host", "h"), ("Connection", "Upgrade"), ("Upgrade", "websocket")])
    before = written(upgrade) * (1 + twice)
    alone, behind = read(written(request), places), read(before + written(request), places)
    assert behind.first == receive(upgrade)
    assert (behind.delivered[1 + twice :], behind.refused) == alone


def ends(request: Request) -> bool:
    """Check whether another request can follow."""
    reader = RequestReader(lambda _: None, lambda _: None, lambda: None, lambda _: None)
    reader.feed(written(request))
    return reader.progress()[0] == "idle"


@given(requests, requests, cuts)
def test_a_head_that_comes_again_reads_as_the_first_time(first: Request, second: Request, places: list[int]) -> None:
    alone = [read(written(request), []) for request in (first, second)]
    order = (0, 0, 1, 0)
    if all(map(ends, (first, second))) and all(one.delivered[0].keep_alive for one in alone):
        data = b"".join(written((first, second)[number]) for number in order)
        assert read(data, places) == Read([alone[number].delivered[0] for number in order], refused=False)
