"""One exchange through the agent: what Go's server and the agent's proxy change, and what the logger gets of it.

Source: net/http and x/net/http2 (Go 1.25), Knative's Drainer and ForwardedShimHandler, pkg/logger/handler.go,
net/http/httputil.ReverseProxy with Knative's NewAutoTransport, and pkg/batcher. Header values are `str`; bytes that are
not UTF-8 are lone surrogates.
"""

from collections.abc import Sequence

from isvclog.kserve.golang import httpserver
from isvclog.kserve.golang.errors import GoError
from isvclog.kserve.golang.http import canonical_header, valid_header_name, valid_header_value, valid_host
from isvclog.kserve.golang.httpserver import ServerRequest, has_token
from isvclog.kserve.golang.strconv import quote
from isvclog.kserve.golang.strings import to_bytes, trim_space
from isvclog.kserve.golang.textproto import Header, read_mime_header, trim
from isvclog.kserve.golang.transfer import (
    NO_TRAILERS,
    TransferError,
    announced_trailers,
    content_length,
    is_chunked,
    parse_length,
)
from isvclog.records import NamedTuple

_FORWARDING = ("X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto")

_FINAL = range(200, 1000)
_BODILESS = (204, 304)
"""The final statuses whose answers have no body (bodyAllowedForStatus of net/http)."""

Headers = Sequence[tuple[str, str]]


class Request(NamedTuple):
    """A request as the client sends it, with every header in order.

    `body` is everything after the header block, including chunk framing. Over HTTP/2, the header `:authority` replaces
    `Host`, and names are sent in lower case, however they are written here.
    """

    method: str
    target: str
    headers: Headers
    body: bytes = b""
    http2: bool = False


class Response(NamedTuple):
    """The model's answer, with the chunk framing already removed.

    `truncated` is true if the connection broke after `body`. If there is neither `Content-Length` nor
    `Transfer-Encoding`, HTTP/1.1 takes that for the end of the answer.
    """

    status: int
    headers: Headers = ()
    body: bytes = b""
    truncated: bool = False


def receive(request: Request) -> ServerRequest | None:
    """Return the request as the logger gets it, or None if it never arrives: it is malformed, cut short, or a probe."""
    read = _read_http2_request if request.http2 else httpserver.read_request
    try:
        received = read(request.method, request.target, request.headers, request.body)
    except GoError:
        return None
    return None if is_probe(received) else with_forwarded(received)


# What few exchanges need is imported with the first of them.
def _read_http2_request(method: str, target: str, fields: Sequence[tuple[str, str]], body: bytes) -> ServerRequest:
    from isvclog.kserve.golang.http2server import read_request

    return read_request(method, target, fields, body)


def is_probe(received: ServerRequest) -> bool:
    """Recognize a probe: Knative's Drainer answers it, and the kubelet's own probes bypass the logger."""
    agent = received.get("User-Agent")
    return agent.startswith(("kube-probe/", "Knative-Activator-Probe")) or received.get("K-Network-Probe") == "probe"


def probe_answer(received: ServerRequest) -> tuple[int, str]:
    """Return the status and the text with which Knative's Drainer answers a probe."""
    header = received.get("K-Network-Probe")
    return (200, "queue") if header == "queue" else (400, f"unexpected probe header value: {quote(header)}")


def with_forwarded(received: ServerRequest) -> ServerRequest:
    """Add a `Forwarded` header made of the X-Forwarded-* headers if there is none (Knative's ForwardedShimHandler)."""
    if not any(name in received.header for name in _FORWARDING):
        return received
    addresses, host, proto = map(received.get, _FORWARDING)
    if received.get("Forwarded") or not (addresses or host or proto):
        return received
    return received._replace(header={**received.header, "Forwarded": [_forwarded(addresses, host, proto)]})


def _forwarded(addresses: str, host: str, proto: str) -> str:
    """Format a `Forwarded` header as Knative does, including its mistakes.

    An empty first address gets no separator, and an empty last address is dropped.
    """
    first, *others = [trim_space(node) for node in addresses.split(",")]
    if addresses.endswith(","):
        others.pop()
    text = f"for={_node(first)}" if addresses else ""
    if host:
        text += f"{';' if first else ''}host={host}"
    if proto:
        text += f"{';' if first or host else ''}proto={proto}"
    return text + "".join(f", for={_node(node)}" for node in others)


def _node(address: str) -> str:
    """Format one address; an address with a colon is taken for IPv6."""
    return f'"[{address}]"' if ":" in address else address


def logged_response(
    received: ServerRequest, response: Response | None, batcher: bool, *, any_status: bool = False
) -> bytes | None:
    """Return the body of the response event, or None if the agent logs no response.

    `response` is None if the model refused the connection. `batcher` is True if a batcher hides the answers to
    `:predict`. With `any_status`, answers with another status than 200 are logged, too (what a batcher or the proxy
    itself answers is not known then).
    """
    if response is None or response.status not in (_FINAL if any_status else (200,)) or not _passes(received):
        return None
    if batcher and _is_batched(received):
        # The batcher answers without WriteHeader, so the status that the logger sees stays 0.
        return None
    if response.status in _BODILESS:
        return b""
    try:
        header, body = (_read_http2 if received.http2 else _read_http1)(received, response)
        return _decompress(body) if body and asks_for_gzip(received) and _is_gzip(header) else body
    except GoError:
        return None


def _is_batched(received: ServerRequest) -> bool:
    from isvclog.kserve.agent.batcher import is_batched

    return is_batched(received)


def _decompress(body: bytes) -> bytes:
    from isvclog.kserve.golang.gzip import decompress

    return decompress(body)


def _passes(received: ServerRequest) -> bool:
    """Check whether the proxy sends the request to the model at all; the request is logged before that."""
    if not all(valid_header_name(name) and name not in NO_TRAILERS for name in received.trailers):
        return False
    if received.http2:
        if received.trailers and not received.body:
            return False  # it arrives but never ends: x/net/http2 announces trailers and sends none
        # Other characters than ASCII become punycode.
        return valid_host("".join(filter(str.isascii, received.host)))
    upgrading = has_token(received.header.get("Connection", ()), "Upgrade")
    return not upgrading or all(" " <= char <= "~" for char in received.get("Upgrade"))


def asks_for_gzip(received: ServerRequest) -> bool:
    """Check whether the agent's transport asks for gzip and decompresses the answer.

    It does if the client asks neither for an encoding nor for a part of the answer.
    """
    header = received.header
    if received.method == "HEAD":
        return False
    if received.http2:
        return "Accept-Encoding" not in header and "Range" not in header
    if "Connection" not in header:
        return not (received.get("Accept-Encoding") or received.get("Range"))
    # The proxy drops what `Connection` lists.
    dropped = {canonical_header(trim(name)) for value in header.get("Connection", ()) for name in value.split(",")}
    return not any(received.get(name) for name in {"Accept-Encoding", "Range"} - dropped)


def _is_gzip(header: Header) -> bool:
    encoding = header.get("Content-Encoding", [""])[0]
    return encoding.isascii() and encoding.lower() == "gzip"


def _read_http1(received: ServerRequest, response: Response) -> tuple[Header, bytes]:
    """Parse the answer's header and body; raise a GoError if the proxy answers 502 instead, or breaks off."""
    head = to_bytes("".join(f"{name}: {value}\r\n" for name, value in response.headers) + "\r\n")
    header, body = read_mime_header(head + response.body)
    chunked, length = is_chunked(header), content_length(header)
    if chunked:
        announced_trailers(header)
    if received.method == "HEAD":
        return header, b""
    if not chunked:
        if len(body) < (length or 0):
            raise TransferError("unexpected EOF")
        return header, body[:length]
    if response.truncated:
        raise TransferError("unexpected EOF")
    return header, body


def _read_http2(received: ServerRequest, response: Response) -> tuple[Header, bytes]:
    header: Header = {}
    for name, value in response.headers:
        if not valid_header_name(name) or not valid_header_value(value):
            raise TransferError(f"stream error: invalid header field {name}")
        header.setdefault(canonical_header(name), []).append(value)
    if received.method == "HEAD":
        return header, b""
    lengths = header.get("Content-Length", [])
    length = parse_length(lengths[0]) if len(lengths) == 1 else None
    if response.truncated or length not in (None, len(response.body)):
        raise TransferError("unexpected EOF")
    return header, response.body
