"""Detection of text that looks drawn at random: the last and weakest sign of a key."""

import re
from collections import Counter
from functools import cache
from itertools import groupby, pairwise

SHORTEST = 20
# What random base64 stays clear of and the names in `tests/redact/values/false.txt` do not: how often the kind of
# character changes, how much of the text is in runs of small letters as words are, how many separators there are.
_CHANGES = 0.4
_IN_WORDS = 0.3
_SEPARATORS = 0.125
_ENTROPY = 3.6


def looks_random(text: str) -> bool:
    """Return True if the whole text is one word of mixed letters and digits that does not look like language.

    Hashes in hexadecimal, UUIDs and encoded plain text do not count: they are far more often harmless.
    """
    if len(text) < SHORTEST or not _alphabet().fullmatch(text) or text.startswith(("sha256-", "sha384-", "sha512-")):
        return False
    kinds = "".join(map(_kind, text.rstrip("=")))
    if not {"a", "A", "0"} <= {*kinds} or kinds.count("-") > _SEPARATORS * len(kinds) or _in_words(kinds) > _IN_WORDS:
        return False
    changes = sum(before != after for before, after in pairwise(kinds))
    return changes >= _CHANGES * (len(kinds) - 1) and entropy(text) >= _ENTROPY and not _encodes_text(text)


def entropy(text: str) -> float:
    """Compute Shannon's entropy of the characters of a text that is not empty, in bits per character."""
    from math import log2

    return -sum(count / len(text) * log2(count / len(text)) for count in Counter(text).values())


@cache
def _alphabet() -> re.Pattern[str]:
    return re.compile(r"[A-Za-z0-9+/_-]+={0,2}", re.ASCII)


def _kind(char: str) -> str:
    if char.isdigit():
        return "0"
    return "a" if char.islower() else "A" if char.isupper() else "-"


def _in_words(kinds: str) -> float:
    """Compute the share of characters that are in runs of four or more small letters."""
    runs = (len([*run]) for kind, run in groupby(kinds) if kind == "a")
    return sum(length for length in runs if length >= 4) / len(kinds)


def _encodes_text(text: str) -> bool:
    from binascii import Error, a2b_base64

    plain = text.rstrip("=").translate({ord("-"): "+", ord("_"): "/"})
    try:
        decoded = a2b_base64(plain + "=" * (-len(plain) % 4)).decode()
    except (Error, UnicodeDecodeError):
        return False
    return all(char.isprintable() or char in "\t\r\n" for char in decoded)
