"""Sentences as lines of a terminal, in which nothing is left out: a word that is wider than a line is broken."""

from collections.abc import Iterator

from isvclog.report.columns import first_columns, text_width

_MOST_CHARACTERS = 4000


def fitting_lines(sentence: str, room: int, first_room: int) -> Iterator[str]:
    """Yield the lines of a sentence; the first has `first_room` columns, the others have `room`.

    There is at least one line. A sentence of more than 4,000 characters is cut.
    """
    if len(sentence) > _MOST_CHARACTERS:
        sentence = sentence[:_MOST_CHARACTERS] + "…"
    line, left = "", first_room
    for word in _pieces(sentence.split(" "), room):
        longer = f"{line} {word}" if line else word
        if text_width(longer) > left:
            yield line
            longer, left = word, room
        line = longer
    yield line


def _pieces(words: list[str], room: int) -> Iterator[str]:
    """Yield words of at most `room` columns."""
    for word in words:
        while text_width(word) > room:
            piece = first_columns(word, room) or word[:1]
            yield piece
            word = word[len(piece) :]
        yield word
