"""Removal of entries from brackets, line by line.

A comment at the end of a line is removed with the entries of that line if none of them is left; a comment on a line of
its own stays. A line with nothing left is removed; a line that keeps an entry or a bracket keeps its leading white
space.
"""

from bisect import bisect_right
from collections.abc import Collection, Iterator

from isvclog.manifest.editing.entries import (
    EntrySpan,
    Splice,
    after_properties,
    back_over_blanks,
    consecutive_runs,
    ends_line,
    entries,
    find_comma,
    line_end,
    line_start,
    next_line,
    skip_blanks,
    starts_line,
)
from isvclog.manifest.syntax.nodes import Mapping, Sequence
from isvclog.records import NamedTuple


class _Piece(NamedTuple):
    """Entries and commas with only blanks between them; `entry` is False if there are only commas."""

    start: int
    end: int
    entry: bool


def remove_from_brackets(node: Sequence | Mapping, indexes: Collection[int], text: str) -> list[Splice]:
    """Build the splices that remove the entries with these indexes from a collection in brackets.

    All entries may be removed. What stays is only looked at beside what is removed, so that many removals of one entry
    each are fast.
    """
    found, removed = entries(node, text), set(indexes)
    commas = _needless_commas(found, removed, text)
    taken = [_Piece(*found[index], True) for index in removed]
    pieces = _joined([*taken, *(_Piece(comma, comma + 1, False) for comma in commas)], text)
    splices = [_without(piece, found, removed, text) for piece in pieces]
    last, close = pieces[-1], node.end - 1
    some_stay = len(removed) < len(found)
    if some_stay and not (starts_line(text, last.start) and skip_blanks(text, last.end) == close):
        return splices
    last_kept = _last_kept(found, removed, commas, text)
    start = after_properties(node, text) + 1 if last_kept is None else last_kept
    return _closed(splices, start, last.end if some_stay else close, text)


def is_emptied(node: Sequence | Mapping, text: str) -> bool:
    """Check whether removing all entries leaves nothing but the brackets, not even a comment."""
    splices = remove_from_brackets(node, range(len(entries(node, text))), text)
    return "#" not in _rest(text, after_properties(node, text) + 1, node.end - 1, splices)


def _needless_commas(found: list[EntrySpan], removed: set[int], text: str) -> set[int]:
    """Locate the commas that are removed with the entries."""
    return {comma for run in consecutive_runs(removed) for comma in _commas(found, *run, text)}


def _last_kept(found: list[EntrySpan], removed: set[int], commas: set[int], text: str) -> int | None:
    """Find the end of the last entry or comma that stays; None if none stays."""
    for index in range(len(found) - 1, -1, -1):
        comma = find_comma(text, found[index].end)
        if comma is not None and comma not in commas:
            return comma + 1
        if index not in removed:
            return found[index].end
    return None


def _commas(found: list[EntrySpan], first: int, last: int, text: str) -> Iterator[int]:
    """Yield the commas that are removed with a run of entries.

    These are the commas inside the run and one beside it. If there is one on each side, the one behind the run is
    removed, or the one before it if commas lead their lines.
    """
    inner = [find_comma(text, entry.end) for entry in found[first:last]]
    before = find_comma(text, found[first - 1].end) if first else None
    after = find_comma(text, found[last].end)
    if before is not None and after is not None:
        leading = not _has_break(text, before, found[first].start) and _has_break(text, found[last].end, after)
        after = before if leading else after
    yield from (comma for comma in (*inner, before if after is None else after) if comma is not None)


def _has_break(text: str, start: int, end: int) -> bool:
    return text.find("\n", start, end) >= 0 or text.find("\r", start, end) >= 0


def _joined(removed: list[_Piece], text: str) -> list[_Piece]:
    """Join the pieces that have only blanks between them."""
    joined: list[_Piece] = []
    for piece in sorted(removed):
        if joined and skip_blanks(text, joined[-1].end) == piece.start:
            before = joined.pop()
            piece = _Piece(before.start, piece.end, before.entry or piece.entry)
        joined.append(piece)
    return joined


def _without(piece: _Piece, found: list[EntrySpan], removed: set[int], text: str) -> Splice:
    """Build the splice that removes a piece from its line."""
    left, right = back_over_blanks(text, piece.start), skip_blanks(text, piece.end)
    is_first, is_last = starts_line(text, piece.start), ends_line(text, right)
    takes_comment = _takes_comment(piece, found, removed, text)
    if is_first and (is_last or takes_comment):
        return Splice(left, next_line(text, right), "")
    if is_first:
        return Splice(piece.start, right, "")
    if takes_comment:
        return Splice(left, line_end(text, right), "")
    if is_last or text[right] in ",]}":
        return Splice(left, piece.end, "")
    if text[right] == "#":
        return Splice(left, piece.end, " " if right == piece.end else "")
    return Splice(piece.start, right, "")


def _takes_comment(piece: _Piece, found: list[EntrySpan], removed: set[int], text: str) -> bool:
    """Check whether a comment is behind the piece and is removed with it, because no entry stays before it."""
    if not piece.entry or not text.startswith("#", skip_blanks(text, piece.end)):
        return False
    first = bisect_right(found, line_start(text, piece.start), key=_end)
    last = bisect_right(found, piece.start, lo=first, key=_end)
    return all(index in removed for index in range(first, last))


def _end(entry: EntrySpan) -> int:
    return entry.end


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
