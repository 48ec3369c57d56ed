"""Bars as SVG, without a library: a few rectangles and texts need none."""

from collections.abc import Sequence
from html import escape
from typing import NamedTuple

_WIDTH, _LEFT, _ROW, _GAP = 760, 210, 22, 14
_LONGEST = 400
_COLOURS = ("#2a78d6", "#8c959f", "#c98500")


class Bars(NamedTuple):
    """A group of bars with a common scale: a title, and a label, a value and its text for each bar."""

    title: str
    bars: Sequence[tuple[str, float, str]]


def draw(title: str, groups: Sequence[Bars]) -> str:
    """Draw groups of horizontal bars below each other."""
    parts: list[str] = []
    y = 30
    for group in groups:
        y += _GAP + _ROW
        parts.append(f'<text x="16" y="{y}" font-weight="600">{escape(group.title)}</text>')
        y += 8
        largest = max(value for _, value, _ in group.bars) or 1
        for (label, value, text), colour in zip(group.bars, _COLOURS, strict=False):
            length = max(1, round(_LONGEST * value / largest))
            parts += [
                f'<text x="{_LEFT - 8}" y="{y + 15}" text-anchor="end">{escape(label)}</text>',
                f'<rect x="{_LEFT}" y="{y + 3}" width="{length}" height="{_ROW - 6}" rx="2" fill="{colour}"/>',
                f'<text x="{_LEFT + length + 6}" y="{y + 15}">{escape(text)}</text>',
            ]
            y += _ROW
    height = y + 16
    head = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" height="{height}" '
        'role="img" font-family="system-ui, sans-serif" font-size="13" fill="#1f2328">',
        f"<title>{escape(title)}</title>",
        f'<rect width="{_WIDTH}" height="{height}" rx="6" fill="#ffffff"/>',
        f'<text x="16" y="26" font-size="15" font-weight="600">{escape(title)}</text>',
    ]
    return "\n".join([*head, *parts, "</svg>"]) + "\n"
