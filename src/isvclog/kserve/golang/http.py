"""Header names and values in Go's `net/http` and `net/textproto`."""

from functools import lru_cache

NAME_CHARACTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-.^_`|~"
_HOST = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!$%&'()*+,-.:;=[]_~"
_FORBIDDEN = frozenset(map(chr, (*range(0x20), 0x7F))) - {"\t"}


def valid_header_name(name: str) -> bool:
    """Check a header name as `httpguts.ValidHeaderFieldName` does: it must be a non-empty token."""
    return bool(name) and not name.strip(NAME_CHARACTERS)


def valid_header_value(value: str) -> bool:
    """Check a header value as `httpguts.ValidHeaderFieldValue` does.

    Control characters are not allowed, except the tab; bytes from 0x80 on are allowed.
    """
    return _FORBIDDEN.isdisjoint(value)


@lru_cache(maxsize=256)  # a server is reached by few names
def valid_host(host: str) -> bool:
    """Check a host as `httpguts.ValidHostHeader` does. An empty host is valid.

    It may only contain characters that a host and a port may have, in any order.
    """
    return not host.strip(_HOST)


@lru_cache(maxsize=1024)
def canonical_header(name: str) -> str:
    """Convert a header name as `textproto.CanonicalMIMEHeaderKey` does: `x-request-id` becomes `X-Request-Id`.

    A name that is not a token stays unchanged.
    """
    if not valid_header_name(name):
        return name
    return "-".join(part[:1].upper() + part[1:].lower() for part in name.split("-"))


def written_value(value: str) -> str:
    """Convert a header value as `Header.Write` does.

    Newlines become spaces, and ASCII white space at both ends is dropped.
    """
    return value.replace("\n", " ").replace("\r", " ").strip(" \t")
