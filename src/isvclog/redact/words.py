"""Names, word by word: `tokenizer` is not a `token`, and `apiKey`, `api-key` and `API_KEY` are the same."""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, TypeVar, cast

from isvclog.patterns import late_pattern
from isvclog.records import NamedTuple

_Function = TypeVar("_Function", bound=Callable[..., Any])
_WORDS = late_pattern(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")


class Vocabulary(NamedTuple):
    """The user's own words, in addition to the built-in ones. Where none are given, those in force count.

    `keys` are names that are secret here: words in a row (`contract number`, `contractNumber`), or a glob over the
    whole key (`example.com/pii-*`). `allow` are keys or globs that are never sensitive, whatever their values are.
    """

    keys: tuple[str, ...] = ()
    allow: tuple[str, ...] = ()


_in_force = Vocabulary()
_caches: list[Any] = []


def use_vocabulary(vocabulary: Vocabulary) -> None:
    """Judge all names by these words from now on, as a command does with those of its project file."""
    global _in_force
    if vocabulary != _in_force:
        _in_force = vocabulary
        for cache in _caches:
            cache.cache_clear()


@contextmanager
def vocabulary_in_force(vocabulary: Vocabulary) -> Iterator[None]:
    """Judge all names by these words inside the block, in every thread, and by the former ones after it."""
    before = _in_force
    use_vocabulary(vocabulary)
    try:
        yield
    finally:
        use_vocabulary(before)


def allows_names() -> bool:
    """Check whether the vocabulary in force has names that are never sensitive."""
    return bool(_in_force.allow)


def adds_names() -> bool:
    """Check whether the vocabulary in force has names that are secret only here."""
    return bool(_in_force.keys)


def remembered(maxsize: int) -> Callable[[_Function], _Function]:
    """Cache the results of a function until another vocabulary is used."""

    def decorate(function: _Function) -> _Function:
        cached = lru_cache(maxsize)(function)
        _caches.append(cached)
        return cast(_Function, cached)

    return decorate


def is_allowed(name: str, vocabulary: Vocabulary | None = None) -> bool:
    """Check whether the user said that this annotation or header is never sensitive; case does not matter."""
    vocabulary = vocabulary or _in_force
    return bool(vocabulary.allow) and any(_matches(name, pattern) for pattern in vocabulary.allow)


def added_words(name: str, vocabulary: Vocabulary | None = None) -> str | None:
    """Find the first of the user's words that make the name secret; return these words, or None."""
    for key in (vocabulary or _in_force).keys:
        if "/" in key or _is_glob(key):
            if _matches(name, key):
                return key
        elif (said := split_words(key)) and said in _runs(split_words(name), len(said)):
            return " ".join(said)
    return None


def split_words(name: str) -> list[str]:
    """Split a name without its prefix into words in lower case: `example.com/apiKey-2` becomes `api`, `key`, `2`."""
    return [word.lower() for word in _WORDS.findall(name.rpartition("/")[2])]


def first_phrase(words: list[str], phrases: Collection[str]) -> str | None:
    """Find the first of the phrases (one to three words in lower case) that occurs among the words, or return None."""
    return next((phrase for phrase in all_phrases(words) if phrase in phrases), None)


def all_phrases(words: list[str]) -> Iterator[str]:
    """Yield every one to three words in a row, the longer first if they begin at the same word."""
    for start in range(len(words)):
        for length in (3, 2, 1):
            if start + length <= len(words):
                yield " ".join(words[start : start + length])


def _runs(words: list[str], length: int) -> Iterator[list[str]]:
    return (words[start : start + length] for start in range(len(words) - length + 1))


def _is_glob(pattern: str) -> bool:
    return not {*"*?["}.isdisjoint(pattern)


def _matches(name: str, pattern: str) -> bool:
    if not _is_glob(pattern):
        return name.lower() == pattern.lower()
    from fnmatch import fnmatchcase

    return fnmatchcase(name.lower(), pattern.lower())
