"""The type that Kubernetes gives a scalar.

kubectl and the API server read YAML with sigs.k8s.io/yaml, that is go.yaml.in/yaml/v2: YAML 1.1 with Go's idea of a
number. They convert it to JSON and read that JSON: `yes` is a boolean, `0123` is 83, `1e3` is 1000 and `2024-01-01` is
a string. The functions here reproduce resolve.go; their tests compare them with the results of the real code.
"""

import math
import struct
from functools import lru_cache

from isvclog.patterns import late_pattern

ScalarValue = str | int | float | bool | None

_WORDS: dict[str, bool | float | None] = {
    **dict.fromkeys(("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"), True),
    **dict.fromkeys(("n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"), False),
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), math.nan),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), math.inf),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), -math.inf),
}
_SHORT = 24
_INT64 = range(-(2**63), 2**63)
_UINT64 = range(2**64)
# What strconv.ParseInt(text, 0, 64) accepts: a leading zero alone means octal. The last row is a second attempt of
# resolve.go at what starts with exactly `0b`; it lets a sign follow.
_INTEGERS = (
    (late_pattern(r"([+-]?)([1-9][0-9]{0,19}|0)"), 10),
    (late_pattern(r"([+-]?)0([0-7]+)"), 8),
    (late_pattern(r"([+-]?)0[xX]([0-9a-fA-F]+)"), 16),
    (late_pattern(r"([+-]?)0[oO]([0-7]+)"), 8),
    (late_pattern(r"([+-]?)0[bB]([01]+)"), 2),
    (late_pattern(r"0b([+-])([01]+)"), 2),
)
_FLOAT = late_pattern(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
# strconv.ParseFloat gets a text that starts with a dot unchanged: an underscore must be between two digits.
_DOT_FLOAT = late_pattern(r"\.[0-9]+(_[0-9]+)*([eE][-+]?[0-9]+(_[0-9]+)*)?")


def resolve(text: str) -> ScalarValue:
    """Convert the text of a plain scalar to its value, as Go has it before it becomes JSON.

    An integer fits int64 or uint64; a larger one is a float. `.inf` and `.nan` are floats that JSON cannot represent.
    Short texts repeat in a document, so their values are remembered.
    """
    return _remembered(text) if len(text) <= _SHORT else _resolve(text)


def _resolve(text: str) -> ScalarValue:
    if text in _WORDS:
        return _WORDS[text]
    first = text[0]
    if first in "0123456789+-":
        digits = text.replace("_", "")
        integer = _integer(digits)
        if integer is not None:
            return integer
        number = _float(digits) if _FLOAT.fullmatch(digits) else None
    elif first == "." and _DOT_FLOAT.fullmatch(text):
        number = _float(text.replace("_", ""))
    else:
        return text
    return text if number is None else number


_remembered = lru_cache(maxsize=4096)(_resolve)


def _integer(digits: str) -> int | None:
    for pattern, base in _INTEGERS:
        if match := pattern.fullmatch(digits):
            sign, magnitude = match.groups()
            value = int(magnitude, base)
            if sign:
                # Only strconv.ParseInt takes a sign; strconv.ParseUint, which reaches further, does not.
                signed = -value if sign == "-" else value
                return signed if signed in _INT64 else None
            return value if value in _UINT64 else None
    return None


def _float(digits: str) -> float | None:
    """Parse a float as strconv.ParseFloat does: out of range is an error (None), not infinity."""
    value = float(digits)
    return None if math.isinf(value) else value


def json_value(value: ScalarValue) -> ScalarValue:
    """Convert the value to JSON and back, as the API server has it: an int within int64, otherwise a float.

    Raise ValueError for infinity and not-a-number.
    """
    if isinstance(value, float):
        if not math.isfinite(value):
            raise ValueError("a number is infinite or not a number, which JSON cannot represent")
        # Go prints a whole number below 1e21 without fraction or exponent, so that it is read as an integer.
        if value.is_integer() and abs(value) < 1e21 and (whole := _printed_whole(value)) in _INT64:
            return whole
        return value
    if isinstance(value, int) and value not in _INT64:
        return float(value)
    return value


def _printed_whole(value: float) -> int:
    """Compute what Go prints: the shortest digits that identify the number, then zeros. This is not its exact value."""
    mantissa, _, exponent = repr(value).partition("e")
    whole, _, fraction = mantissa.partition(".")
    return int(whole + fraction) * 10 ** (int(exponent) - len(fraction)) if exponent else int(whole)


def key_text(value: ScalarValue) -> str:
    """Convert a mapping key to a string as sigs.k8s.io/yaml does.

    Raise ValueError for null and for a number that exceeds int64.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _short_float(value)
    if value is None or value not in _INT64:
        raise ValueError("a mapping key must be a string or what can become one")
    return str(value)


def _short_float(value: float) -> str:
    """Format as strconv.FormatFloat(value, 'g', -1, 32), with YAML's names for infinity and not-a-number."""
    if math.isnan(value):
        return ".nan"
    single = _float32(value)
    if math.isinf(single):
        return ".inf" if single > 0 else "-.inf"
    # The fewest digits that read back as the same 32-bit number; nine always do.
    shortest = next(text for text in (f"{single:.{n}e}" for n in range(9)) if _float32(float(text)) == single)
    mantissa, _, exponent = shortest.partition("e")
    if not -4 <= int(exponent) < 6:
        return shortest
    decimals = len(mantissa.partition(".")[2]) - int(exponent)
    return f"{float(shortest):.{max(decimals, 0)}f}"


def _float32(value: float) -> float:
    try:
        return float(struct.unpack("f", struct.pack("f", value))[0])
    except OverflowError:
        return math.copysign(math.inf, value)
