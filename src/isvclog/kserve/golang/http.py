"""Go's `net/http` and `net/textproto`: header names and values."""

from functools import lru_cache

_NAME = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-.^_`|~"
_HOST = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!$%&'()*+,-.:;=[]_~"
_FORBIDDEN = frozenset(map(chr, (*range(0x20), 0x7F))) - {"\t"}


def valid_header_name(name: str) -> bool:
    """`httpguts.ValidHeaderFieldName`: a non-empty token."""
    return bool(name) and not name.strip(_NAME)


def valid_header_value(value: str) -> bool:
    """`httpguts.ValidHeaderFieldValue`: no control characters but the tab; bytes from 0x80 on may stay."""
    return _FORBIDDEN.isdisjoint(value)


def valid_host(host: str) -> bool:
    """`httpguts.ValidHostHeader`: only characters that a host and a port may have, in any order; empty passes."""
    return not host.strip(_HOST)


@lru_cache(maxsize=1024)
def canonical_header(name: str) -> str:
    """`textproto.CanonicalMIMEHeaderKey`: `X-Request-Id` for `x-request-id`; what is no token stays as it is."""
    if not valid_header_name(name):
        return name
    return "-".join(part[:1].upper() + part[1:].lower() for part in name.split("-"))


def written_value(value: str) -> str:
    """How `Header.Write` writes a value: newlines become spaces, ASCII white space at both ends is dropped."""
    return value.replace("\n", " ").replace("\r", " ").strip(" \t")
