"""Values that are secret or personal, judged by their shape alone."""

import re
from collections.abc import Callable, Iterator
from enum import Enum
from functools import cache, lru_cache
from typing import NamedTuple

from isvclog.redact.randomness import looks_random
from isvclog.redact.shapes import BASIC, CARD, EMAIL, HINTS, SECRETS


class Class(Enum):
    """The sensitivity of a shape: anyone who has a secret can use it; a hint is worth a look and may be harmless."""

    SECRET = "secret"
    PERSONAL = "personal"
    HINT = "hint"


class Shape(NamedTuple):
    """The kind of thing that a value looks like, with its article: "a JSON Web Token"."""

    name: str
    kind: Class


# Longer values are documents, in which something random always turns up.
_LONGEST_RANDOM = 512
_SHORTEST = 12
# Values may be as long as 256 KiB: a few hundred of them are not kept.
_REMEMBERED = 4096
_NO_MAIL = frozenset(
    "local internal lan svc cluster localhost png jpg jpeg svg gif webp pdf json yaml yml txt md".split()
)
_STARTS = tuple((start, pattern) for pattern in SECRETS for start in pattern.starts)
# Of the issuers of payment cards: how numbers begin, and how long they are.
_ISSUERS = (
    (range(4, 5), 1, (13, 16, 19)),
    (range(51, 56), 2, (16,)),
    (range(2221, 2721), 4, (16,)),
    (range(34, 38, 3), 2, (15,)),
    (range(6011, 6012), 4, (16, 19)),
    (range(644, 660), 3, (16, 19)),
    (range(3528, 3590), 4, (16, 19)),
    (range(300, 306), 3, (14,)),
    (range(36, 40), 2, (14,)),
    (range(62, 63), 2, (16, 17, 18, 19)),
)


def value_shape(value: str) -> Shape | None:
    """Find the worst shape of the value: secrets first, then personal data, then hints; None if the value is plain.

    Takes time in proportion to the length of the value.
    """
    if _is_short(value):
        return None
    return _worst(value) if len(value) <= _REMEMBERED else next(_shapes(value), None)


def has_sensitive_shape(value: str) -> bool:
    """Check whether the value looks like a known kind of credential or personal data.

    Randomness alone does not count.
    """
    return not _is_short(value) and next(_known_shapes(value), None) is not None


@lru_cache(maxsize=256)  # several rules ask about the same value
def _worst(value: str) -> Shape | None:
    return next(_shapes(value), None)


def _is_short(value: str) -> bool:
    """Return True if the value is shorter than all shapes except an address, which has an `@`, and `pwd=…`."""
    return len(value) < _SHORTEST and "@" not in value and "=" not in value


def _shapes(value: str) -> Iterator[Shape]:
    yield from _known_shapes(value)
    if len(value) <= _LONGEST_RANDOM and looks_random(value):
        yield Shape("a random text, as keys are", Class.HINT)


def _known_shapes(value: str) -> Iterator[Shape]:
    for start, pattern in _STARTS:
        if start in value and _compiled(pattern.regex).search(value):
            yield Shape(pattern.name, Class.SECRET)
    for shape, occurs_in in _CHECKED:
        if occurs_in(value):
            yield shape
    for pattern in HINTS:
        if any(start in value for start in pattern.starts) and _compiled(pattern.regex).search(value):
            yield Shape(pattern.name, Class.HINT)


@cache
def _compiled(regex: str) -> re.Pattern[str]:
    """Compile the pattern at its first use, because most runs need none."""
    return re.compile(regex, re.ASCII)


def _has_login(value: str) -> bool:
    return "asic " in value and any(map(_is_basic, _compiled(BASIC).findall(value)))


def _is_basic(encoded: str) -> bool:
    """Return True if this is a name and a password as a browser sends them, and not a word behind `basic`."""
    from binascii import Error, a2b_base64

    try:
        decoded = a2b_base64(encoded + "=" * (-len(encoded) % 4))
    except Error:
        return False
    return b":" in decoded and decoded.isascii()


def _has_address(value: str) -> bool:
    return "@" in value and any(_is_personal(found[0]) for found in _compiled(EMAIL).finditer(value))


def _is_personal(address: str) -> bool:
    """Return True if people read mail to this address: not `git@`, service accounts and names inside a cluster."""
    user, _, domain = address.lower().partition("@")
    return user != "git" and domain.rpartition(".")[2] not in _NO_MAIL and not domain.endswith("gserviceaccount.com")


def _has_many_digits(value: str) -> bool:
    return len(value) >= 13 and sum(map(value.count, "0123456789")) >= 13


def _has_card(value: str) -> bool:
    return _has_many_digits(value) and any(_is_card(found[0]) for found in _compiled(CARD).finditer(value))


def _is_card(candidate: str) -> bool:
    digits = "".join(filter(str.isdigit, candidate))
    issued = any(int(digits[:size]) in numbers and len(digits) in lengths for numbers, size, lengths in _ISSUERS)
    return issued and len(set(digits)) > 1 and _passes_luhn(digits)


def _passes_luhn(digits: str) -> bool:
    """Check whether the last digit is the check digit of ISO/IEC 7812."""
    doubled = (int(digit) * (1 + index % 2) for index, digit in enumerate(reversed(digits)))
    return sum(number - 9 * (number > 9) for number in doubled) % 10 == 0


# Shapes whose candidates need a check of their own, worst first.
_CHECKED: tuple[tuple[Shape, Callable[[str], bool]], ...] = (
    (Shape("a user name and password", Class.SECRET), _has_login),
    (Shape("a card number", Class.SECRET), _has_card),
    (Shape("an e-mail address", Class.PERSONAL), _has_address),
)
