"""Other readings of a value: full-width and invisible letters, percent-encoding and base64 hide it from a search only.

Each way to write is undone once: base64 of base64 is not read.
"""

import re
from collections.abc import Callable, Iterator

from isvclog.redact.shapes import compile_late

_SHORTEST_ENCODED = 14
"""The length of an encoded text below which nothing secret fits."""
_CODE = rb"%([0-9A-Fa-f]{2})"

Decoder = Callable[[str], Iterator[str]]


def base64_text(text: str) -> str | None:
    """Decode base64 of either alphabet, with or without padding; return None if the result is no printable text."""
    from binascii import Error, a2b_base64

    plain = text.rstrip("=").translate({ord("-"): "+", ord("_"): "/"})
    try:
        decoded = a2b_base64(plain + "=" * (-len(plain) % 4)).decode()
    except (Error, ValueError):
        return None
    return decoded if all(char.isprintable() or char in "\t\r\n" for char in decoded) else None


def _narrow(text: str) -> Iterator[str]:
    """Yield the text in the usual letters, if it has others that Unicode calls compatible."""
    if text.isascii():
        return
    from unicodedata import is_normalized, normalize

    if not is_normalized("NFKC", text):
        yield normalize("NFKC", text)


def _visible(text: str) -> Iterator[str]:
    """Yield the text without characters that nobody sees: control characters, soft hyphens, joiners and marks."""
    if text.isprintable():
        return
    from unicodedata import category

    hidden = {ord(char): None for char in set(text) if char not in "\t\r\n" and category(char) in ("Cc", "Cf")}
    if hidden:
        yield text.translate(hidden)


def _unquoted(text: str) -> Iterator[str]:
    """Yield the text without percent-encoding, and what is encoded in the values of its parameters, a line for each."""
    if "%" not in text or compile_late(r"%[0-9A-Fa-f]{2}").search(text) is None:
        return
    yield _unquote(text)
    values = [value for _, _, value in (part.partition("=") for part in re.split(r"[?&;#]", text)) if "%" in value]
    if values:
        yield _unquote("\n".join(values))


def _unquote(text: str) -> str:
    raw = re.sub(_CODE, lambda code: bytes((int(code[1], 16),)), text.encode("utf-8", "surrogatepass"))
    return raw.decode("utf-8", "replace")


def _unwrapped(text: str) -> Iterator[str]:
    """Yield the text that the whole text, or all of it behind a name, encodes as base64, in one line or several."""
    joined = text.strip().replace("\n", "")
    if len(joined) < _SHORTEST_ENCODED:
        return
    if named := compile_late(r"[\w./-]{1,100}[=:]\s?(?=[^=:\s])").match(joined):
        joined = joined[named.end() :]
    if len(joined) < _SHORTEST_ENCODED or not compile_late(r"[A-Za-z0-9+/_-]+={0,2}").fullmatch(joined):
        return
    if (decoded := base64_text(joined)) is not None:
        yield decoded


DECODERS: tuple[Decoder, ...] = (_narrow, _visible, _unquoted, _unwrapped)


def readings(text: str, decoders: tuple[Decoder, ...]) -> Iterator[tuple[str, tuple[Decoder, ...]]]:
    """Yield the text as each decoder reads it, and the decoders that are left for that reading."""
    for decoder in decoders:
        for reading in decoder(text):
            if reading != text:
                yield reading, tuple(other for other in decoders if other is not decoder)
