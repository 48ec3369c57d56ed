"""Go's `strings`, and the conversion between a Go string and its bytes."""

SPACE = "\t\n\v\f\r \x85\xa0\u1680" + "".join(map(chr, range(0x2000, 0x200B))) + "\u2028\u2029\u202f\u205f\u3000"
"""The characters that `unicode.IsSpace` accepts. Python's `str.strip()` also takes U+001C to U+001F, which Go keeps."""


def to_bytes(text: str) -> bytes:
    """Encode a Go string as its bytes."""
    return text.encode("utf-8", "surrogateescape")


def from_bytes(data: bytes) -> str:
    """Decode bytes as a Go string."""
    return data.decode("utf-8", "surrogateescape")


def trim_space(text: str) -> str:
    """Trim Unicode white space at both ends, as `strings.TrimSpace` does."""
    return text.strip(SPACE)


def to_lower(text: str) -> str:
    """Convert to lower case rune by rune, as `strings.ToLower` does.

    `İ` becomes a plain `i` here, but Python adds a combining dot.
    """
    return text.replace("\u0130", "i").lower()
