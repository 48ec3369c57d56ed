"""Go's `time`: durations as people write them, and times as RFC 3339."""

import time
from functools import lru_cache

from isvclog.kserve.golang.errors import GoError
from isvclog.kserve.golang.strings import to_bytes

_UNITS = {
    "ns": 1,
    "us": 1_000,
    "\xb5s": 1_000,  # micro sign
    "\u03bcs": 1_000,  # Greek letter mu
    "ms": 1_000_000,
    "s": 1_000_000_000,
    "m": 60_000_000_000,
    "h": 3_600_000_000_000,
}
_DIGITS = "0123456789"
_LIMIT = 1 << 63


DURATION = rf"^[-+]?(?:0|(?:(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:{'|'.join(_UNITS)}))+)$"
"""Matches what `parse_duration` can read, and durations that are too long for it."""


class DurationError(GoError):
    """`time.ParseDuration` rejected the text."""


def parse_duration(text: str) -> int:
    """Parse a duration like `300ms`, `-1.5h` or `2h45m` to nanoseconds, as `time.ParseDuration` does.

    Only a bare `0` needs no unit. Raises DurationError.
    """
    rest = text[1:] if text[:1] in ("-", "+") else text
    negative = text.startswith("-")
    if rest == "0":
        return 0
    if not rest:
        raise _invalid(text)
    total = 0
    while rest:
        nanoseconds, rest = _read_part(rest, text)
        total = (total + nanoseconds) % (1 << 64)  # the sum of two parts of 2**63 ns is zero, and passes
        if total > _LIMIT:
            raise _invalid(text)
    if negative:
        return -total
    if total == _LIMIT:
        raise _invalid(text)
    return total


def _read_part(rest: str, text: str) -> tuple[int, str]:
    """Read one number with its unit; return it in nanoseconds, and the rest of the text."""
    digits, rest = _split_digits(rest)
    fraction = ""
    if rest.startswith("."):
        fraction, rest = _split_digits(rest[1:])
    whole = _to_number(digits)
    if not (digits or fraction) or whole > _LIMIT:
        raise _invalid(text)
    unit, rest = _split_unit(rest)
    if not unit:
        raise DurationError(f"time: missing unit in duration {_quote(text)}")
    if unit not in _UNITS:
        raise DurationError(f"time: unknown unit {_quote(unit)} in duration {_quote(text)}")
    scale = _UNITS[unit]
    if whole > _LIMIT // scale:
        raise _invalid(text)
    nanoseconds = whole * scale + _fraction_of(scale, fraction)
    if nanoseconds > _LIMIT:
        raise _invalid(text)
    return nanoseconds, rest


def _split_digits(text: str) -> tuple[str, str]:
    rest = text.lstrip(_DIGITS)
    return text[: len(text) - len(rest)], rest


def _to_number(digits: str) -> int:
    """Convert digits to an integer, cut after 20 digits.

    A longer number is too large anyway, and Python refuses to read thousands of digits.
    """
    return int(digits.lstrip("0")[:20] or "0")


def _split_unit(text: str) -> tuple[str, str]:
    end = next((index for index, char in enumerate(text) if char in "." + _DIGITS), len(text))
    return text[:end], text[end:]


def _fraction_of(scale: int, digits: str) -> int:
    """Compute a fraction of a unit with Go's rounding: in float64, and without the digits after 63 bits are full."""
    value, divisor = 0, 1
    for digit in digits:
        longer = value * 10 + int(digit)
        if value > (_LIMIT - 1) // 10 or longer > _LIMIT:
            break
        value, divisor = longer, divisor * 10
    return int(float(value) * (float(scale) / float(divisor)))


def _invalid(text: str) -> DurationError:
    return DurationError(f"time: invalid duration {_quote(text)}")


def _quote(text: str) -> str:
    """Quote a text as Go's `time` does: everything outside printable ASCII is escaped byte by byte, except DEL."""
    return '"' + "".join(map(_escape, to_bytes(text))) + '"'


def _escape(byte: int) -> str:
    if byte in b'"\\':
        return "\\" + chr(byte)
    return chr(byte) if 0x20 <= byte < 0x80 else f"\\x{byte:02x}"


def format_rfc3339_nano(unix_ns: int) -> str:
    """Format nanoseconds since 1970 as `time.RFC3339Nano` in UTC: `2026-01-02T03:04:05.12Z`.

    The fraction has no trailing zeros and is left out when it is zero.
    """
    seconds, nanoseconds = divmod(unix_ns, 1_000_000_000)
    return _format_second(seconds) + (f".{nanoseconds:09}".rstrip("0") + "Z" if nanoseconds else "Z")


@lru_cache(maxsize=16)  # an agent formats thousands of times in one second
def _format_second(unix_seconds: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(unix_seconds))
