"""One exchange as the agent's proxy sees it: what Go's HTTP server makes of a request, and what the model's answer becomes.

Source: net/http and x/net/http2 (Go 1.25), Knative's Drainer and ForwardedShimHandler, pkg/batcher and pkg/logger/handler.go.
Header values are `str`; bytes that are not UTF-8 are lone surrogates.
"""

import gzip
import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from isvclog.kserve.golang import url as gourl
from isvclog.kserve.golang.http import canonical_header, valid_header_name, valid_header_value
from isvclog.kserve.golang.strings import trim_space

Headers = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Request:
    """As the client sends it: every header, in order. `body` is what follows the header block, chunk framing included."""

    method: str
    target: str
    headers: Headers
    body: bytes = b""
    http2: bool = False


@dataclass(frozen=True, slots=True)
class Response:
    """The model's answer, with the chunk framing already removed. `truncated`: the connection broke inside the body."""

    status: int
    headers: Headers = ()
    body: bytes = b""
    truncated: bool = False


@dataclass(frozen=True, slots=True)
class Received:
    """A request inside the agent: canonical header names with their values in order of arrival, and the whole body."""

    method: str
    path: str
    headers: Mapping[str, tuple[str, ...]]
    body: bytes

    def get(self, name: str) -> str:
        """The first value, or the empty string (http.Header.Get)."""
        return (self.headers.get(name) or ("",))[0]


def receive(request: Request) -> Received | None:
    """The request as the logger gets it, or None where it never reaches it: answered with 4xx, or a probe."""
    headers: dict[str, list[str]] = {}
    for name, value in request.headers:
        if name.startswith(":"):
            continue
        # textproto trims HTTP/1 values; HTTP/2 values arrive as they are.
        value = value if request.http2 else value.strip(" \t")
        if not valid_header_name(name) or not valid_header_value(value):
            return None
        headers.setdefault(canonical_header(name), []).append(value)
    body = _body(request, headers)
    if body is None:
        return None
    _tidy(headers, request.http2)
    received = Received(request.method, _path(request.target), {k: tuple(v) for k, v in headers.items()}, body)
    if _is_probe(received):
        return None
    return _with_forwarded(received)


def _body(request: Request, headers: dict[str, list[str]]) -> bytes | None:
    """The body, or None where the server answers 4xx instead of passing the request on."""
    if request.http2:
        lengths = headers.get("Content-Length", [])
        return request.body if not lengths or lengths[0] == str(len(request.body)) else None
    if len(headers.get("Host", ())) > 1 or headers.get("Expect", ["100-continue"])[0].lower() != "100-continue":
        return None
    encodings = headers.get("Transfer-Encoding")
    if encodings:
        headers.pop("Content-Length", None)
        return _dechunk(request.body) if [e.lower() for e in encodings] == ["chunked"] else None
    lengths = list(dict.fromkeys(headers.get("Content-Length", ())))
    if not lengths:
        return b""
    if len(lengths) > 1 or not re.fullmatch(r"[0-9]+", lengths[0]) or int(lengths[0]) > len(request.body):
        return None
    headers["Content-Length"] = lengths
    return request.body[: int(lengths[0])]


def _dechunk(data: bytes) -> bytes | None:
    """The payload of a chunked body, None when it is malformed or incomplete."""
    body = b""
    while True:
        line, newline, data = data.partition(b"\n")
        size = line.rstrip(b"\r").partition(b";")[0].rstrip(b" \t")
        if not newline or not re.fullmatch(rb"[0-9A-Fa-f]{1,16}", size):
            return None
        length = int(size, 16)
        if length == 0:
            # Trailers and the final empty line; without them the body is incomplete.
            return body if data.startswith((b"\r\n", b"\n")) or re.search(rb"\r?\n\r?\n", data) else None
        if len(data) < length + 2 or data[length : length + 2] != b"\r\n":
            return None
        body, data = body + data[:length], data[length + 2 :]


def _tidy(headers: dict[str, list[str]], http2: bool) -> None:
    """What the server takes out of the header map, and what it adds."""
    for name in ("Transfer-Encoding", "Trailer") if http2 else ("Host", "Transfer-Encoding", "Trailer"):
        headers.pop(name, None)
    if http2:
        if len(headers.get("Cookie", ())) > 1:
            headers["Cookie"] = ["; ".join(headers["Cookie"])]
        if "100-continue" in headers.get("Expect", ()):
            del headers["Expect"]
    elif headers.get("Pragma", [""])[0] == "no-cache" and "Cache-Control" not in headers:
        headers["Cache-Control"] = ["no-cache"]


def _path(target: str) -> str:
    try:
        return gourl.parse(target).path
    except gourl.UrlError:
        return target


def _is_probe(received: Received) -> bool:
    """Knative's Drainer answers probes itself; the kubelet's own go past the logger."""
    agent = received.get("User-Agent")
    return agent.startswith(("kube-probe/", "Knative-Activator-Probe")) or received.get("K-Network-Probe") == "probe"


def _with_forwarded(received: Received) -> Received:
    """Knative's ForwardedShimHandler: a `Forwarded` header made of the X-Forwarded-* ones, where there is none."""
    if trim_space(received.get("Forwarded")):
        return received
    nodes = [trim_space(node) for node in trim_space(received.get("X-Forwarded-For")).split(",")]
    # "For simplicity, an address is IPv6 if there's a ':'" (forwarded_shim.go).
    nodes = [f'"[{node}]"' if ":" in node else node for node in nodes]
    pairs = [f"for={nodes[0]}"] if nodes[0] else []
    for key, header in (("host", "X-Forwarded-Host"), ("proto", "X-Forwarded-Proto")):
        if value := trim_space(received.get(header)):
            pairs.append(f"{key}={value}")
    forwarded = ", ".join([";".join(pairs), *(f"for={node}" for node in nodes[1:])])
    if not forwarded:
        return received
    headers = {**received.headers, "Forwarded": (forwarded,)}
    return Received(received.method, received.path, headers, received.body)


def logged_response(received: Received, response: Response | None, batcher: bool) -> bytes | None:
    """The body of the response event, or None where the agent logs no response."""
    if response is None or response.status != 200 or response.truncated:
        return None
    if batcher and received.path.endswith(":predict"):
        # The batcher answers without WriteHeader, so the status that the logger sees stays 0.
        return None
    if received.method == "HEAD":
        return b""
    encoding = next((v for n, v in response.headers if canonical_header(n) == "Content-Encoding"), "")
    asked = received.get("Accept-Encoding") or received.get("Range")
    if encoding.lower() != "gzip" or asked or not response.body:
        return response.body
    try:
        # Where the client did not ask for an encoding, the agent's transport does, and unpacks the answer.
        return gzip.decompress(response.body)
    except (OSError, EOFError, zlib.error):
        return None
