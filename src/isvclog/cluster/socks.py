"""A connection through a SOCKS5 proxy (RFC 1928), with a user and a password if it asks for them (RFC 1929).

urllib3 would need another library for it, and would resolve the name of the server here, not at the proxy.
"""

import socket
from ipaddress import ip_address

from isvclog.cluster.proxies import Proxy

_CONNECT = b"\5\1\0"
_NO_LOGIN, _PASSWORD = b"\0", b"\2"
_LENGTHS = {1: 4, 4: 16}
"""The number of bytes of an address, by its type. A name (type 3) begins with its length."""


class SocksError(Exception):
    """The proxy refuses the connection, or answers something else than a SOCKS5 proxy."""


def open_tunnel(connection: socket.socket, proxy: Proxy, host: str, port: int) -> None:
    """Let the proxy connect to a server; the connection is then one to the server. Raises SocksError and OSError."""
    methods = _NO_LOGIN if proxy.user is None else _NO_LOGIN + _PASSWORD
    connection.sendall(b"\5" + bytes([len(methods)]) + methods)
    version, method = _receive(connection, 2)
    if version != 5 or method not in methods:
        raise SocksError("it asks for another kind of login")
    if method == _PASSWORD[0]:
        connection.sendall(b"\1" + _sized(proxy.user or "") + _sized(proxy.password))
        if _receive(connection, 2)[1] != 0:
            raise SocksError("it does not accept the user and the password")
    connection.sendall(_CONNECT + _encoded(host) + port.to_bytes(2, "big"))
    _, status, _, kind = _receive(connection, 4)
    if status != 0:
        raise SocksError(f"it refuses the connection ({status})")
    _receive(connection, (_LENGTHS.get(kind) or _receive(connection, 1)[0]) + 2)


def _receive(connection: socket.socket, count: int) -> bytes:
    data = b""
    while len(data) < count:
        block = connection.recv(count - len(data))
        if not block:
            raise SocksError("it closes the connection")
        data += block
    return data


def _sized(text: str) -> bytes:
    data = text.encode()
    if len(data) > 255:
        raise SocksError("a name or password has more than 255 bytes")
    return bytes([len(data)]) + data


def _encoded(host: str) -> bytes:
    """Encode a host as its type and its address."""
    try:
        address = ip_address(host)
    except ValueError:
        return b"\3" + _sized(host)
    return bytes([1 if address.version == 4 else 4]) + address.packed
