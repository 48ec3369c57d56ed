"""Values that are secret or personal, judged by their shape alone."""

from collections.abc import Iterator
from functools import cache, lru_cache
from re import ASCII, IGNORECASE

from isvclog.redact.checked import FEWEST_DIGITS, LETTERS, NUMBERS
from isvclog.redact.decoded import DECODERS, Decoder, readings
from isvclog.redact.keys import names_secret
from isvclog.redact.masks import REDACTED
from isvclog.redact.randomness import looks_random
from isvclog.redact.settings import is_secret_setting, json_strings, setting_secret
from isvclog.redact.shapes import HINTS, SECRETS, Class, Pattern, Shape, compile_late
from isvclog.redact.words import remembered

# Longer values are documents, in which something random always turns up.
_LONGEST_RANDOM = 512
_SHORTEST = 10
_SHORTEST_IN_NAME = 20
# What an address, a setting or an encoded one has, however short it is.
_MARKS = frozenset("@=:%\uff20\uff1d\uff1a")
# Values may be as long as 256 KiB: a few hundred of them are not kept.
_REMEMBERED = 4096
_AWS_SECRET = r"[A-Za-z0-9/+]{40}"
_RANKS = {kind: rank for rank, kind in enumerate(Class)}


def value_shape(value: str) -> Shape | None:
    """Find the worst shape of the value: secrets first, then personal data, then hints; None if the value is plain.

    Takes time in proportion to the length of the value.
    """
    if _is_short(value):
        return None
    return _worst(value) if len(value) <= _REMEMBERED else _find_worst(value)


def has_sensitive_shape(value: str) -> bool:
    """Check whether the value looks like a known kind of credential or personal data.

    Randomness alone does not count.
    """
    return not _is_short(value) and next(_known_shapes(value), None) is not None


def is_sensitive(key: str, value: str) -> bool:
    """Check whether an annotation's value should be hidden."""
    return names_secret(key, value) or has_sensitive_shape(value)


def is_still_sensitive(text: str) -> bool:
    """Check whether a text with hidden parts has a sensitive shape.

    A hidden part counts as some text, although the shapes skip a password that its author replaced by asterisks:
    otherwise hiding a password would show the rest of the text.
    """
    return has_sensitive_shape(text.replace(f":{REDACTED}@", "@").replace(REDACTED, "..."))


@lru_cache(maxsize=1024)  # many services have the same headers
def any_case_shape(name: str) -> Shape | None:
    """Find a credential in the name of a header, of which Go, and so the fixes of lint, change the case of letters."""
    lowered = name.lower()
    for pattern in SECRETS if len(name) >= _SHORTEST_IN_NAME else ():
        begins = any(start.lower() in lowered for start in pattern.starts)
        if begins and compile_late(pattern.regex, ASCII | IGNORECASE).search(name):
            return Shape(pattern.name, Class.SECRET)
    return None


@remembered(maxsize=256)  # several rules ask about the same value
def _worst(value: str) -> Shape | None:
    return _find_worst(value)


def _find_worst(value: str) -> Shape | None:
    found = None
    for shape in _shapes(value):
        if shape.kind is Class.SECRET:
            return shape
        found = min(found or shape, shape, key=lambda each: _RANKS[each.kind])
    return found


def _is_short(value: str) -> bool:
    return len(value) < _SHORTEST and _MARKS.isdisjoint(value)


def _shapes(value: str) -> Iterator[Shape]:
    yield from _known_shapes(value)
    if len(value) <= _LONGEST_RANDOM and looks_random(value):
        yield Shape("a random text, as keys are", Class.HINT)


def _known_shapes(value: str, decoders: tuple[Decoder, ...] = DECODERS) -> Iterator[Shape]:
    """Yield the shapes of the value as it is, of the strings in it if it is JSON, and of its other readings."""
    yield from _plain_shapes(value)
    if value.lstrip()[:1] in ("{", "["):
        for key, text in json_strings(value):
            if key and is_secret_setting(key, text):
                yield Shape("JSON with a secret", Class.SECRET)
            yield from _known_shapes(text, decoders)
    for text, left in readings(value, decoders):
        yield from _known_shapes(text, left)


def _plain_shapes(value: str) -> Iterator[Shape]:
    for pattern in _candidates(value):
        if compile_late(pattern.regex).search(value):
            yield Shape(pattern.name, Class.SECRET)
    if name := setting_secret(value):
        yield Shape(name, Class.SECRET)
    has_digits = len(value) >= FEWEST_DIGITS and sum(map(value.count, "0123456789")) >= FEWEST_DIGITS
    for shape, occurs_in in (*NUMBERS, *LETTERS) if has_digits else LETTERS:
        if occurs_in(value):
            yield shape
    if len(value) == 40 and compile_late(_AWS_SECRET).fullmatch(value) and looks_random(value):
        yield Shape("a secret access key of AWS", Class.LIKELY)
    for pattern in HINTS:
        if any(start in value for start in pattern.starts) and compile_late(pattern.regex).search(value):
            yield Shape(pattern.name, Class.HINT)


def _candidates(value: str) -> list[Pattern]:
    """Find the patterns one of whose starts occurs in the value, in the order of the table."""
    found: set[int] = set()
    has_capitals = value != value.lower()
    for mark, starts in _starts_by_mark().items():
        if mark in value if mark != "A" else has_capitals:
            found.update(index for start, index in starts if start in value)
    return [SECRETS[index] for index in sorted(found)]


@cache
def _starts_by_mark() -> dict[str, list[tuple[str, int]]]:
    """Group the starts of all patterns by a character in them that few values have; `A` is for any capital letter.

    Most values are searched for a few of the starts only.
    """
    groups: dict[str, list[tuple[str, int]]] = {}
    for index, pattern in enumerate(SECRETS):
        for start in pattern.starts:
            mark = next((mark for mark in "~_=: " if mark in start), None)
            if mark is None:
                mark = "A" if start != start.lower() else next((mark for mark in "./-" if mark in start), "")
            groups.setdefault(mark, []).append((start, index))
    return groups
