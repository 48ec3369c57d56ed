"""Keys whose values are secret or personal, judged by their words and by the word at their end."""

from functools import lru_cache

from isvclog.redact.known import is_reference, known_annotation
from isvclog.redact.vendors import vendor_name
from isvclog.redact.wordlists import (
    ABOUT,
    IDENTIFIED,
    MEASURES,
    OF_MODELS,
    PARAMETER,
    PERSONAL,
    SECRET,
    SWITCHES,
    UNITS,
)
from isvclog.redact.words import Vocabulary, added_words, all_phrases, first_phrase, is_allowed, split_words

_TOKENS = frozenset(("token", "tokens"))
_COUNTED = MEASURES | OF_MODELS
# A `phone-number` is the phone number itself.
_ENDS = ABOUT | (MEASURES - {"number", "num"})


def secret_name(key: str, value: str | None = None, vocabulary: Vocabulary | None = None) -> str | None:
    """Find the words that say that the key's value is secret ("api key"), or return None.

    Without a `vocabulary`, the one in force counts. If the value is given, it decides what the name leaves open:
    `tokens: "4096"` is a quantity and `session: enabled` a switch, but the value of `session-timeout` counts as a
    session unless it is a number.
    """
    if is_allowed(key, vocabulary):
        return None
    if mine := added_words(key, vocabulary):
        return mine
    if (said := _secret(key)) is None:
        return None
    words = split_words(key)
    if is_reference(key) or (value is None and words[-1:] and words[-1] in _ENDS):
        return None
    return None if value is not None and _is_harmless(words, value) else said


def personal_name(key: str, vocabulary: Vocabulary | None = None) -> str | None:
    """Find the words that say that the key's value is about a person ("email"), or return None."""
    found = _personal(key)
    if found is None or is_allowed(key, vocabulary):
        return None
    words = split_words(key)
    # `first-name` ends in a word that would make `email-name` a reference.
    ends = found.split() == words[-len(found.split()) :]
    return found if ends or words[-1] not in _ENDS else None


_SWITCHES = frozenset(("true", "false", "null", "~"))


def names_secret(key: str, value: str) -> bool:
    """Return True if the key says that this value is secret or personal, and the value is no quantity."""
    if is_allowed(key):
        return False
    if (
        added_words(key)
        or known_annotation(key) is not None
        or personal_name(key) is not None
        or vendor_name(key, value) is not None
    ):
        return True
    if value.strip().lower() in _SWITCHES:
        return False
    return not is_reference(key) and _secret(key) is not None and not _is_quantity(split_words(key), value)


def has_sensitive_name(key: str) -> bool:
    """Return True if the key says that its value is secret or personal; references to a secret are neither."""
    if is_allowed(key):
        return False
    return known_annotation(key) is not None or secret_name(key) is not None or personal_name(key) is not None


def is_sensitive_parameter(name: str) -> bool:
    """Check whether a parameter of a URL is named like a secret or a signature."""
    return has_sensitive_name(name) or not (is_allowed(name) or PARAMETER.isdisjoint(split_words(name)))


# Many services have the same names.
@lru_cache(maxsize=1024)
def _personal(key: str) -> str | None:
    return first_phrase(split_words(key), PERSONAL)


@lru_cache(maxsize=1024)
def _secret(key: str) -> str | None:
    words = split_words(key)
    if not words or words[-1] in ABOUT or _is_identifier(words):
        return None
    counted = not _COUNTED.isdisjoint(words)
    return next((said for said in all_phrases(words) if said in SECRET and not (counted and said in _TOKENS)), None)


def _is_identifier(words: list[str]) -> bool:
    """Return True if the words name the identifier of a secret: `token-id`. An access key's ID counts as secret."""
    is_id = len(words) > 1 and words[-1] in ("id", "ids") and words[-2] in IDENTIFIED
    return is_id and words[-3:-1] != ["access", "key"]


def _is_harmless(words: list[str], value: str) -> bool:
    return value.strip().lower() in SWITCHES or not value.strip() or _is_quantity(words, value)


def _is_quantity(words: list[str], value: str) -> bool:
    return not (MEASURES | {"tokens"}).isdisjoint(words) and _is_number(value)


def _is_number(value: str) -> bool:
    number = value.strip().rstrip("%").rstrip()
    digits = number.rstrip("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ").rstrip()
    unit = number[len(digits) :].strip()
    bare = digits.lstrip("+-")
    return len(bare) <= 13 and bare[:1].isdigit() and not bare.strip("0123456789_,.") and (not unit or unit in UNITS)
