"""Secrets in another spelling: a fix of lint changes the case of letters, escapes characters, or leaves some out."""

import re
from collections.abc import Iterable, Iterator

from isvclog.redact.spans import Place

_FEWEST = 8
"""A secret with fewer letters and digits may be an ordinary word in another spelling: `log ger`."""
_PREFIX = 4
_ESCAPE = re.compile(r"\\(?:x[0-9a-f]{2}|u[0-9a-f]{8}|u[0-9a-f]{4}|.)", re.DOTALL)


class Respelled:
    """Secret texts, indexed by their letters and digits, which is what a fix leaves of them."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._forms: dict[str, list[str]] = {}
        for form in sorted({_squeezed(text.lower())[0] for text in texts}, key=len, reverse=True):
            if len(form) >= _FEWEST:
                self._forms.setdefault(form[:_PREFIX], []).append(form)

    def places(self, text: str) -> Iterator[Place]:
        """Find every occurrence; characters other than letters and digits, and escaped ones, may be anywhere in it."""
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
            if end:
                yield place
                at = end
            else:
                at += 1


def _squeezed(text: str) -> tuple[str, list[int]]:
    """Return the letters and digits of a text, and where each of them is."""
    indexes = [index for index, char in enumerate(text) if char.isalnum()]
    return "".join(text[index] for index in indexes), indexes
