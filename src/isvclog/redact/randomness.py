"""Detection of text that looks drawn at random: the last and weakest sign of a key."""

from collections import Counter
from itertools import groupby, pairwise

from isvclog.redact.decoded import base64_text
from isvclog.redact.shapes import compile_late

SHORTEST = 20
# What random base64 stays clear of and the names in `tests/redact/values/false.txt` do not: how often the kind of
# character changes, how much of the text is in runs of small letters as words are, how many separators there are.
_CHANGES = 0.4
_IN_WORDS = 0.3
_SEPARATORS = 0.125
_ENTROPY = 3.6
_IDENTIFIERS = (
    (21, r"[\w-]+"),  # NanoID
    (24, r"[A-Za-z0-9+/]{22}=="),  # MD5 in base64
    (27, r"[0-4][A-Za-z0-9]+"),  # KSUID
    (46, r"Qm[1-9A-HJ-NP-Za-km-z]+"),  # CID
)


def looks_random(text: str) -> bool:
    """Return True if the whole text is one word of mixed letters and digits that does not look like language.

    Hashes, UUIDs and other well-known identifiers, and encoded plain text do not count: they are far more often
    harmless.
    """
    if len(text) < SHORTEST or not compile_late(r"[A-Za-z0-9+/_-]+={0,2}").fullmatch(text) or _is_identifier(text):
        return False
    kinds = "".join(map(_kind, text.rstrip("=")))
    if not {"a", "A", "0"} <= {*kinds} or kinds.count("-") > _SEPARATORS * len(kinds) or _in_words(kinds) > _IN_WORDS:
        return False
    changes = sum(before != after for before, after in pairwise(kinds))
    return changes >= _CHANGES * (len(kinds) - 1) and entropy(text) >= _ENTROPY and base64_text(text) is None


def entropy(text: str) -> float:
    """Compute Shannon's entropy of the characters of a text that is not empty, in bits per character."""
    from math import log2

    return -sum(count / len(text) * log2(count / len(text)) for count in Counter(text).values())


def _is_identifier(text: str) -> bool:
    """Return True if the text may be a hash in base64, a NanoID, a KSUID (of 2014 to 2032) or a CID of IPFS."""
    if text.startswith(("sha256-", "sha384-", "sha512-")):
        return True
    return any(compile_late(identifier).fullmatch(text) for length, identifier in _IDENTIFIERS if length == len(text))


def _kind(char: str) -> str:
    if char.isdigit():
        return "0"
    return "a" if char.islower() else "A" if char.isupper() else "-"


def _in_words(kinds: str) -> float:
    """Compute the share of characters that are in runs of four or more small letters."""
    runs = (len([*run]) for kind, run in groupby(kinds) if kind == "a")
    return sum(length for length in runs if length >= 4) / len(kinds)
