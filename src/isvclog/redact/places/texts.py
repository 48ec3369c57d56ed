"""The secrets of a text, of a whole value, and of a sentence of our own."""

import re
from collections.abc import Iterator, Sequence

from isvclog.patterns import late_pattern
from isvclog.redact.places.pairs import allowed_places, flag_places, header_places, netrc_places, pair_places
from isvclog.redact.places.place import Place, filled, merged
from isvclog.redact.places.urls import odd_url_places, url_places
from isvclog.redact.values import any_case_shape, has_sensitive_shape

_PEM = late_pattern(r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY-----.*?(?:-----END [A-Z0-9 ]{0,40}-----|\Z)", re.DOTALL)
_WORD = late_pattern(r"[^\s\"'`,;{}\[\]()<>]+")
_LONG_WORD = late_pattern(r"(?<![^\s\"'`,;{}\[\]()<>])[^\s\"'`,;{}\[\]()<>]{20,}")
_TOGETHER = 9
_MOST_WORDS = 100
_SHORTEST = 6
_SHORTEST_RANDOM = 20


def secret_places(text: str) -> list[Place]:
    """Find the secrets in a text: sorted, and none overlaps another one."""
    places = merged(_named_places(text))
    return merged([*places, *_shape_places(text, places, False)])


def value_places(text: str, *, header: bool = False, is_url: bool = False) -> list[Place]:
    """Find the secrets in a whole value.

    Words that are secret only on their own count as well, as random ones do. With `header`, it is a request header,
    and with `is_url` a URL, of which nobody knows whether it is valid.
    """
    found = _named_places(text, header=header)
    if header:
        found += header_places(text)
        found += (word.span() for word in _WORD.finditer(text) if any_case_shape(word[0]))
    if is_url:
        found += odd_url_places(text)
    places = merged(found)
    return merged([*places, *_shape_places(text, places, True)])


def sentence_places(text: str) -> list[Place]:
    """Find the secrets in a sentence of our own; only what it quotes in backticks or quotation marks has names."""
    found = list(url_places(text))
    for quoted in re.finditer(r"`[^`]*`|\"[^\"]*\"", text):
        inside = (*pair_places(quoted[0]), *flag_places(quoted[0]))
        found += ((start + quoted.start(), end + quoted.start()) for start, end in inside)
    places = merged(found)
    return merged([*places, *_shape_places(text, places, False)])


def _named_places(text: str, *, header: bool = False) -> list[Place]:
    """Find the secrets that what is around them shows, whatever they look like."""
    return [
        *url_places(text),
        *pair_places(text, header=header),
        *flag_places(text),
        *netrc_places(text),
        *_private_keys(text),
    ]


def _private_keys(text: str) -> Iterator[Place]:
    if "PRIVATE KEY-" in text:
        yield from (match.span() for match in _PEM.finditer(text))


def _shape_places(text: str, known: Sequence[Place], word_by_word: bool) -> Iterator[Place]:
    """Find words, or else a few words in a row, or else the rest of the text, whose shape is sensitive."""
    rest = filled(text, merged([*known, *allowed_places(text)]))
    if not has_sensitive_shape(rest):
        if word_by_word and len(rest) > _SHORTEST_RANDOM:  # what is random on its own is not seen in a longer text
            for word in _LONG_WORD.finditer(rest):
                if len(word[0]) < len(rest) and has_sensitive_shape(word[0]):
                    yield _narrowed(word)
        return
    found = [
        _narrowed(word) for word in _WORD.finditer(rest) if len(word[0]) >= _SHORTEST and has_sensitive_shape(word[0])
    ]
    yield from found
    rest = filled(rest, found)
    while has_sensitive_shape(rest):
        place = _window(rest)
        if place is None:
            yield 0, len(text)
            return
        yield place
        rest = filled(rest, [place])


def _narrowed(word: re.Match[str]) -> Place:
    """Return the place of a sensitive word without the colon of a key behind it.

    Of a URL, return the part behind its host, if that is what is sensitive.
    """
    scheme = word[0].find("://")
    path = word[0].find("/", scheme + 3) if scheme >= 0 else -1
    if path >= 0 and not has_sensitive_shape(word[0][: path + 1]):
        return word.start() + path + 1, word.end()
    return word.start(), word.start() + len(word[0].rstrip(":"))


def _window(text: str) -> Place | None:
    """Find the fewest words in a row that are sensitive together; None if there are none, or too many words."""
    words = [match.span() for match in _WORD.finditer(text)]
    if len(words) > _MOST_WORDS:
        return None
    for size in range(2, _TOGETHER + 1):
        for index in range(len(words) - size + 1):
            start, end = words[index][0], words[index + size - 1][1]
            if has_sensitive_shape(text[start:end]):
                return start, end
    return None
