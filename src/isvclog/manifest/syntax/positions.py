"""Character offsets of a document converted to lines and columns of its file."""

import re
from bisect import bisect_right

from isvclog.findings import NOWHERE, Edit, Span

LINE_BREAK = re.compile(r"\r\n?|\n")
"""The characters that end a line in editors, and therefore in positions."""


class Positions:
    """The lines of one document as editors count them: U+0085, U+2028 and U+2029 end a line only in YAML.

    `refusal` says why nothing can be edited, and what to do, if `edit` returns None.
    """

    refusal: tuple[str, str] = ("cannot be edited", "edit it by hand")

    def __init__(self, text: str, first_line: int) -> None:
        self.text = text
        self._first_line = first_line
        self._starts: list[int] = []

    def span(self, start: int, end: int) -> Span:
        """Convert two character offsets to a span in lines and columns of the file."""
        if not self._starts:
            self._starts = [0, *(match.end() for match in LINE_BREAK.finditer(self.text))]
        return Span(*self._place(start), *self._place(end))

    def edit(self, start: int, end: int, text: str) -> Edit | None:
        """Convert the replacement of a stretch with `text` to an edit of the file; None if the file cannot say it."""
        return Edit(self.span(start, end), text)

    def _place(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self._starts, offset) - 1
        return self._first_line + line, offset - self._starts[line] + 1


class NoPositions(Positions):
    """The positions of an object that has no text."""

    def __init__(self) -> None:
        super().__init__("", 0)

    def span(self, start: int, end: int) -> Span:
        """Return NOWHERE."""
        return NOWHERE
