"""One exchange as the agent sees it, and the part of Go's server that changes a request before the logger gets it.

Source: net/http and x/net/http2 (Go 1.25), Knative's Drainer and ForwardedShimHandler, pkg/logger/handler.go. Header
values are `str`; bytes that are not UTF-8 are lone surrogates.
"""

from collections.abc import Sequence
from typing import NamedTuple

from isvclog.kserve.golang import http2server, httpserver
from isvclog.kserve.golang.errors import GoError
from isvclog.kserve.golang.httpserver import ServerRequest
from isvclog.kserve.golang.strings import trim_space

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
    read = http2server.read_request if request.http2 else httpserver.read_request
    try:
        received = read(request.method, request.target, request.headers, request.body)
    except GoError:
        return None
    return None if _is_probe(received) else _with_forwarded(received)


def _is_probe(received: ServerRequest) -> bool:
    """Recognize a probe: Knative's Drainer answers it, and the kubelet's own probes bypass the logger."""
    agent = received.get("User-Agent")
    return agent.startswith(("kube-probe/", "Knative-Activator-Probe")) or received.get("K-Network-Probe") == "probe"


def _with_forwarded(received: ServerRequest) -> ServerRequest:
    """Add a `Forwarded` header made of the X-Forwarded-* headers if there is none (Knative's ForwardedShimHandler)."""
    addresses, host, proto = (received.get(f"X-Forwarded-{name}") for name in ("For", "Host", "Proto"))
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
