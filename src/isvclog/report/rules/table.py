"""The list of rules for people: by group and as wide as the terminal, or one line per rule in a pipe."""

from collections.abc import Iterator, Mapping, Sequence

from isvclog.report.color import STYLES, Paint
from isvclog.report.columns import wrap_sentence
from isvclog.rules.catalogue import Description

_SUMMARY_WIDTH = 50
"""Minimum number of columns for a summary beside its rule; if there are fewer, it is below the rule."""


def table_lines(groups: Mapping[str, Sequence[Description]]) -> Iterator[str]:
    """Yield one line per rule, in columns: name, severity, kind of fix or `-`, releases, summary."""
    rules = [rule for found in groups.values() for rule in found]
    widths = _widths(rules)
    for rule in rules:
        yield "  ".join(_padded(rule, widths)) + f"  {rule.summary}\n"


def table(groups: Mapping[str, Sequence[Description]], paint: Paint, width: int | None = None) -> Iterator[str]:
    """Yield the rules below the names of their groups, wrapped at `width` columns; None does not wrap summaries."""
    widths = _widths([rule for found in groups.values() for rule in found])
    separator = ""
    for group, rules in groups.items():
        yield f"{separator}{paint(group, 'bold')}\n"
        separator = "\n"
        for rule in rules:
            yield "".join(f"{line}\n" for line in _row(rule, widths, paint, width))


def _row(rule: Description, widths: Sequence[int], paint: Paint, width: int | None) -> Iterator[str]:
    name, severity, *rest = _padded(rule, widths)
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


def _widths(rules: Sequence[Description]) -> list[int]:
    return [max(map(len, column)) for column in zip(*map(_cells, rules), strict=True)]


def _cells(rule: Description) -> tuple[str, ...]:
    return rule.name, str(rule.severity), rule.fix or "-", rule.releases.text


def _padded(rule: Description, widths: Sequence[int]) -> list[str]:
    return [cell.ljust(width) for cell, width in zip(_cells(rule), widths, strict=True)]
