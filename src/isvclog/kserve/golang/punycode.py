"""Punycode as golang.org/x/net/idna reads and writes it (RFC 3492, with 32-bit overflow)."""

from isvclog.kserve.golang.errors import GoError
from isvclog.kserve.golang.strconv import quote

_DIGITS = "abcdefghijklmnopqrstuvwxyz0123456789"
_BASE, _TMIN, _TMAX, _SKEW, _DAMP = 36, 1, 26, 38, 700
_FIRST_CODE, _FIRST_BIAS = 128, 72
_LAST_CODE = 0x10FFFF
_LONGEST = 1024
_INT32 = 1 << 31
INVALID_BYTES = dict.fromkeys(range(0xDC80, 0xDD00), "\ufffd")


class PunycodeError(GoError):
    """A label that cannot be encoded or decoded."""

    def __init__(self, label: str) -> None:
        super().__init__(f"idna: invalid label {quote(label)}")


def encode(label: str) -> str:
    """Encode a label in punycode, without the prefix `xn--`; bytes that are not UTF-8 become U+FFFD."""
    label = label.translate(INVALID_BYTES)
    basic = [char for char in label if char < "\x80"]
    output = [*basic, "-"] if basic else []
    delta, bias, code, done = 0, _FIRST_BIAS, _FIRST_CODE, len(basic)
    for next_code in sorted({ord(char) for char in label if char >= "\x80"}):
        delta += (next_code - code) * (done + 1)
        code = next_code
        for char in label:
            if delta >= _INT32:
                raise PunycodeError(label)
            if ord(char) < code:
                delta += 1
            elif ord(char) == code:
                output.append(_variable_length(delta, bias))
                bias = _adapt(delta, done + 1, done == len(basic))
                delta = 0
                done += 1
        delta += 1
        code += 1
    return "".join(output)


def _variable_length(number: int, bias: int) -> str:
    digits = ""
    k = _BASE
    while number >= (threshold := _threshold(k, bias)):
        number, digit = divmod(number - threshold, _BASE - threshold)
        digits += _DIGITS[threshold + digit]
        k += _BASE
    return digits + _DIGITS[number]


def decode(encoded: str) -> str:
    """Decode a label from punycode without its prefix. Any result of up to 1024 characters is accepted."""
    basic, delimiter, _ = encoded.rpartition("-")
    if delimiter and not basic:
        raise PunycodeError(encoded)
    output = list(basic)
    position, code, bias = 0, _FIRST_CODE, _FIRST_BIAS
    at = len(basic) + len(delimiter)
    while at < len(encoded):
        before = position
        position, at = _add_variable_length(before, encoded, at, bias)
        length = len(output) + 1
        bias = _adapt(position - before, length, before == 0)
        code += position // length
        position %= length
        if length > _LONGEST or code > _LAST_CODE:
            raise PunycodeError(encoded)
        output.insert(position, "\ufffd" if 0xD800 <= code < 0xE000 else chr(code))
        position += 1
    return "".join(output)


def _add_variable_length(position: int, encoded: str, at: int, bias: int) -> tuple[int, int]:
    """Add the number at offset `at` to `position`; return the sum and the offset behind the number."""
    weight, k = 1, _BASE
    while True:
        digit = _digit(encoded[at]) if at < len(encoded) else -1
        position += digit * weight
        if digit < 0 or position >= _INT32:
            raise PunycodeError(encoded)
        at += 1
        threshold = _threshold(k, bias)
        if digit < threshold:
            return position, at
        weight *= _BASE - threshold
        if weight >= _INT32:
            raise PunycodeError(encoded)
        k += _BASE


def _digit(char: str) -> int:
    return _DIGITS.find(char.lower()) if char.isascii() else -1


def _threshold(k: int, bias: int) -> int:
    return min(max(k - bias, _TMIN), _TMAX)


def _adapt(delta: int, length: int, first: bool) -> int:
    delta //= _DAMP if first else 2
    delta += delta // length
    k = 0
    while delta > ((_BASE - _TMIN) * _TMAX) // 2:
        delta //= _BASE - _TMIN
        k += _BASE
    return k + (_BASE - _TMIN + 1) * delta // (delta + _SKEW)
