"""Keys that only say whose secret they have: `example.com/datadog` with a value that nobody could guess."""

from itertools import pairwise

from isvclog.redact.shapes import compile_late
from isvclog.redact.wordlists import ABOUT, DESCRIBED, VENDORS
from isvclog.redact.words import first_phrase, split_words

_UUID = r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"
_LONG = 40
# How often letters and digits, or small letters and capitals, take turns in a text that people chose: less than this.
_TURNS = 0.25
_MANY_TURNS = 0.35


def vendor_name(key: str, value: str) -> str | None:
    """Find the vendor whose secret an opaque value is, because the key says no more than the vendor; or return None."""
    words = split_words(key)
    if not words or words[-1] in ABOUT or not DESCRIBED.isdisjoint(words):
        return None
    vendor = first_phrase(words, VENDORS)
    return vendor if vendor and _is_opaque(value) else None


def _is_opaque(value: str) -> bool:
    """Return True if the value looks made by a machine: letters and digits take turns, and there is no word in it."""
    if not compile_late(r"[A-Za-z0-9_.=%:+/-]{14,400}").fullmatch(value) or "//" in value or value[0] == "/":
        return False
    if compile_late(_UUID).fullmatch(value):
        return True
    parts = [part for part in compile_late(r"[._=%:+/-]").split(value) if part]
    letters = sum(map(len, parts))
    turns, cases = _turns(parts)
    if turns >= _MANY_TURNS * letters:
        return True
    if any(compile_late(r"[a-z]{6}").search(part) for part in parts):
        return False
    return (turns >= 2 and turns + cases >= _TURNS * letters) or (
        len(value) >= _LONG and sum(map(str.isdigit, value)) >= 2
    )


def _turns(parts: list[str]) -> tuple[int, int]:
    """Count where letters and digits, and where small letters and capitals, are beside each other."""
    beside = [pair for part in parts for pair in pairwise(part)]
    digits = sum(before.isdigit() != after.isdigit() for before, after in beside)
    cases = sum(before.isupper() != after.isupper() for before, after in beside if (before + after).isalpha())
    return digits, cases
