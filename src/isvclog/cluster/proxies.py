"""The proxy for a server, chosen as Go does: `proxy-url` of the kubeconfig, else that of the environment.

https://pkg.go.dev/golang.org/x/net/http/httpproxy#Config
"""

import os
from base64 import b64encode
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import SplitResult, unquote, urlsplit

from isvclog.cluster.errors import BadKubeconfig
from isvclog.records import NamedTuple

_PORTS = {"http": 80, "https": 443, "socks5": 1080, "socks5h": 1080}


class Proxy(NamedTuple):
    """A proxy: an HTTP one, over TLS if `scheme` is `https`, or a SOCKS5 one. `user` is None without credentials."""

    scheme: str
    host: str
    port: int
    user: str | None = None
    password: str = ""

    @property
    def is_socks(self) -> bool:
        """True if it speaks SOCKS5."""
        return self.scheme.startswith("socks5")

    @property
    def url(self) -> str:
        """The URL without credentials."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}"

    @property
    def headers(self) -> dict[str, str]:
        """The header with the credentials, which only this proxy may get."""
        return {} if self.user is None else {"Proxy-Authorization": basic(self.user, self.password)}


def basic(user: str, password: str) -> str:
    """Encode a user and a password for basic authentication."""
    return f"Basic {b64encode(f'{user}:{password}'.encode()).decode()}"


def choose_proxy(server: str, proxy_url: str) -> Proxy | None:
    """Return the proxy for a server, or None. NO_PROXY has no effect on `proxy_url`. Raises BadKubeconfig."""
    if proxy_url:
        return _parse(proxy_url, "`proxy-url` in the kubeconfig", ("http", "https", "socks5"))
    parts = urlsplit(server)
    name = "HTTPS_PROXY" if parts.scheme == "https" else "HTTP_PROXY"
    url = _variable(name)
    if not url or _is_excluded(parts):
        return None
    scheme, separator, _ = url.partition("://")
    return _parse(url if separator and scheme else f"http://{url}", f"the variable {name}", tuple(_PORTS))


def _variable(name: str) -> str:
    return os.environ.get(name) or os.environ.get(name.lower()) or ""


def _parse(url: str, where: str, schemes: tuple[str, ...]) -> Proxy:
    remedy = f"Write a URL such as `http://proxy.example.com:3128`; it may begin with {', '.join(schemes)}."
    wrong = BadKubeconfig(f"{where} is not the URL of a proxy. {remedy}")
    if not url.isprintable() or " " in url:
        raise wrong
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise wrong from None
    if parts.scheme not in schemes or not parts.hostname:
        raise wrong
    user = None if parts.username is None else unquote(parts.username)
    return Proxy(parts.scheme, parts.hostname, port or _PORTS[parts.scheme], user, unquote(parts.password or ""))


def _is_excluded(server: SplitResult) -> bool:
    """Check whether proxies of the environment are not used for a server: NO_PROXY, and never for this machine."""
    host = (server.hostname or "").lower()
    port = server.port or (443 if server.scheme == "https" else 80)
    address = _address(host)
    if host == "localhost" or (address and address.is_loopback):
        return True
    entries = [entry.strip().lower() for entry in _variable("NO_PROXY").split(",")]
    return "*" in entries or any(_matches(entry, host, port) for entry in entries if entry)


def _matches(entry: str, host: str, port: int) -> bool:
    address = _address(host)
    if "/" in entry:
        try:
            return address is not None and address in ip_network(entry, strict=False)
        except ValueError:
            return False
    name, wanted = _split_port(entry)
    if wanted not in ("", str(port)):
        return False
    if address or _address(name):
        return address is not None and address == _address(name)
    name = name.removeprefix("*")
    return bool(name) and (host.endswith(name) if name[0] == "." else host == name or host.endswith(f".{name}"))


def _split_port(entry: str) -> tuple[str, str]:
    if entry.startswith("["):
        name, _, port = entry[1:].partition("]")
        return name, port.removeprefix(":")
    return (entry, "") if entry.count(":") != 1 else (entry.partition(":")[0], entry.partition(":")[2])


def _address(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None
