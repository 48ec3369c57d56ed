"""Go's `encoding/json.Marshal`: compact, HTML-safe JSON with sorted maps."""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from isvclog.kserve.golang.strings import to_bytes
from isvclog.patterns import late_pattern


class Struct(dict[str, "Value"]):
    """Members in the order of a Go struct. A plain mapping is a Go map: its keys are sorted."""


Value: TypeAlias = "str | bool | int | float | Sequence[Value] | Mapping[str, Value] | None"

_ESCAPES = {
    **{code: f"\\u{code:04x}" for code in (*range(0x20), *map(ord, "<>&\u2028\u2029"))},
    **dict.fromkeys(range(0xDC80, 0xDD00), "\\ufffd"),  # bytes that are not UTF-8
    **{ord(char): f"\\{letter}" for char, letter in zip('"\\\b\f\n\r\t', '"\\bfnrt', strict=True)},
}
_ESCAPED = late_pattern('[\\x00-\\x1f"\\\\<>&\u2028\u2029\udc80-\udcff]')


def marshal(value: Value) -> str:
    """Encode a value as `json.Marshal` does.

    It takes strings, booleans, integers, finite floats, None (a nil pointer, map or slice), lists and maps.
    """
    if isinstance(value, str):
        return f'"{value.translate(_ESCAPES) if _ESCAPED.search(value) else value}"'
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return _float(value)
    if isinstance(value, Mapping):
        names = value if isinstance(value, Struct) else sorted(value, key=to_bytes)
        return "{" + ",".join(f"{marshal(name)}:{marshal(value[name])}" for name in names) + "}"
    return "[" + ",".join(map(marshal, value)) + "]"


def _float(value: float) -> str:
    """Write the shortest digits that read back, with an exponent only below 1e-6 and from 1e21 on."""
    text = repr(value)
    mantissa, exponent, power = text.partition("e")
    if value and not 1e-6 <= abs(value) < 1e21:
        return f"{mantissa}e{int(power):+}" if power.startswith("+") else f"{mantissa}e{int(power)}"
    if not exponent:
        return text.removesuffix(".0")
    from decimal import Decimal  # which takes two milliseconds to import, for a number that is rare

    return f"{Decimal(text):f}"
