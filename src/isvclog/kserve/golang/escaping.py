"""The characters that Go's `net/url` escapes and accepts in each part of a URL."""

from isvclog.kserve.golang.errors import GoError
from isvclog.kserve.golang.strconv import quote
from isvclog.kserve.golang.strings import from_bytes, to_bytes

_UNRESERVED = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~"
_HEX = frozenset(b"0123456789abcdefABCDEF")

PATH = _UNRESERVED + "$&+,/:;=@"
"""Characters that a path keeps unescaped; `!'()*` are escaped although RFC 3986 would allow them."""

HOST = _UNRESERVED + "!$&'()*+,;=:[]<>\""
ZONE = HOST + " "
USERINFO = _UNRESERVED + "$&+,;="
FRAGMENT = _UNRESERVED + "$&+,/:;=?@!()*"

_ALSO_VALID = "!$&'()*+,;=:@[]%"


class EscapeError(GoError):
    """A percent sign without two hexadecimal digits, or an escape or character that is not allowed in this place."""


def escape(text: str, kept: str) -> str:
    """Percent-encode every byte that is not one of the `kept` characters."""
    if not text.strip(kept):
        return text
    return "".join(chr(byte) if chr(byte) in kept else f"%{byte:02X}" for byte in to_bytes(text))


def is_encoded(text: str, kept: str) -> bool:
    """Check whether the text is a valid encoding of something, so that it may be sent unchanged (`validEncoded`)."""
    return not text.strip(kept + _ALSO_VALID)


def unescape(text: str, kept: str) -> str:
    """Decode percent-encoding; raise EscapeError if it is malformed.

    If `kept` is `HOST` or `ZONE`, only some characters are allowed, encoded or not.
    """
    strict = kept in (HOST, ZONE)
    if "%" not in text and not (strict and text.strip(HOST)):
        return text
    data = to_bytes(text)
    decoded = bytearray()
    at = 0
    while at < len(data):
        if data[at] == ord("%"):
            decoded.append(_unescape_byte(data[at : at + 3], kept))
            at += 3
            continue
        if strict and data[at] < 0x80 and chr(data[at]) not in HOST:
            raise EscapeError(f"invalid character {quote(chr(data[at]))} in host name")
        decoded.append(data[at])
        at += 1
    return from_bytes(bytes(decoded))


def _unescape_byte(escaped: bytes, kept: str) -> int:
    """Decode one escape, such as `%2F`; raise EscapeError if it is malformed or not allowed."""
    if len(escaped) == 3 and escaped[1] in _HEX and escaped[2] in _HEX:
        byte = int(escaped[1:], 16)
        if kept not in (HOST, ZONE) or _may_be_escaped(byte, kept):
            return byte
    raise EscapeError(f"invalid URL escape {quote(from_bytes(escaped))}")


def _may_be_escaped(byte: int, kept: str) -> bool:
    """Check whether a byte may be written as an escape in a host name or a zone.

    `%` may be escaped in both. Beyond that, a host name may only escape bytes outside ASCII, and a zone only characters
    that it may also contain unescaped.
    """
    if byte == ord("%"):
        return True
    return byte >= 0x80 if kept == HOST else chr(byte) in kept
