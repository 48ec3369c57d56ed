"""Layout of the text output: sentences and their labels as lines."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from isvclog.report.color import Paint
from isvclog.report.columns import wrap_sentence
from isvclog.report.escape import printable

_MIN_WIDTH = 40


class Style(NamedTuple):
    """Print settings: `width` in columns (None: do not wrap)."""

    paint: Paint
    width: int | None = None


def row(label: str, sentence: str, style: Style, look: str = "") -> Iterator[str]:
    """Yield a label and its sentence; further lines are indented."""
    lead = f"  {label:<9} "
    first, *rest = wrap(lead, printable(sentence), style.width)
    yield f"  {style.paint(label.ljust(9), look or 'dim')} {first[len(lead) :]}"
    yield from rest


def wrap(lead: str, sentence: str, width: int | None) -> Sequence[str]:
    """Wrap a sentence that follows its lead. The result has at least one line."""
    if width is None or not sentence:
        return [lead + sentence]
    indent = " " * (len(lead) if len(lead) * 2 < width else 6)
    return wrap_sentence(sentence, max(width, _MIN_WIDTH), lead, indent) or [lead]
