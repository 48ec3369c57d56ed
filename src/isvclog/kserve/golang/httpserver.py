"""HTTP/1.1 requests as Go's `net/http` server behind `h2c.NewHandler` reads them."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from isvclog.kserve.golang import url as gourl
from isvclog.kserve.golang.errors import GoError
from isvclog.kserve.golang.http import valid_header_name, valid_host
from isvclog.kserve.golang.strings import to_bytes
from isvclog.kserve.golang.textproto import Header, read_mime_header
from isvclog.kserve.golang.transfer import read_body
from isvclog.kserve.golang.url import PATH, unescape
from isvclog.patterns import late_pattern
from isvclog.records import NamedTuple

MAX_HEADER_BYTES = 1 << 20
_SLOP = 4096
_CONTINUE = late_pattern(r"(?:^|(?<=[ ,\t]))100-continue(?=[ ,\t]|\Z)", re.ASCII | re.IGNORECASE)
_CHECKED = frozenset(("Pragma", "Expect", "Upgrade"))
_BASE64 = late_pattern(r"[\w-]*", re.ASCII)


class RequestError(GoError):
    """The server answers by itself or closes the connection, so no handler sees the request."""


class ServerRequest(NamedTuple):
    """`http.Request` as a handler gets it, with the body read to its end.

    `path` is decoded. `host` is what HTTP/2 calls the authority; it is empty for HTTP/1.1, where the header was checked
    already. `trailers` are the names of trailers that were announced or sent.
    """

    method: str
    path: str
    header: Header
    body: bytes = b""
    trailers: tuple[str, ...] = ()
    http2: bool = False
    host: str = ""

    def get(self, name: str) -> str:
        """Return the first value of a header, or an empty string (`http.Header.Get`)."""
        return (self.header.get(name) or ("",))[0]


def read_request(method: str, target: str, fields: Sequence[tuple[str, str]], body: bytes) -> ServerRequest:
    """Build the request that a handler gets; raise RequestError, or another GoError if a part cannot be read.

    The request arrives as `method target HTTP/1.1`, a line for each field, an empty line and the body. Values with a
    newline are continued or further lines, as on the wire.
    """
    path = handler_path(method, target)
    head = to_bytes("".join(f"{name}: {value}\r\n" for name, value in fields) + "\r\n")
    if len(to_bytes(f"{method} {target} HTTP/1.1\r\n")) + len(head) > MAX_HEADER_BYTES + _SLOP:
        raise RequestError("request header fields too large")
    header, rest = read_header(head + body)
    prepare_header(method, header)
    sent = read_body(header, rest)
    return ServerRequest(method, path, header, sent.content, sent.names)


def read_header(data: bytes) -> tuple[Header, bytes]:
    """Parse the header of a request; return it and the data after it. Raises a GoError."""
    header, rest = read_mime_header(data)
    if not all(map(valid_header_name, header)):
        raise RequestError("invalid header name")
    return header, rest


def prepare_header(method: str, header: Header, *, needs_host: bool = True) -> str:
    """Change a header to what a handler gets, and return the host that was in it. Raises RequestError.

    `needs_host` is False for HTTP/1.0.
    """
    host = _check_host(header.pop("Host", []), needs_host and method != "CONNECT")
    if not _CHECKED.isdisjoint(header):
        if header.get("Pragma", [""])[0] == "no-cache" and "Cache-Control" not in header:
            header["Cache-Control"] = ["no-cache"]
        _check_expectation(header)
        _check_upgrade(header)
    return host


def request_path(target: str) -> str:
    """Decode the path of an absolute path, an absolute URL or `*` (`url.ParseRequestURI`); raise a GoError."""
    if target.startswith("/") or target == "*":
        if any(char < " " or char == "\x7f" for char in target):
            raise RequestError("net/url: invalid control character in URL")
        return unescape(target.partition("?")[0], PATH)
    url = gourl.parse(target.replace("#", "%23"))  # a request has no fragment
    if not url.scheme:
        raise RequestError("invalid URI for request")
    return url.path


def has_token(values: Iterable[str], token: str) -> bool:
    """Check for a comma-separated element in any case, as `httpguts.HeaderValuesContainsToken` does."""
    elements = (element.strip(" \t") for value in values for element in value.split(","))
    return any(element.isascii() and element.lower() == token.lower() for element in elements)


@lru_cache(maxsize=1024)  # clients of a model use few targets
def handler_path(method: str, target: str) -> str:
    """Decode the path that a handler gets for a request line; raise a GoError if no handler gets it."""
    if not valid_header_name(method) or " " in target:
        raise RequestError("malformed request line")
    if method == "OPTIONS" and target == "*":
        raise RequestError("answered by the server")
    if method == "CONNECT" and not target.startswith("/"):
        target = f"http://{target}"
    return request_path(target)


def _check_host(hosts: Sequence[str], needed: bool) -> str:
    if len(hosts) > 1:
        raise RequestError("too many Host headers")
    if not hosts and needed:
        raise RequestError("missing required Host header")
    if hosts and not valid_host(hosts[0]):
        raise RequestError("malformed Host header")
    return hosts[0] if hosts else ""


def _check_expectation(header: Header) -> None:
    expected = header.get("Expect", [""])[0]
    if expected and not _CONTINUE.search(expected):
        raise RequestError("expectation failed")


def _check_upgrade(header: Header) -> None:
    """Raise RequestError if the settings of a request for `Upgrade: h2c` cannot be decoded.

    With valid settings, it is passed on like any other request.
    """
    if not has_token(header.get("Upgrade", ()), "h2c") or not has_token(header.get("Connection", ()), "HTTP2-Settings"):
        return
    settings = header.get("Http2-Settings", ())
    if len(settings) != 1 or len(settings[0]) % 4 == 1 or not _BASE64.fullmatch(settings[0]):
        raise RequestError("h2c: no valid HTTP2-Settings")
