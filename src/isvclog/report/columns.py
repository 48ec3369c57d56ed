"""Text in the columns of a terminal: measuring and wrapping."""

import textwrap
import unicodedata

MIN_WIDTH = 20
"""Minimum width of wrapped text, in columns."""


def text_width(text: str) -> int:
    """Count the terminal columns of printable text: two for wide East Asian characters, none for combining marks."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text
    )


def wrap_sentence(sentence: str, width: int | None, first: str = "", later: str | None = None) -> list[str]:
    """Wrap the sentence into lines of `width` columns, or one line if that is None; longer words are not broken.

    `first` is put before the first line and `later` before the others; if `later` is None, `first` is used for all
    lines.
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
