"""Requests to the model and answers to the client, as the agent's reverse proxy passes them on.

Source: net/http/httputil.ReverseProxy (Go 1.25) with a Director, behind Knative's handlers (cmd/agent/main.go).
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from operator import itemgetter

from isvclog.kserve.agent.http_exchange import asks_for_gzip
from isvclog.kserve.golang import url as gourl
from isvclog.kserve.golang.http import canonical_header, valid_header_name, valid_host, written_value
from isvclog.kserve.golang.httpclient import HttpError, host_header
from isvclog.kserve.golang.httpserver import ServerRequest, has_token
from isvclog.kserve.golang.strconv import quote
from isvclog.kserve.golang.strings import to_bytes
from isvclog.kserve.golang.textproto import Header, trim
from isvclog.kserve.golang.transfer import NO_TRAILERS

Fields = Sequence[tuple[str, str]]

HOP_BY_HOP = frozenset(
    (
        "Connection",
        "Proxy-Connection",
        "Keep-Alive",
        "Proxy-Authenticate",
        "Proxy-Authorization",
        "Te",
        "Trailer",
        "Transfer-Encoding",
        "Upgrade",
    )
)
_WRITTEN_FIRST = frozenset(("User-Agent", "Content-Length"))
_NOT_IN_HTTP2 = _WRITTEN_FIRST | {"Host", "Upgrade", "Connection"}
_ALWAYS_WITH_LENGTH = frozenset(("POST", "PUT", "PATCH"))


def model_head(
    received: ServerRequest, target: str, host: str, client: str, trailers: Fields | None = None, model: str = ""
) -> bytes:
    """Encode the head of the HTTP/1.1 request that the model gets; raise HttpError if Go's transport does not send it.

    The body follows: that of the request or, if it has trailers, `chunked_body`.
    `target` is the target as the client sent it, `host` the client's Host header, `client` its IP address. `trailers`
    are the fields after a chunked body, None if the body has a length. `model` is the model's address (`host:port`),
    which replaces a Host header that is empty.
    """
    header: Mapping[str, list[str]] = received.header
    if not HOP_BY_HOP.isdisjoint(header):
        header = _end_to_end(header)
    path, authority = _destination(received.method == "CONNECT", target, host)
    lines = [f"{received.method} {path} HTTP/1.1\r\nHost: {model if authority is None else authority}\r\n"]
    if agent := received.get("User-Agent"):
        lines.append(f"User-Agent: {agent}\r\n")
    lines.append(_framing(received, is_chunked=trailers is not None))
    hops = ", ".join([*header.get("X-Forwarded-For", ()), client])
    header = {**header, "X-Forwarded-For": [hops]}
    for name in sorted(header):
        if name not in _WRITTEN_FIRST:
            lines += [f"{name}: {written_value(value)}\r\n" for value in header[name]]
    if asks_for_gzip(received):
        lines.append("Accept-Encoding: gzip\r\n")
    lines.append("\r\n")
    return to_bytes("".join(lines))


def _framing(received: ServerRequest, *, is_chunked: bool) -> str:
    if is_chunked:
        return f"Transfer-Encoding: chunked\r\n{_announcement(received.trailers)}"
    size = len(received.body)
    return f"Content-Length: {size}\r\n" if size or received.method in _ALWAYS_WITH_LENGTH else ""


def chunked_body(body: bytes, trailers: Fields) -> bytes:
    """Encode a body as one chunk, with its trailers in the order of their names."""
    lines = "".join(f"{name}: {written_value(value)}\r\n" for name, value in sorted(trailers, key=itemgetter(0)))
    first = b"%x\r\n%b\r\n" % (len(body), body) if body else b""
    return first + b"0\r\n" + to_bytes(lines) + b"\r\n"


def model_fields(received: ServerRequest, target: str, client: str, model: str = "") -> list[tuple[bytes, bytes]]:
    """Build the fields of the HTTP/2 request that the model gets; raise HttpError if Go's transport does not send it.

    The arguments are those of `model_head`. Go writes the fields in a random order; here they are sorted. A Cookie
    header becomes a field for each cookie.
    """
    header: Mapping[str, list[str]] = received.header
    if not HOP_BY_HOP.isdisjoint(header):
        header = _end_to_end(header)
    path, authority = _destination(False, target, received.host)
    if not valid_host("".join(filter(str.isascii, received.host))):
        raise HttpError("http2: invalid Host header")
    fields = [
        (":authority", model if authority is None else authority),
        (":method", received.method),
        (":path", path),
        (":scheme", "http"),
    ]
    if received.trailers:
        fields.append(("trailer", ",".join(sorted(received.trailers))))
    hops = ", ".join([*header.get("X-Forwarded-For", ()), client])
    header = {**header, "X-Forwarded-For": [hops]}
    for name in sorted(header.keys() - _NOT_IN_HTTP2):
        values = header[name]
        if name == "Cookie":
            values = [part for value in values for part in value.split("; ")]
        fields += [(name.lower(), value) for value in values]
    if agent := received.get("User-Agent"):
        fields.append(("user-agent", agent))
    if "Content-Length" in header if received.body else received.method in _ALWAYS_WITH_LENGTH:
        fields.append(("content-length", str(len(received.body))))
    if asks_for_gzip(received):
        fields.append(("accept-encoding", "gzip"))
    return [(to_bytes(name), to_bytes(value)) for name, value in fields]


def _announcement(names: Sequence[str]) -> str:
    if not names:
        return ""
    for name in names:
        if name in NO_TRAILERS or not valid_header_name(name):
            raise HttpError(f"invalid Trailer key {quote(name)}")
    return f"Trailer: {','.join(sorted(names))}\r\n"


@lru_cache(maxsize=1024)  # clients of a model use few targets
def _destination(connect: bool, target: str, host: str) -> tuple[str, str | None]:
    """Build the target that the model gets, and the Host header, None if the client sent none.

    `connect` is True if the target may be only a host.
    """
    target = target.replace("#", "%23")  # a request has no fragment
    if target.startswith("/"):
        url = gourl.parse(f"http://h{target}")  # two slashes begin no host here
    else:
        url = gourl.parse(f"http://{target}" if connect else target)._replace(scheme="http")
        host = url.host or host
    if not url.path.startswith("/"):
        url = url._replace(path=f"/{url.path}")
    return url.request_uri(), host_header(host) if host else None


def _end_to_end(header: Mapping[str, list[str]]) -> Header:
    """Drop the headers of the connection, but for an upgrade and `Te: trailers`."""
    connection = header.get("Connection", ())
    listed = {canonical_header(trim(name)) for value in connection for name in value.split(",")}
    kept = {name: values for name, values in header.items() if name not in HOP_BY_HOP and name not in listed}
    if has_token(header.get("Te", ()), "trailers"):
        kept["Te"] = ["trailers"]
    if has_token(connection, "Upgrade"):
        protocol = header.get("Upgrade", [""])[0]
        if not all(" " <= char <= "~" for char in protocol):
            raise HttpError(f"client tried to switch to invalid protocol {quote(protocol)}")
        if protocol:
            kept |= {"Connection": ["Upgrade"], "Upgrade": [protocol]}
    return kept
