"""Character offsets of a document, or of a text inside of one, converted to lines and columns of its file."""

from bisect import bisect_right
from collections.abc import Callable

from isvclog.findings import NOWHERE, Edit, Span
from isvclog.manifest.syntax.nodes import Scalar
from isvclog.patterns import late_pattern
from isvclog.records import NamedTuple

LINE_BREAK = late_pattern(r"\r\n?|\n")
"""The characters that end a line in editors, and therefore in positions."""

_BLOCK_HEADER = late_pattern(r"\|[-+]?[ \t]*(?:#[^\r\n]*)?(?:\r\n?|\n)")
_INNER_LINE = late_pattern(r"(?:\r\n?|\n)(?=[^\r\n])")


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


class ReadOnlyPositions(Positions):
    """The positions of what is written in another form than it reads, so that no edit of it can be made.

    `locate` converts two character offsets to a span, and `refusal` is that of `Positions`.
    """

    def __init__(self, text: str, locate: Callable[[int, int], Span], refusal: tuple[str, str]) -> None:
        super().__init__(text, 0)
        self._locate, self.refusal = locate, refusal

    def span(self, start: int, end: int) -> Span:
        """Locate the stretch in the file."""
        return self._locate(start, end)

    def edit(self, start: int, end: int, text: str) -> Edit | None:
        """Return None."""
        return None


class _Line(NamedTuple):
    """A line of a block: its offsets in the text that it is and in the document, and the indentation between them."""

    inner: int
    outer: int
    indent: int


class _BlockPositions(Positions):
    """The positions of a text in a block that begins with `|`: its lines are those of the document, without indent."""

    def __init__(self, text: str, outer: Positions, lines: list[_Line], indent: int) -> None:
        super().__init__(text, 0)
        self._outer, self._lines, self._indent = outer, lines, indent
        self._inner = [line.inner for line in lines]

    def span(self, start: int, end: int) -> Span:
        """Locate the stretch in the file."""
        return self._outer.span(self._offset(start), self._offset(end))

    def edit(self, start: int, end: int, text: str) -> Edit | None:
        """Convert the replacement of a stretch to an edit of the file, with the indentation of the block."""
        first, last = self._line(start), self._line(end)
        if start == first.inner and end == last.inner and text[-1:] in ("", "\r", "\n"):
            lines = "".join(self._indented(line) for line in text.splitlines(keepends=True))
            return self._outer.edit(first.outer, last.outer, lines)
        if first.indent < self._indent or last.indent < self._indent:
            return None  # in a blank line, or behind the block
        following = self.text[end : end + 1]
        written = _INNER_LINE.sub(lambda match: match[0] + " " * self._indent, text + following)
        return self._outer.edit(self._offset(start), self._offset(end), written[: len(written) - len(following)])

    def _indented(self, line: str) -> str:
        return " " * self._indent + line if line.strip("\r\n") else line

    def _line(self, offset: int) -> _Line:
        return self._lines[bisect_right(self._inner, offset) - 1]

    def _offset(self, offset: int) -> int:
        line = self._line(offset)
        return line.outer + line.indent + offset - line.inner


def block_positions(outer: Positions, node: Scalar, value: str) -> Positions | None:
    """Read a scalar as a block that begins with `|`; return None if it is another scalar, or is indented oddly."""
    document = outer.text
    header = _BLOCK_HEADER.match(document, node.start)
    if not header:
        return None
    text, indent, offset = "", 0, header.end()
    lines: list[_Line] = []
    while offset < node.end:
        line_break = LINE_BREAK.search(document, offset)
        end = line_break.end() if line_break else len(document)
        line = document[offset:end]
        blanks = len(line) - len(line.lstrip(" "))
        is_blank = not line.strip(" \r\n")
        indent = indent or (0 if is_blank else blanks)
        if not is_blank and blanks < indent:
            break
        cut = min(blanks, indent)
        lines.append(_Line(len(text), offset, cut))
        text, offset = text + line[cut:], end
    if not indent or LINE_BREAK.sub("\n", text).rstrip("\n") != value.rstrip("\n"):
        return None
    lines.append(_Line(len(text), offset, 0))
    return _BlockPositions(text, outer, lines, indent)
