"""Whatever a client or a model sends, the prediction holds together: it never fails, and what it predicts is HTTP."""

import email.parser
import email.policy
import gzip
from typing import Any

from exchanges import NEW_ID, OCCURRED, PROBE, RECORDED, RELEASE
from hypothesis import given
from hypothesis import strategies as st

from isvclog.kserve.agent import startup as agent
from isvclog.kserve.agent.http_exchange import Request, Response, receive
from isvclog.kserve.agent.settings import AgentSettings
from isvclog.kserve.golang.chunked import read_chunks
from isvclog.kserve.golang.gzip import decompress
from isvclog.kserve.golang.http import canonical_header
from isvclog.kserve.golang.strings import from_bytes
from isvclog.kserve.logger.dispatcher import Delivery, dispatch
from isvclog.kserve.logger.events import CloudEvent, LogRequest, log_exchange

NAMES = (
    "Host :authority Content-Length Transfer-Encoding Trailer Connection Upgrade HTTP2-Settings Expect Pragma TE "
    "Cookie Forwarded X-Forwarded-For X-Forwarded-Host X-Forwarded-Proto User-Agent K-Network-Probe Content-Type "
    "Ce-Id Accept-Encoding Range Content-Encoding X-Request-Id x-request-id"
).split()
VALUES = (
    "1 5 chunked gzip identity close,Range Upgrade,HTTP2-Settings websocket h2c 100-continue no-cache trailers "
    "X-Request-Id application/json text/plain;charset ::1,a, probe kube-probe/1.31 a\r\n\tb \xa0 \x7f"
).split(" ")
URLS = (
    "http://sink.example/",
    "https://u:p@[fe80::1%25eth0]:8443/a?b#c",
    "http://h:99999/",
    "#",
    "s3://b/%ff",
    "gs:///p",
)

strings = st.binary(max_size=12).map(from_bytes)
headers = st.lists(st.tuples(st.sampled_from(NAMES) | strings, st.sampled_from(VALUES) | strings), max_size=6)
bodies = (
    st.sampled_from((b"", b"hello", b"5\r\nhello\r\n0\r\nX-A: 1\r\n\r\n", gzip.compress(b"hello", mtime=0)))
    | st.binary()
)
wild_requests = st.builds(
    Request,
    st.sampled_from(("POST", "GET", "HEAD", "OPTIONS", "CONNECT")) | strings,
    st.sampled_from(("/v1/models/iris:predict", "*", "http://h/x", "/%zz")) | strings,
    headers,
    bodies,
    st.booleans(),
)
wild_responses = st.builds(Response, st.integers(-1, 1000), headers, bodies, st.booleans())


def _framed(http2: bool, some: list[tuple[str, str]], body: bytes) -> Request:
    first = (":authority", "h") if http2 else ("Host", "h")
    return Request("POST", "/v1/models/iris:predict", [first, ("Content-Length", str(len(body))), *some], body, http2)


TAME = (
    "X-Request-Id",
    "x-request-id",
    "Ce-Id",
    "Content-Type",
    "X-Forwarded-For",
    "Cookie",
    "Accept-Encoding",
    "Pragma",
)
tame_headers = st.lists(st.tuples(st.sampled_from(TAME), st.text("a1 ,/;=:é\xa0", max_size=6)), max_size=4)
requests = st.builds(_framed, st.booleans(), tame_headers, bodies) | wild_requests
responses = st.none() | st.builds(Response, st.just(200), tame_headers, bodies) | wild_responses


def settings(**changes: str) -> AgentSettings:
    flags: dict[str, str] = {
        "log-url": URLS[0],
        "inference-service": "iris",
        "namespace": "ns",
        "component": "predictor",
        **{name.replace("_", "-"): value for name, value in changes.items()},
    }
    started = agent.start([f"--{name}={value}" for name, value in flags.items()], PROBE, RELEASE).settings
    assert started is not None
    return started


def deliver(logger: AgentSettings, request: Request, response: Response | None) -> tuple[list[LogRequest], Delivery]:
    logged = log_exchange(logger, request, response, new_id=NEW_ID, occurred_ns=OCCURRED)
    return logged, dispatch(logger, logged, recorded_ns=RECORDED)


@given(requests, responses, st.sampled_from(URLS), st.booleans())
def test_every_log_request_is_sent_stored_or_dropped(
    request: Request, response: Response | None, url: str, batcher: bool
) -> None:
    logger = settings(log_url=url, log_store_path="x", enable_batcher=str(batcher))
    logged, delivery = deliver(logger, request, response)
    assert len(delivery.events) + len(delivery.uploads) + len(delivery.dropped) == len(logged)
    assert bool(logged) == (receive(request) is not None)


@given(requests, responses)
def test_a_response_is_only_logged_beside_its_request(request: Request, response: Response | None) -> None:
    logged, _ = deliver(settings(), request, response)
    assert [item.type.rpartition(".")[2] for item in logged] in ([], ["request"], ["request", "response"])
    assert len({(item.id, item.content_type, str(item.metadata)) for item in logged}) < 2


@given(requests, responses, st.dictionaries(st.text("ab/-."), st.text("ab =/é\t\x7f"), max_size=3))
def test_an_event_on_the_wire_reads_back(
    request: Request, response: Response | None, annotations: dict[str, str]
) -> None:
    pairs = ",".join(f"{key}={value}" for key, value in annotations.items())
    _, delivery = deliver(settings(metadata_annotations=pairs, metadata_headers=",".join(NAMES)), request, response)
    for event in delivery.events:
        assert read_back(event) == (f"POST {event.target} HTTP/1.1", list(event.headers), event.body)


def read_back(event: CloudEvent) -> tuple[str, list[tuple[str, str]], bytes]:
    """Read an event with the standard library's parser of mail headers, on which HTTP headers are modelled."""
    head, _, body = event.wire().partition(b"\r\n\r\n")
    line, _, block = head.partition(b"\r\n")
    policy: Any = email.policy.HTTP
    parsed = email.parser.BytesParser(policy=policy.clone(max_line_length=None)).parsebytes(block + b"\r\n\r\n", True)
    fields = [(name, from_bytes(str(value).encode("utf-8", "surrogateescape"))) for name, value in parsed.raw_items()]
    assert int(dict(fields)["Content-Length"]) == len(body)
    return from_bytes(line), fields, body


@given(
    requests,
    st.lists(st.sampled_from(NAMES) | strings.filter(lambda name: not set(name) & set('",\n\r\0')), max_size=5),
)
def test_metadata_has_canonical_names_of_the_list(request: Request, wanted: list[str]) -> None:
    logged, _ = deliver(settings(metadata_headers=",".join(wanted)), request, None)
    sent = {canonical_header(name.strip()) for name, _ in request.headers}
    for item in logged:
        for name, values in (item.metadata or {}).items():
            assert name in wanted
            assert name == canonical_header(name)
            assert name in sent | {"Forwarded", "Cache-Control"} or any("\n" in value for _, value in request.headers)
            assert values


@given(st.lists(st.binary(min_size=1, max_size=40)), st.binary())
def test_chunks_are_joined(pieces: list[bytes], rest: bytes) -> None:
    framed = b"".join(b"%x;ext\r\n%s\r\n" % (len(piece), piece) for piece in pieces)
    assert read_chunks(framed + b"0\r\n" + rest) == (b"".join(pieces), rest)


@given(st.lists(st.binary(max_size=40)))
def test_gzip_members_are_joined(pieces: list[bytes]) -> None:
    assert decompress(b"".join(map(gzip.compress, pieces))) == b"".join(pieces)


@given(st.text("a1é", max_size=8), st.text(" \t", max_size=3))
def test_http1_trims_values_and_http2_does_not(value: str, space: str) -> None:
    padded = f"{space}{value}{space}"
    for http2, seen in ((False, value), (True, padded)):
        request = Request("GET", "/", [(":authority" if http2 else "Host", "h"), ("x-a", padded)], http2=http2)
        received = receive(request)
        assert received is not None
        assert received.get("X-A") == seen
