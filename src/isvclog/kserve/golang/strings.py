"""Go's `strings`, and the way between a Go string and its bytes."""

SPACE = "\t\n\v\f\r \x85\xa0\u1680" + "".join(map(chr, range(0x2000, 0x200B))) + "\u2028\u2029\u202f\u205f\u3000"
"""What `unicode.IsSpace` accepts. Python's `str.strip()` also takes U+001C to U+001F, which Go keeps."""


def to_bytes(text: str) -> bytes:
    """The bytes of a Go string."""
    return text.encode("utf-8", "surrogateescape")


def from_bytes(data: bytes) -> str:
    """The Go string with these bytes."""
    return data.decode("utf-8", "surrogateescape")


def trim_space(text: str) -> str:
    """`strings.TrimSpace`: without Unicode white space at both ends."""
    return text.strip(SPACE)


def to_lower(text: str) -> str:
    """`strings.ToLower`: rune by rune, so `İ` becomes a plain `i` where Python adds a combining dot."""
    return text.replace("\u0130", "i").lower()
