"""Addresses as Go's `net` reads them: host and port, and addresses to which no TCP connection is possible."""

import re
from functools import lru_cache

from isvclog.kserve.golang.errors import GoError
from isvclog.kserve.golang.netip import AddressError, ip_version
from isvclog.patterns import late_pattern


def split_host_port(text: str) -> tuple[str, str] | None:
    """Split a text into the host without its brackets and the port, as `net.SplitHostPort` does.

    None if Go returns an error.
    """
    host, colon, port = text.rpartition(":")
    if not colon:
        return None
    if text.startswith("["):
        if text.find("]") != len(host) - 1:
            return None
        host = host[1:-1]
    elif ":" in host:
        return None
    return None if any(bracket in host + port for bracket in "[]") else (host, port)


def join_host_port(host: str, port: str) -> str:
    """Join host and port as `net.JoinHostPort` does: with brackets if the host contains a colon."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


_DOMAIN = late_pattern(r"(?=.*[A-Za-z_-])(?!-)[\w-]{1,63}(?<!-)(\.(?!-)[\w-]{1,63}(?<!-))*\.?", re.ASCII)
_LONGEST = 253


class DialError(GoError):
    """The address is invalid, so no connection is attempted."""


@lru_cache(maxsize=256)  # many services send to the same host
def check_address(address: str) -> None:
    """Raise DialError if `host:port` has a port above 65535, or a host that is never looked up because it is invalid.

    The host comes from a URL: it may have brackets where they do not belong, but no colon outside of brackets.
    """
    split = split_host_port(address)
    if split is None:
        bracket = "[" if "[" in address else "]"
        raise DialError(f"dial tcp: address {address}: unexpected '{bracket}' in address")
    host, port = split
    if len(port.lstrip("0")) > 5 or int(port) > 65_535:
        raise DialError(f"dial tcp: address {port}: invalid port")
    if host and not _is_ip(host) and not is_domain_name(host):
        raise DialError(f"dial tcp: lookup {host}: no such host")


def is_domain_name(name: str) -> bool:
    """Check a name as `net.isDomainName` does.

    It has labels of letters, digits, hyphens and underscores, not all of them numbers.
    """
    return name == "." or (len(name.removesuffix(".")) <= _LONGEST and _DOMAIN.fullmatch(name) is not None)


def _is_ip(host: str) -> bool:
    try:
        ip_version(host)
    except AddressError:
        return False
    return True
