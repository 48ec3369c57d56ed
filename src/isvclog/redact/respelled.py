"""Secrets in another spelling: a fix of lint changes the case of letters, escapes characters, or leaves some out."""

import re
from collections.abc import Iterable, Iterator

from isvclog.patterns import late_pattern
from isvclog.redact.literals import SHORTEST
from isvclog.redact.places.place import Place

_ALONE = 8
"""With fewer characters, a text counts only as a whole word."""
_PREFIX = 4
_QUOTES = frozenset("$\"'`\\")
_ESCAPE = late_pattern(r"\\(?:x[0-9a-f]{2}|u[0-9a-f]{8}|u[0-9a-f]{4}|.)", re.DOTALL)


class Respelled:
    """Secret texts, indexed by what fixes leave of them: visible characters, without quotes and dollar signs."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._forms: dict[str, list[str]] = {}
        for form in sorted({_squeezed(text.lower())[0] for text in texts}, key=len, reverse=True):
            if len(form) >= SHORTEST:
                self._forms.setdefault(form[:_PREFIX], []).append(form)

    def places(self, text: str) -> Iterator[Place]:
        """Find every occurrence; characters that fixes remove or add, and escaped ones, may be anywhere in it."""
        lowered = text.lower()
        if not self._forms or len(lowered) != len(text):
            return
        yield from self._matches(lowered)
        if "\\" in lowered:
            yield from self._matches(_ESCAPE.sub(lambda found: "\\" * len(found[0]), lowered))

    def _matches(self, text: str) -> Iterator[Place]:
        squeezed, indexes = _squeezed(text)
        at = 0
        while at <= len(squeezed) - _PREFIX:
            bucket = self._forms.get(squeezed[at : at + _PREFIX], ())
            end = next((at + len(form) for form in bucket if squeezed.startswith(form, at)), 0)
            place = (indexes[at], indexes[end - 1] + 1) if end else (0, 0)
            if end and (end - at >= _ALONE or _is_word(text, *place)):
                yield place
                at = end
            else:
                at += 1


def _squeezed(text: str) -> tuple[str, list[int]]:
    """Return the characters of a text that fixes leave, and where each of them is."""
    first, end = len(text) - len(text.lstrip()), len(text.rstrip())
    indexes = [index for index in range(first, end) if text[index].isprintable() and text[index] not in _QUOTES]
    return "".join(text[index] for index in indexes), indexes


def _is_word(text: str, start: int, end: int) -> bool:
    return not (text[max(start - 1, 0) : start].isalnum() or text[end : end + 1].isalnum())
