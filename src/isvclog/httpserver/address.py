"""Addresses to listen on, written as `HOST:PORT`."""

import re
from collections.abc import Sequence

from isvclog.errors import UsageError
from isvclog.records import NamedTuple

_WRITTEN = re.compile(r"(?:\[([0-9A-Fa-f:.%\w]+)\]|([^\s:/\[\]]+)):(\d{1,5})", re.ASCII)
_ORIGIN = re.compile(r"[^/?#\s]+")
_PORT = re.compile(r":\d+$", re.ASCII)
_LARGEST_PORT = 65_535
_PORTS = {"http": 80, "https": 443}


class Address(NamedTuple):
    """A host and a port; port 0 takes a free one."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def url(self) -> str:
        """The URL at which a server with this address is reached."""
        return f"http://{self}/"

    @property
    def is_loopback(self) -> bool:
        """True if only programs on this machine reach the address."""
        return self.host == "localhost" or _is_loopback_ip(self.host)


class ServerOrigin(NamedTuple):
    """A server without a path: its scheme, `http` or `https`, and its address."""

    scheme: str
    address: Address

    def __str__(self) -> str:
        return f"{self.scheme}://{self.address}"


def parse_address(text: str, option: str = "--listen") -> Address:
    """Parse `HOST:PORT`, with an IPv6 address in brackets. Raises UsageError that names the option."""
    written = _WRITTEN.fullmatch(text)
    if written is None or int(written[3]) > _LARGEST_PORT:
        raise UsageError(
            f"{option} {text!a} is not an address; write HOST:PORT, as in 127.0.0.1:8080 or [::1]:0 (0: any free port)."
        )
    return Address(written[1] or written[2], int(written[3]))


def parse_origin(url: str, option: str) -> Address:
    """Parse the URL of a server without a path, `http://HOST:PORT`. Raises UsageError that names the option.

    The message does not repeat the URL, which may contain a password.
    """
    scheme, separator, _ = url.partition("://")
    if scheme.lower() == "https" and separator:
        raise UsageError(f"{option} needs an http:// URL: https is not supported.")
    return parse_server(url, option, ("http",)).address


def parse_server(url: str, option: str, schemes: Sequence[str] = ("http", "https")) -> ServerOrigin:
    """Parse the URL of a server that may speak TLS, as `parse_origin` does."""
    scheme, _, rest = url.partition("://")
    scheme, host = scheme.lower(), rest.removesuffix("/")
    if scheme not in schemes or not host or "@" in host:
        kind = " or ".join(schemes)
        raise UsageError(f"{option} needs an {kind} URL without a user, such as http://127.0.0.1:8080.")
    if not _ORIGIN.fullmatch(host):
        raise UsageError(f"{option} needs a URL without a path, http://HOST:PORT: requests keep their own path.")
    written = host if _PORT.search(host) else f"{host}:{_PORTS[scheme]}"
    return ServerOrigin(scheme, parse_address(written, option))


def is_local_name(host_header: bytes, address: Address) -> bool:
    """Check that a request's Host header names this machine by address, by `localhost`, or as it listens.

    A page of a foreign site whose name resolves to a loopback address (DNS rebinding) sends its own name.
    """
    host = host_header.decode("latin-1").lower()
    name, colon, port = host.rpartition(":")
    if not colon or not port.isdigit():
        name, port = host, "80"
    name = name.removeprefix("[").removesuffix("]")
    return port == str(address.port) and (name in ("localhost", address.host.lower()) or _is_loopback_ip(name))


def _is_loopback_ip(host: str) -> bool:
    from ipaddress import ip_address

    try:
        return ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False
