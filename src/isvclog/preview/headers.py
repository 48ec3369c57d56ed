"""Request headers that a user gives for a preview."""

import re

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


def is_header(name: str, value: str) -> bool:
    """Check whether a client can send this header: the name is a token (RFC 9110), and the value is one line."""
    return bool(_TOKEN.fullmatch(name)) and not _CONTROL.search(value)
