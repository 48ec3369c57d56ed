"""HTTP/2 requests as Go's `x/net/http2` server reads them."""

from collections.abc import Iterable, Sequence

from isvclog.kserve.golang.http import canonical_header, valid_header_name, valid_header_value
from isvclog.kserve.golang.httpserver import (
    MAX_HEADER_BYTES,
    RequestError,
    ServerRequest,
    has_token,
    request_path,
)
from isvclog.kserve.golang.strings import from_bytes, to_bytes
from isvclog.kserve.golang.textproto import Header, trim
from isvclog.kserve.golang.transfer import NO_TRAILERS, parse_length

_OF_CONNECTIONS = ("Connection", "Keep-Alive", "Proxy-Connection", "Transfer-Encoding", "Upgrade")
_PSEUDO = (":method", ":scheme", ":authority", ":path")
_OVERHEAD = 32


class BadRequest(RequestError):
    """The server answers with status 400 by itself. After every other RequestError it resets the stream."""


def read_request(method: str, target: str, fields: Sequence[tuple[str, str]], body: bytes) -> ServerRequest:
    """Build the request that a handler gets; raise RequestError, or another GoError if a part cannot be read.

    `fields` may begin with `:authority`, and names are sent in lower case, as every client does.
    """
    received = read_head(method, target, fields)
    lengths = received.header.get("Content-Length")
    if body and lengths and parse_length(lengths[0]) != len(body):
        raise RequestError("request declared another Content-Length")
    return received._replace(body=body)


def read_head(method: str, target: str, fields: Sequence[tuple[str, str]]) -> ServerRequest:
    """Build a request whose body has not arrived; raise RequestError, or another GoError if a part cannot be read."""
    if not method or method == "CONNECT" or not valid_header_value(method):
        raise RequestError("malformed request")
    _check_size([(":method", method), (":scheme", "http"), (":path", target), *fields])
    authority, header = _read_fields(fields)
    path = _path(target)
    host = authority or header.get("Host", [""])[0]
    if "@" in host:
        raise RequestError("userinfo_in_authority")
    _check_header(header)
    _tidy(header)
    return ServerRequest(method, path, header, trailers=_trailers(header), http2=True, host=host)


def read_fields(fields: Iterable[tuple[bytes, bytes]]) -> tuple[str, str, list[tuple[str, str]]]:
    """Read the fields of a HEADERS frame: the method, the target, and the fields that `read_head` takes.

    Raises RequestError if a name has a capital letter or if pseudo-header fields are unknown, repeated, out of place or
    missing (x/net/http2, `checkPseudos`).
    """
    pseudo: dict[str, str] = {}
    rest: list[tuple[str, str]] = []
    for name, value in ((from_bytes(name), from_bytes(value)) for name, value in fields):
        if not name.startswith(":"):
            if name != name.lower():
                raise RequestError(f"invalid header field name {name}")
            rest.append((name, value))
        elif rest or name in pseudo or name not in _PSEUDO:
            raise RequestError(f"invalid pseudo-header {name}")
        else:
            pseudo[name] = value
    if pseudo.get(":scheme") not in ("http", "https"):
        raise RequestError("malformed request")
    authority = [(":authority", pseudo[":authority"])] if ":authority" in pseudo else []
    return pseudo.get(":method", ""), pseudo.get(":path", ""), authority + rest


def read_trailers(announced: Iterable[str], fields: Iterable[tuple[bytes, bytes]]) -> tuple[tuple[str, str], ...]:
    """Read the fields after a body. Go keeps those that were announced; RequestError if a field may not be there."""
    texts = [(from_bytes(name), from_bytes(value)) for name, value in fields]
    if not all(valid_header_name(name) and valid_header_value(value) for name, value in texts):
        raise RequestError("invalid trailer")
    names = frozenset(announced)
    return tuple((canonical_header(name), value) for name, value in texts if canonical_header(name) in names)


def _path(target: str) -> str:
    if not target.startswith("/") and target != "*":
        raise RequestError("bad_path")
    return request_path(target)


def _check_size(fields: Sequence[tuple[str, str]]) -> None:
    """Raise RequestError if the fields are too large.

    RFC 9113 adds 32 bytes to each field, and Go allows for ten of them.
    """
    if sum(len(to_bytes(name + value)) + _OVERHEAD for name, value in fields) > MAX_HEADER_BYTES + 10 * _OVERHEAD:
        raise RequestError("request header fields too large")


def _read_fields(fields: Sequence[tuple[str, str]]) -> tuple[str, Header]:
    authorities: list[str] = []
    header: Header = {}
    for name, value in fields:
        if not valid_header_value(value):
            raise RequestError(f"invalid header field value for {name}")
        if name == ":authority" and not header and not authorities:
            authorities.append(value)
        elif valid_header_name(name):
            header.setdefault(canonical_header(name), []).append(value)
        else:
            raise RequestError(f"invalid header field name {name}")
    return "".join(authorities), header


def _check_header(header: Header) -> None:
    for name in _OF_CONNECTIONS:
        if name in header:
            raise BadRequest(f'request header "{name}" is not valid in HTTP/2')
    if header.get("Te", ["trailers"]) not in (["trailers"], [""]):
        raise BadRequest('request header "TE" may only be "trailers" in HTTP/2')


def _tidy(header: Header) -> None:
    if has_token(header.get("Expect", ()), "100-continue"):
        del header["Expect"]
    if len(header.get("Cookie", ())) > 1:
        header["Cookie"] = ["; ".join(header["Cookie"])]


def _trailers(header: Header) -> tuple[str, ...]:
    """Remove the `Trailer` header, and list the announced names, even an empty one, that may be trailers."""
    names = [canonical_header(trim(name)) for value in header.pop("Trailer", ()) for name in value.split(",")]
    return tuple(name for name in dict.fromkeys(names) if name not in NO_TRAILERS)
