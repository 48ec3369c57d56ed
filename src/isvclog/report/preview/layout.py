"""How the text output puts sentences into lines."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from isvclog.report.color import Paint
from isvclog.report.columns import wrap_sentence
from isvclog.report.escape import printable

_MIN_WIDTH = 40


class Style(NamedTuple):
    """How to print: `width` columns (None: do not wrap), and whether sensitive values are shown."""

    paint: Paint
    width: int | None = None
    reveal: bool = False


def row(label: str, sentence: str, style: Style, look: str = "") -> Iterator[str]:
    """A label and its sentence, whose further lines are indented."""
    lead = f"  {label:<9} "
    first, *rest = wrap(lead, printable(sentence), style.width)
    yield f"  {style.paint(label.ljust(9), look or 'dim')} {first[len(lead) :]}"
    yield from rest


def wrap(lead: str, sentence: str, width: int | None) -> Sequence[str]:
    """The lines of a sentence behind its lead, one at least."""
    if width is None or not sentence:
        return [lead + sentence]
    indent = " " * (len(lead) if len(lead) * 2 < width else 6)
    return wrap_sentence(sentence, max(width, _MIN_WIDTH), lead, indent) or [lead]
