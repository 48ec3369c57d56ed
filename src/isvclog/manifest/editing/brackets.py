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
    """Entries and commas with only blanks between them; `entry` is False if there are only commas."""

    start: int
    end: int
    entry: bool


def remove_from_brackets(node: Sequence | Mapping, indexes: Collection[int], text: str) -> list[Splice]:
    """Build the splices that remove the entries with these indexes from a collection in brackets.

    All entries may be removed.
    """
    removed, kept = _split(entries(node, text), set(indexes), text)
    pieces = _joined(removed, text)
    kept_ends = [piece.end for piece in kept if piece.entry]
    splices = [_without(piece, kept_ends, text) for piece in pieces]
    last, close = pieces[-1], node.end - 1
    if kept_ends and not (starts_line(text, last.start) and skip_blanks(text, last.end) == close):
        return splices
    last_kept = max((piece.end for piece in kept), default=after_properties(node, text) + 1)
    return _closed(splices, last_kept, last.end if kept_ends else close, text)


def is_emptied(node: Sequence | Mapping, text: str) -> bool:
    """Check whether removing all entries leaves nothing but the brackets, not even a comment."""
    splices = remove_from_brackets(node, range(len(entries(node, text))), text)
    return "#" not in _rest(text, after_properties(node, text) + 1, node.end - 1, splices)


def _split(found: list[EntrySpan], removed: set[int], text: str) -> tuple[list[_Piece], list[_Piece]]:
    """Split the entries and commas in brackets into those that are removed and those that stay."""
    commas = [find_comma(text, entry.end) for entry in found]
    needless = {comma for run in consecutive_runs(removed) for comma in _commas(found, commas, *run, text)}
    taken: list[_Piece] = []
    kept: list[_Piece] = []
    for index, (entry, comma) in enumerate(zip(found, commas, strict=True)):
        (taken if index in removed else kept).append(_Piece(*entry, True))
        if comma is not None:
            (taken if comma in needless else kept).append(_Piece(comma, comma + 1, False))
    return taken, kept


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


def _joined(removed: list[_Piece], text: str) -> list[_Piece]:
    """Join the pieces that have only blanks between them."""
    joined: list[_Piece] = []
    for piece in sorted(removed):
        if joined and skip_blanks(text, joined[-1].end) == piece.start:
            before = joined.pop()
            piece = _Piece(before.start, piece.end, before.entry or piece.entry)
        joined.append(piece)
    return joined


def _without(piece: _Piece, kept_ends: list[int], text: str) -> Splice:
    """Build the splice that removes a piece from its line. The entries that stay end at the places `kept_ends`."""
    left, right = back_over_blanks(text, piece.start), skip_blanks(text, piece.end)
    line, end = line_start(text, piece.start), line_end(text, right)
    is_first, is_last = left == line, right == end
    takes_comment = _takes_comment(piece, kept_ends, text)
    if is_first and (is_last or takes_comment):
        return Splice(line, next_line(text, end), "")
    if is_first:
        return Splice(piece.start, right, "")
    if takes_comment:
        return Splice(left, end, "")
    if is_last or text[right] in ",]}":
        return Splice(left, piece.end, "")
    if text[right] == "#":
        return Splice(left, piece.end, " " if right == piece.end else "")
    return Splice(piece.start, right, "")


def _takes_comment(piece: _Piece, kept_ends: list[int], text: str) -> bool:
    """Check whether a comment is behind the piece and is removed with it, because no entry stays before it."""
    if not piece.entry or not text.startswith("#", skip_blanks(text, piece.end)):
        return False
    line = line_start(text, piece.start)
    return bisect_right(kept_ends, line) == bisect_right(kept_ends, piece.start)


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
