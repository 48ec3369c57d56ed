"""Connections of urllib3 that obey the limits of a request, directly or through a proxy.

Importing this module imports urllib3, so it is imported when a cluster is reached.
"""

import io
import socket
import ssl
import threading
import time
from http.client import HTTPResponse
from typing import Any
from urllib.parse import urlsplit

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, ProxyManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError, ProxyError

from isvclog.cluster.limits import RequestLimits, current_limits
from isvclog.cluster.proxies import Proxy
from isvclog.cluster.socks import SocksError, open_tunnel

_CONNECTIONS = 32
"""The maximum number of idle connections. urllib3 logs a warning if more threads than that use the pool."""


def open_pool(
    server: str, proxy: Proxy | None, context: ssl.SSLContext | None, server_name: str | None
) -> tuple[Any, str]:
    """Return a connection pool for a server, and the prefix of all paths. Nothing is connected yet.

    `context` is that of a server or a proxy with TLS; `server_name` is expected in the certificate instead of the host.
    """
    parts = urlsplit(server)
    tls = parts.scheme == "https"
    settings: dict[str, Any] = {"maxsize": _CONNECTIONS} | ({"ssl_context": context} if context else {})
    if tls and server_name:
        settings["server_hostname"] = server_name
    if proxy is None or proxy.is_socks:
        pool = (_TlsPool if tls else _Pool)(parts.hostname or "", parts.port, socks=proxy, **settings)
        return pool, parts.path
    manager = ProxyManager(proxy.url, proxy_headers=proxy.headers, proxy_ssl_context=context, **settings)
    manager.pool_classes_by_scheme = {"http": _Pool, "https": _TlsPool}
    place = parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="").geturl()
    return manager.connection_from_url(place), parts.path if tls else place


class _CountedReader(io.RawIOBase):
    """The raw bytes of a connection, counted."""

    def __init__(self, source: Any, limits: RequestLimits | None) -> None:
        self._source = source
        self._limits = limits

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        count: int | None = self._source.readinto(buffer)
        if count and self._limits:
            self._limits.spend(count)
        return count

    def close(self) -> None:
        self._source.close()
        super().close()


class _CountedResponse(HTTPResponse):
    """An answer whose bytes are counted: head, body, chunk sizes and trailers."""

    def __init__(self, sock: Any, *arguments: Any, **named: Any) -> None:
        super().__init__(sock, *arguments, **named)
        self.fp: Any = io.BufferedReader(_CountedReader(self.fp.detach(), current_limits()))


class _Limited:
    """A mixin for connections of urllib3: they obey the limits of the current request."""

    response_class: Any = _CountedResponse

    def __init__(self, *arguments: Any, socks: Proxy | None = None, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._socks = socks

    def _new_conn(self) -> socket.socket:
        connection: Any = self
        host, port = connection._dns_host, connection.port
        seconds = connection.timeout
        proxy = self._socks
        try:
            found = open_socket(proxy.host if proxy else host, proxy.port if proxy else port, seconds)
        except (socket.gaierror, UnicodeError) as error:
            raise NameResolutionError(host, connection, error) from error  # type: ignore[arg-type]
        except TimeoutError as error:
            raise ConnectTimeoutError(connection, "no connection in time") from error
        except OSError as error:
            raise NewConnectionError(connection, f"no connection: {error}") from error
        for option in connection.socket_options or ():
            found.setsockopt(*option)
        if proxy:
            try:
                open_tunnel(found, proxy, host, port)
            except (SocksError, OSError) as error:
                found.close()
                raise ProxyError(f"SOCKS: {error}", error) from error
        return found

    def request(self, *arguments: Any, **named: Any) -> None:
        connection: Any = self
        limits = current_limits()
        if limits and connection.sock is not None:
            limits.watch(connection.sock.fileno())
        super().request(*arguments, **named)  # type: ignore[misc]


class _Connection(_Limited, HTTPConnection):
    pass


class _TlsConnection(_Limited, HTTPSConnection):
    pass


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _TlsConnection


def open_socket(host: str, port: int, seconds: float) -> socket.socket:
    """Connect to a host, which may have several addresses, within `seconds` in all.

    Raises TimeoutError, another OSError, or UnicodeError.
    """
    end = time.monotonic() + seconds
    failure: OSError = OSError("no address")
    for family, kind, protocol, _, address in _resolve(host, port, seconds):
        connection = socket.socket(family, kind, protocol)
        try:
            connection.settimeout(max(end - time.monotonic(), 0.001))
            connection.connect(address)
        except OSError as error:
            connection.close()
            failure = error
            if time.monotonic() >= end:
                raise TimeoutError from error
        else:
            connection.settimeout(seconds)
            if limits := current_limits():
                limits.watch(connection.fileno())
            return connection
    raise failure


def _resolve(host: str, port: int, seconds: float) -> list[Any]:
    """Look up the addresses of a host. The system sets no limit to that, so a thread does it."""
    found: list[Any] = []

    def look_up() -> None:
        try:
            found.append(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except Exception as error:
            found.append(error)

    thread = threading.Thread(target=look_up, daemon=True)
    thread.start()
    thread.join(seconds)
    if not found:
        raise TimeoutError
    if isinstance(found[0], BaseException):
        raise found[0]
    addresses: list[Any] = found[0]
    return addresses
