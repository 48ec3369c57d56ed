"""Go's `strconv`: numbers and booleans from text, and quoted strings for messages."""

from isvclog.kserve.golang.errors import GoError

_SHORT_ESCAPES = {
    "\a": r"\a", "\b": r"\b", "\f": r"\f", "\n": r"\n", "\r": r"\r", "\t": r"\t", "\v": r"\v",
}  # fmt: skip
_BASES = {"b": 2, "o": 8, "x": 16}
_TRUE = frozenset(("1", "t", "T", "true", "TRUE", "True"))
_FALSE = frozenset(("0", "f", "F", "false", "FALSE", "False"))


class NumberError(GoError):
    """`*strconv.NumError`: the text is not a number or boolean, or the number does not fit."""

    def __init__(self, function: str, text: str, reason: str) -> None:
        super().__init__(f"strconv.{function}: parsing {quote(text)}: {reason}")


def parse_bool(text: str) -> bool:
    """Parse a boolean as `strconv.ParseBool` does; raise NumberError for anything else.

    It accepts `1`, `t`, `T`, `true`, `TRUE`, `True` and their opposites.
    """
    if text in _TRUE:
        return True
    if text in _FALSE:
        return False
    raise NumberError("ParseBool", text, "invalid syntax")


def parse_int(text: str, base: int = 0, bits: int = 64) -> int:
    """Parse an integer as `strconv.ParseInt` does for base 10 or 0.

    Base 0 knows `0x1F`, `0o17`, `017`, `0b1` and `1_000`. Raises NumberError for other text, or if the number does not
    fit into `bits` with its sign.
    """
    digits = text[1:] if text[:1] in ("+", "-") else text
    if not digits:
        raise NumberError("ParseInt", text, "invalid syntax")
    separated = base == 0
    if separated:
        base, digits = _split_prefix(digits)
    magnitude = 0
    for char in digits.replace("_", "") if separated else digits:
        magnitude = magnitude * base + _digit(char, base, text)
        if magnitude >= 1 << bits:  # Go stops reading here, so what follows may even be no digit
            raise NumberError("ParseInt", text, "value out of range")
    if not _underscores_separate_digits(digits, base):
        raise NumberError("ParseInt", text, "invalid syntax")
    negative = text.startswith("-")
    if magnitude >= (1 << (bits - 1)) + negative:
        raise NumberError("ParseInt", text, "value out of range")
    return -magnitude if negative else magnitude


def _split_prefix(digits: str) -> tuple[int, str]:
    if not digits.startswith("0"):
        return 10, digits
    base = _BASES.get(digits[1:2].lower()) if len(digits) >= 3 else None
    return (base, digits[2:]) if base else (8, digits[1:])


def _digit(char: str, base: int, text: str) -> int:
    digit = int(char, 36) if char.isascii() and char.isalnum() else base
    if digit >= base:
        raise NumberError("ParseInt", text, "invalid syntax")
    return digit


def _underscores_separate_digits(digits: str, base: int) -> bool:
    """Check that underscores only separate digits. A base prefix counts as a digit before the underscore."""
    if "_" not in digits:
        return True
    return not (digits.endswith("_") or "__" in digits or (base == 10 and digits.startswith("_")))


def quote(text: str) -> str:
    """Quote a text as `strconv.Quote` does, and the verb `%q` for a string."""
    if text.isprintable() and '"' not in text and "\\" not in text:
        return f'"{text}"'
    return '"' + "".join(_escape(char, '"') for char in text) + '"'


def quote_rune(char: str) -> str:
    """Quote a character as `strconv.QuoteRune` does, and the verb `%q` for a rune."""
    return f"'{_escape(char, chr(39))}'"


def _escape(char: str, quotation_mark: str) -> str:
    if char in (quotation_mark, "\\"):
        return "\\" + char
    if char.isprintable():
        return char
    if char in _SHORT_ESCAPES:
        return _SHORT_ESCAPES[char]
    code = ord(char)
    if 0xDC80 <= code <= 0xDCFF:
        code -= 0xDC00
        return f"\\x{code:02x}"
    if code < 0x20 or code == 0x7F:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
