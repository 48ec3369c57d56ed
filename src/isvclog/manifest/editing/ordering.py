"""The order of edits of one text, and the detection of overlaps."""

from collections.abc import Iterable
from itertools import pairwise

from isvclog.findings import Edit
from isvclog.manifest.editing.edit_error import EditError


def sorted_splices(found: Iterable[Edit]) -> list[Edit]:
    """Sort the edits in the order of the text, each once. Raise EditError if two of them overlap."""
    ordered = sorted(dict.fromkeys(found), key=lambda edit: (edit.span, -_indent(edit.text)))
    for one, other in pairwise(ordered):
        if overlap(one, other):
            raise EditError("two changes touch the same text", "make them one after the other", other.span)
    return ordered


def _indent(text: str) -> int:
    """Measure how far added lines are indented. If two mappings end at the same place, the inner one ends first."""
    line = text.lstrip("\r\n")
    return len(line) - len(line.lstrip(" ")) if line != text else 0


def overlap(one: Edit, other: Edit) -> bool:
    """Check whether two different edits touch the same characters, or one adds something inside the other."""
    first, second = sorted((one.span, other.span))
    if first == second:
        return first[:2] != first[2:]
    return second[:2] < first[2:]
