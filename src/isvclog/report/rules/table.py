"""The list of rules for people, by group and as wide as the terminal."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from isvclog.report.color import STYLES, Paint, painter
from isvclog.report.columns import wrap_sentence
from isvclog.report.formats import FormatSettings
from isvclog.rules.catalogue import Description

_SUMMARY_WIDTH = 50
"""Minimum number of columns for a summary beside its rule; if there are fewer, it is below the rule."""


def write(rules: Sequence[Description], settings: FormatSettings) -> Iterator[str]:
    """Yield the rules below the names of their groups, wrapped at `settings.width` columns (None: not wrapped)."""
    paint, widths = painter(settings.color), column_widths(rules)
    separator = ""
    for group, members in groupby(rules, lambda rule: rule.group):
        yield f"{separator}{paint(group, 'bold')}\n"
        separator = "\n"
        for rule in members:
            yield "".join(f"{line}\n" for line in _row(rule, widths, paint, settings.width))


def _row(rule: Description, widths: Sequence[int], paint: Paint, width: int | None) -> Iterator[str]:
    name, severity, *rest = padded_cells(rule, widths)
    facts = "  ".join((paint(severity, STYLES[rule.severity]), *rest))
    room = None if width is None else width - sum(widths) - 2 * len(widths) - 2
    if room is None or room >= _SUMMARY_WIDTH:
        first, *later = wrap_sentence(rule.summary, room)
        yield f"  {name}  {facts}  {first}"
        yield from (" " * (sum(widths) + 2 * len(widths) + 2) + line for line in later)
        return
    if sum(widths) + 2 * len(widths) <= (width or 0):
        yield f"  {name}  {facts}".rstrip()
    else:
        yield f"  {rule.name}"
        yield f"    {'  '.join((paint(str(rule.severity), STYLES[rule.severity]), *map(str.strip, rest)))}"
    yield from (f"    {line}" for line in wrap_sentence(rule.summary, (width or 0) - 4))


def column_widths(rules: Sequence[Description]) -> list[int]:
    """Compute the widths of the columns before the summary."""
    return [max(map(len, column)) for column in zip(*map(_cells, rules), strict=True)]


def _cells(rule: Description) -> tuple[str, ...]:
    return rule.name, str(rule.severity), rule.fix or "-", rule.releases.text


def padded_cells(rule: Description, widths: Sequence[int]) -> list[str]:
    """Format the cells before the summary: name, severity, kind of fix or `-`, and releases."""
    return [cell.ljust(width) for cell, width in zip(_cells(rule), widths, strict=True)]
