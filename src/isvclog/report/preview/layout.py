"""Layout of the text output: sentences and their labels as lines, and texts that are shortened to fit."""

import json
from collections.abc import Iterator, Sequence

from isvclog.kserve.golang import json as gojson
from isvclog.records import NamedTuple
from isvclog.report.color import Paint
from isvclog.report.columns import first_columns, last_columns, text_width, wrap_sentence
from isvclog.report.escape import printable

_MIN_WIDTH = 40
_SHORTER = ((60, 48), (60, 32), (40, 20), (30, 12))
"""The columns to which the keys and values of an object are shortened until it fits."""


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
    """Wrap a sentence that follows its lead. The result has at least one line.

    Lines after a long lead are indented by 6 columns, or by less if a word, such as a URL, only fits so.
    """
    if width is None or not sentence:
        return [lead + sentence]
    width = max(width, _MIN_WIDTH)
    room = width - max(map(text_width, sentence.split()), default=0)
    indent = len(lead) if len(lead) * 2 < width else min(6, max(2, room))
    return wrap_sentence(sentence, width, lead, " " * indent) or [lead]


def keep_end(text: str, width: int) -> str:
    """Shorten a name to its end, which tells it apart from others with the same prefix. `width` is in columns."""
    return text if text_width(text) <= width else "…" + last_columns(text, width - 1)


def keep_ends(text: str, width: int) -> str:
    """Shorten a value in its middle; more of the end stays. `width` is in columns, 2 or more."""
    if text_width(text) <= width:
        return text
    head = (width - 1) // 3
    return first_columns(text, head) + "…" + last_columns(text, width - 1 - head)


def fit_object(text: str, width: int | None, rows: int) -> str:
    """Shorten the JSON of an object to some rows of `width` columns: first its values, then its end."""
    if width is None or text_width(text) <= width * rows:
        return text
    members = json.loads(text)
    for key, value in _SHORTER:
        shorter = gojson.marshal(_shortened(members, key, value))
        if text_width(shorter) <= width * rows:
            return shorter
    shown = first_columns(shorter, width * rows - 30)
    return f"{shown}… {len(shorter) - len(shown):,} more characters"


def _shortened(data: object, key: int, value: int) -> gojson.Value:
    if isinstance(data, str):
        return keep_ends(data, value)
    if isinstance(data, dict):
        # A Struct keeps the order, which shortened keys would change.
        return gojson.Struct((keep_end(name, key), _shortened(member, key, value)) for name, member in data.items())
    return [_shortened(item, key, value) for item in data] if isinstance(data, list) else None


def fold(text: str, width: int | None) -> Iterator[str]:
    """Break a text without spaces into lines of at most `width` columns, after a comma where one is near."""
    while width is not None and text_width(text) > width:
        line = first_columns(text, width)
        comma = line.rfind(",") + 1
        line = line[:comma] if comma > len(line) // 2 else line
        yield line
        text = text[len(line) :]
    yield text
