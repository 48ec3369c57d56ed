"""Text in the columns of a terminal."""

import textwrap
import unicodedata

MIN_WIDTH = 20
"""Text is not wrapped more narrowly than this."""


def text_width(text: str) -> int:
    """How many terminal columns printable text takes: two for wide East Asian characters, none for combining marks."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text
    )


def wrap_sentence(sentence: str, width: int | None, first: str = "", later: str | None = None) -> list[str]:
    """The sentence in lines of `width` columns, or in one if that is None; words that are longer stay whole.

    `first` is put before the first line, `later` before the others, `first` again if that is None.
    """
    if width is None:
        return [first + sentence]
    return textwrap.wrap(
        sentence,
        max(width, MIN_WIDTH),
        initial_indent=first,
        subsequent_indent=first if later is None else later,
        break_long_words=False,
        break_on_hyphens=False,
    )
