"""Text in the columns of a terminal: measuring and wrapping."""

import textwrap

MIN_WIDTH = 20
"""Minimum width of wrapped text, in columns."""
_MOST_MARKS = 8
"""Characters of one column that are kept: a letter and the marks on it."""


def text_width(text: str) -> int:
    """Count the terminal columns of printable text.

    An emoji or a wide East Asian character has two, a combining mark none. rich knows them all, and is imported only
    for text that is not ASCII.
    """
    if text.isascii():
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)


def first_columns(text: str, width: int) -> str:
    """Cut the text to its start in at most `width` columns."""
    if text.isascii():
        return text[:width]
    text = text[: width * _MOST_MARKS]
    while (over := text_width(text) - width) > 0:
        text = text[: len(text) - max(1, over // 2)]
    return text


def last_columns(text: str, width: int) -> str:
    """Cut the text to its end in at most `width` columns."""
    if text.isascii():
        return text[max(len(text) - width, 0) :]
    text = text[max(len(text) - width * _MOST_MARKS, 0) :]
    while (over := text_width(text) - width) > 0:
        text = text[max(1, over // 2) :]
    return text


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
