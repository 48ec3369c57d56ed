"""Go's `mime.ParseMediaType`: the syntax of a `Content-Type`, with RFC 2231 parameters."""

from isvclog.kserve.golang.errors import GoError
from isvclog.kserve.golang.strings import SPACE, from_bytes, to_bytes, to_lower, trim_space

_SPECIALS = '()<>@,;:\\"/[]?='
_TOKEN = "".join(chr(code) for code in range(0x21, 0x7F) if chr(code) not in _SPECIALS)
_HEX = frozenset(b"0123456789abcdefABCDEF")


class MimeError(GoError):
    """`mime.ParseMediaType` rejected the text."""


def parse_media_type(text: str) -> tuple[str, dict[str, str]]:
    """Parse a type as `mime.ParseMediaType` does: the type in lower case, and its parameters by lower-case name.

    A type without a slash is accepted, and so is a parameter given twice with the same value. Raises MimeError.
    """
    base = text.partition(";")[0]
    media_type = trim_space(to_lower(base))
    _check_type(media_type)
    parameters: dict[str, str] = {}
    pieces: dict[str, dict[str, str]] = {}
    rest = text[len(base) :].lstrip(SPACE)
    while rest:
        parameter = _read_parameter(rest)
        if parameter is None:
            if trim_space(rest) == ";":
                break
            raise MimeError("mime: invalid media parameter")
        name, value, rest = parameter
        group, star, _ = name.partition("*")
        seen = pieces.setdefault(group, {}) if star else parameters
        if seen.get(name, value) != value:
            raise MimeError("mime: duplicate parameter name")
        seen[name] = value
        rest = rest.lstrip(SPACE)
    for group, parts in pieces.items():
        joined = _join(group, parts)
        if joined is not None:
            parameters[group] = joined
    return media_type, parameters


def _check_type(media_type: str) -> None:
    major, rest = _split_token(media_type)
    if not major:
        raise MimeError("mime: no media type")
    if not rest:
        return
    if not rest.startswith("/"):
        raise MimeError("mime: expected slash after first token")
    minor, rest = _split_token(rest[1:])
    if not minor:
        raise MimeError("mime: expected token after slash")
    if rest:
        raise MimeError("mime: unexpected content after media subtype")


def _split_token(text: str) -> tuple[str, str]:
    rest = text.lstrip(_TOKEN)
    return text[: len(text) - len(rest)], rest


def _read_parameter(text: str) -> tuple[str, str, str] | None:
    """Read one `; name=value`; return name, value and the rest of the text, or None if there is no parameter."""
    if not text.startswith(";"):
        return None
    name, rest = _split_token(text[1:].lstrip(SPACE))
    rest = rest.lstrip(SPACE)
    if not name or not rest.startswith("="):
        return None
    rest = rest[1:].lstrip(SPACE)
    value, after = _read_quoted(rest) if rest.startswith('"') else _split_token(rest)
    return None if after == rest else (name.lower(), value, after)


def _read_quoted(text: str) -> tuple[str, str]:
    value: list[str] = []
    index = 1
    while index < len(text):
        char = text[index]
        if char == '"':
            return "".join(value), text[index + 1 :]
        if char in "\r\n":
            break
        if char == "\\" and text[index + 1 : index + 2] and text[index + 1] in _SPECIALS:
            index += 1  # any other backslash stands for itself: browsers used to send `C:\\dir`
            char = text[index]
        value.append(char)
        index += 1
    return "", text


def _join(group: str, parts: dict[str, str]) -> str | None:
    """Join the RFC 2231 pieces `name*`, or `name*0`, `name*1*`, ... to one value; None if they form none."""
    if f"{group}*" in parts:
        decoded = _decode_charset(parts[f"{group}*"])
        return None if decoded is None else from_bytes(decoded)
    value: list[bytes] = []
    while True:
        name = f"{group}*{len(value)}"
        if name in parts:
            value.append(to_bytes(parts[name]))
        elif f"{name}*" in parts:
            decode = _decode_percent if value else _decode_charset
            value.append(decode(parts[f"{name}*"]) or b"")
        else:
            return from_bytes(b"".join(value)) if value else None


def _decode_charset(text: str) -> bytes | None:
    """Decode a text like `utf-8'en'%41` to bytes; None if the character set is another one or an escape is broken."""
    parts = text.split("'", 2)
    if len(parts) != 3 or to_lower(parts[0]) not in ("us-ascii", "utf-8"):
        return None
    return _decode_percent(parts[2])


def _decode_percent(text: str) -> bytes | None:
    first, *escapes = to_bytes(text).split(b"%")
    decoded = [first]
    for escape in escapes:
        if len(escape) < 2 or escape[0] not in _HEX or escape[1] not in _HEX:
            return None
        decoded.append(bytes.fromhex(escape[:2].decode()) + escape[2:])
    return b"".join(decoded)
