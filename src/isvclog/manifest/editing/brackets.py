"""Removal of entries from brackets, line by line.

A comment at the end of a line is removed with the entries of that line if none of them is left; a comment on a line of
its own stays. A line with nothing left is removed; a line that keeps an entry or a bracket keeps its leading white
space.
"""

from bisect import bisect_right
from collections.abc import Collection, Iterator
from typing import NamedTuple

from isvclog.manifest.editing.entries import (
    EntrySpan,
    Splice,
    after_properties,
    back_over_blanks,
    consecutive_runs,
    entries,
    find_comma,
    line_end,
    line_start,
    next_line,
    skip_blanks,
    starts_line,
)
from isvclog.manifest.syntax.nodes import Mapping, Sequence


class _Piece(NamedTuple):
    """Entries and commas to remove, with only blanks between them; `entry` is False if there are only commas."""

    start: int
    end: int
    entry: bool


def remove_from_brackets(node: Sequence | Mapping, indexes: Collection[int], text: str) -> list[Splice]:
    """Build the splices that remove the entries with these indexes from a collection in brackets.

    All entries may be removed.
    """
    found, gone = entries(node, text), set(indexes)
    commas = [find_comma(text, entry.end) for entry in found]
    extra = {comma for first, last in consecutive_runs(gone) for comma in _commas(found, commas, first, last, text)}
    parts = [_Piece(*found[index], True) for index in gone] + [_Piece(comma, comma + 1, False) for comma in extra]
    pieces = list(_joined(sorted(parts), text))
    ends = [entry.end for index, entry in enumerate(found) if index not in gone]
    splices = [_without(piece, ends, text) for piece in pieces]
    rest = [*ends[-1:], *(comma + 1 for comma in commas if comma is not None and comma not in extra)]
    last_kept = max([after_properties(node, text) + 1, *rest])
    close = node.end - 1
    if ends and not (starts_line(text, pieces[-1].start) and skip_blanks(text, pieces[-1].end) == close):
        return splices
    return _closed(splices, last_kept, pieces[-1].end if ends else close, text)


def is_emptied(node: Sequence | Mapping, text: str) -> bool:
    """Check whether removing all entries leaves nothing but the brackets, not even a comment."""
    splices = remove_from_brackets(node, range(len(entries(node, text))), text)
    return "#" not in _rest(text, after_properties(node, text) + 1, node.end - 1, splices)


def _commas(found: list[EntrySpan], commas: list[int | None], first: int, last: int, text: str) -> Iterator[int]:
    """Yield the commas that are removed with a run of entries.

    These are the commas inside the run and one beside it. If there is one on each side, the one behind the run is
    removed, or the one before it if commas lead their lines.
    """
    before, after = commas[first - 1] if first else None, commas[last]
    if before is not None and after is not None:
        leading = before >= line_start(text, found[first].start) and after > line_end(text, found[last].end)
        after = before if leading else after
    yield from (comma for comma in (*commas[first:last], before if after is None else after) if comma is not None)


def _joined(parts: list[_Piece], text: str) -> Iterator[_Piece]:
    piece = parts[0]
    for part in parts[1:]:
        if skip_blanks(text, piece.end) == part.start:
            piece = _Piece(piece.start, part.end, piece.entry or part.entry)
        else:
            yield piece
            piece = part
    yield piece


def _without(piece: _Piece, kept_ends: list[int], text: str) -> Splice:
    """Build the splice that removes a piece from its line. The entries that stay end at the places `kept_ends`."""
    left, right = back_over_blanks(text, piece.start), skip_blanks(text, piece.end)
    line, end = line_start(text, piece.start), line_end(text, right)
    comment = text[right : right + 1] == "#"
    if left == line:
        if right == end or (comment and piece.entry):
            return Splice(line, next_line(text, end), "")
        return Splice(piece.start, right, "")
    if right == end:
        return Splice(left, piece.end, "")
    if comment:
        before = bisect_right(kept_ends, piece.start)
        if piece.entry and not (before and kept_ends[before - 1] > line):
            return Splice(left, end, "")
        return Splice(left, piece.end, " " if right == piece.end else "")
    if text[right] in ",]}":
        return Splice(left, piece.end, "")
    return Splice(piece.start, right, "")


def _closed(splices: list[Splice], start: int, end: int, text: str) -> list[Splice]:
    """Move the closing bracket up to what is left before it, unless a comment is in between."""
    if _rest(text, start, end, splices).strip():
        return splices
    return [*(splice for splice in splices if splice.start < start), Splice(start, end, "")]


def _rest(text: str, start: int, end: int, splices: list[Splice]) -> str:
    """Return what is left of a stretch of the text after the splices."""
    found: list[str] = []
    for splice in splices:
        if splice.start >= start:
            found += (text[start : splice.start], splice.text)
            start = splice.end
    return "".join((*found, text[start:end]))
