"""Places of an edited text in the text before the edit."""

from bisect import bisect_right
from collections.abc import Iterable

from isvclog.edit.plan import EditPlan
from isvclog.findings import Span
from isvclog.manifest.syntax.decode import to_utf8
from isvclog.manifest.syntax.positions import LINE_BREAK
from isvclog.records import NamedTuple


class _Shift(NamedTuple):
    """An edit: the stretch of the new text that it wrote, and how much longer all text up to its end has become."""

    start: int
    end: int
    by: int


class OldPlaces:
    """The places of the unchanged parts of a text in the text before some edits."""

    def __init__(self, old: bytes, new: bytes, plans: Iterable[EditPlan]) -> None:
        self._old, self._new = _Lines(old), _Lines(new)
        self._shifts: list[_Shift] = []
        by = 0
        for edit in sorted((edit for plan in plans for edit in plan.edits), key=lambda edit: edit.span):
            line, column, end_line, end_column = edit.span
            start, end = self._old.offset(line, column), self._old.offset(end_line, end_column)
            shift = _Shift(start + by, start + by + len(edit.text), by + len(edit.text) - (end - start))
            self._shifts.append(shift)
            by = shift.by

    def span(self, span: Span) -> Span | None:
        """Locate a stretch of the new text in the old one; None if it is not there."""
        start, end = self._new.offset(span.line, span.column), self._new.offset(span.end_line, span.end_column)
        index = bisect_right(self._shifts, start, key=lambda shift: shift.start)
        before = self._shifts[index - 1] if index else _Shift(0, 0, 0)
        behind = self._shifts[index].start if index < len(self._shifts) else end
        if start < before.end or end > behind:
            return None
        old_start, old_end = start - before.by, end - before.by
        if self._old.text[old_start:old_end] != self._new.text[start:end]:
            return None
        return Span(*self._old.place(old_start), *self._old.place(old_end))


class _Lines:
    """A text whose places are offsets, or lines and columns from 1."""

    def __init__(self, data: bytes) -> None:
        self.text = to_utf8(data).decode(errors="replace")
        self._starts = [0, *(match.end() for match in LINE_BREAK.finditer(self.text))]

    def offset(self, line: int, column: int) -> int:
        """Convert a line and a column to an offset."""
        return self._starts[min(line, len(self._starts)) - 1] + column - 1

    def place(self, offset: int) -> tuple[int, int]:
        """Convert an offset to a line and a column."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1
