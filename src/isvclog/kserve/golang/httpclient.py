"""Requests of Go's `http.Client`: the parts that it derives from a URL, and the requests that it refuses to send."""

from binascii import b2a_base64
from collections.abc import Mapping

from isvclog.kserve.golang.errors import GoError
from isvclog.kserve.golang.http import valid_header_name, valid_header_value, valid_host
from isvclog.kserve.golang.net import join_host_port, split_host_port
from isvclog.kserve.golang.strconv import quote
from isvclog.kserve.golang.strings import to_bytes
from isvclog.kserve.golang.url import URL
from isvclog.records import NamedTuple

_PORTS = {"http": "80", "https": "443"}


class HttpError(GoError):
    """The client does not send the request."""


class Outgoing(NamedTuple):
    """A request that is about to be sent: the address that the client dials (`host:port`), and what it writes.

    `target` is the second word of the request line, `host` the `Host` header. `authorization` is the header made of the
    userinfo in the URL, or None.
    """

    address: str
    target: str
    host: str
    authorization: str | None


def outgoing(url: URL, headers: Mapping[str, str]) -> Outgoing:
    """Build the request that `http.Client` sends to this URL without a proxy.

    Raises HttpError or PunycodeError if it sends none. If several headers are invalid, Go names any one of them; this
    function names the first.
    """
    if url.scheme in _PORTS:
        _check_headers(headers)
    else:
        raise HttpError(f"unsupported protocol scheme {quote(url.scheme)}")
    if not url.host:
        raise HttpError("http: no Host in request URL")
    return Outgoing(_address(url), url.request_uri(), host_header(url.host), _authorization(url))


def client_error(method: str, url: URL, error: GoError) -> str:
    """Format the `url.Error` around an error of the client: `Post "http://…": …`, without the password."""
    text = url.string()
    if url.user and url.user.password is not None:
        text = text.replace(f"{url.user.string()}@", f"{url.user.username}:***@", 1)
    return f"{method[:1]}{method[1:].lower()} {quote(text)}: {error}"


def _check_headers(headers: Mapping[str, str]) -> None:
    for name, value in headers.items():
        if not valid_header_name(name):
            raise HttpError(f"net/http: invalid header field name {quote(name)}")
        if not valid_header_value(value):
            raise HttpError(f"net/http: invalid header field value for {quote(name)}")


def _address(url: URL) -> str:
    host = url.hostname()
    if not host.isascii():
        from isvclog.kserve.golang.idna import lookup  # its tables take a while to load

        mapped = lookup(host)
        host = host if mapped is None else mapped  # the resolver gets a name that IDNA refuses as it is
    return join_host_port(host, url.port() or _PORTS[url.scheme])


def host_header(host: str) -> str:
    """Convert the host to punycode without an IPv6 zone; empty if it has a character that no Host header may have."""
    if not host.isascii():
        from isvclog.kserve.golang.idna import to_ascii

        name, port = split_host_port(host) or (host, "")
        host = join_host_port(to_ascii(name), port) if port else to_ascii(name)
    if not valid_host(host):
        return ""
    before, bracket, after = host.rpartition("]")
    address, percent, _ = before.rpartition("%")
    return address + bracket + after if percent and host.startswith("[") else host


def _authorization(url: URL) -> str | None:
    if not url.user:
        return None
    credentials = f"{url.user.username}:{url.user.password or ''}"
    return "Basic " + b2a_base64(to_bytes(credentials), newline=False).decode()
