"""Go's `net/netip.ParseAddr`, as a check of the address between brackets in a URL."""

from isvclog.kserve.golang.errors import GoError
from isvclog.kserve.golang.strconv import quote

_DIGITS = "0123456789"
_HEX = "0123456789abcdefABCDEF"


class AddressError(GoError):
    """The text is not an IP address."""

    def __init__(self, text: str, problem: str, at: str = "") -> None:
        super().__init__(f"ParseAddr({quote(text)}): {problem}" + (f" (at {quote(at)})" if at else ""))


def ip_version(text: str) -> int:
    """Parse an address as `netip.ParseAddr` does and return 4 or 6; raise AddressError if it is invalid.

    An IPv6 address may have a zone (`fe80::1%eth0`).
    """
    for char in text:
        if char == ".":
            _check_ipv4(text, text)
            return 4
        if char == ":":
            _check_ipv6(text)
            return 6
        if char == "%":
            raise AddressError(text, "missing IPv6 address")
    raise AddressError(text, "unable to parse IP")


def _check_ipv4(part: str, text: str) -> None:
    """Raise AddressError unless `part` of `text` is an IPv4 address.

    Both are the same, except at the end of an IPv6 address.
    """
    dots = 0
    octet = ""
    for index, char in enumerate(part):
        if char in _DIGITS:
            if octet == "0":
                raise AddressError(text, "IPv4 field has octet with leading zero")
            octet += char
            if int(octet) > 255:
                raise AddressError(text, "IPv4 field has value >255")
        elif char == ".":
            if not octet or index == len(part) - 1:
                raise AddressError(text, "IPv4 field must have at least one digit", part[index:])
            if dots == 3:
                raise AddressError(text, "IPv4 address too long")
            dots += 1
            octet = ""
        else:
            raise AddressError(text, "unexpected character", part[index:])
    if dots < 3:
        raise AddressError(text, "IPv4 address too short")


def _check_ipv6(text: str) -> None:
    rest, percent, zone = text.partition("%")
    if percent and not zone:
        raise AddressError(text, "zone must be a non-empty string")
    size = 0  # bytes of the address read so far
    ellipsis = rest.startswith("::")
    if ellipsis:
        rest = rest[2:]
        if not rest:
            return
    while size < 16:
        digits = _count_digits(rest, text)
        if rest.startswith(".", digits):
            _check_embedded_ipv4(rest, text, size, ellipsis)
            rest = ""
            size += 4
            break
        size += 2
        rest = _skip_colon(rest[digits:], text)
        if rest.startswith(":"):
            if ellipsis:
                raise AddressError(text, "multiple :: in address", rest)
            ellipsis = True
            rest = rest[1:]
        if not rest:
            break
    if rest:
        raise AddressError(text, "trailing garbage after address", rest)
    _check_size(text, size, ellipsis)


def _count_digits(rest: str, text: str) -> int:
    """Count the digits of the field at the start of `rest`; raise AddressError unless there are one to four."""
    digits = len(rest) - len(rest.lstrip(_HEX))
    if digits > 4:
        raise AddressError(text, "each group must have 4 or less digits", rest)
    if not digits:
        raise AddressError(text, "each colon-separated field must have at least one digit", rest)
    return digits


def _skip_colon(rest: str, text: str) -> str:
    """Return what follows the colon after a field, or an empty string at the end of the address."""
    if not rest:
        return ""
    if not rest.startswith(":"):
        raise AddressError(text, "unexpected character, want colon", rest)
    if rest == ":":
        raise AddressError(text, "colon must be followed by more characters", rest)
    return rest[1:]


def _check_size(text: str, size: int, ellipsis: bool) -> None:
    if size < 16 and not ellipsis:
        raise AddressError(text, "address string too short")
    if size == 16 and ellipsis:
        raise AddressError(text, "the :: must expand to at least one field of zeros")


def _check_embedded_ipv4(rest: str, text: str, size: int, ellipsis: bool) -> None:
    if not ellipsis and size != 12:
        raise AddressError(text, "embedded IPv4 address must replace the final 2 fields of the address", rest)
    if size + 4 > 16:
        raise AddressError(text, "too many hex fields to fit an embedded IPv4 at the end of the address", rest)
    _check_ipv4(rest, text)
