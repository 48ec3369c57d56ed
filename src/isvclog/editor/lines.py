"""Positions in an open document as the client counts them, which is in units of UTF-16 unless it agreed on others."""

import re

from lsprotocol import types

from isvclog.findings import Span

_LINE_BREAK = re.compile(r"\r\n?|\n")
"""The line breaks of the protocol, and of `Span`. pygls splits at others, too."""
_LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n)|[^\r\n]+")
_CODECS = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-le", 2)}


def split_lines(text: str) -> list[str]:
    """Split a text into its lines, with their line breaks."""
    return _LINE.findall(text)


class Lines:
    """The lines of a text. `encoding` is the unit of the client's columns: `utf-8`, `utf-16` or `utf-32`."""

    def __init__(self, text: str, encoding: str = "utf-16") -> None:
        self._codec, self._size = _CODECS.get(encoding, ("", 1))
        self._text = text
        self._lines = _LINE_BREAK.split(text)
        # A byte order mark is no part of what is checked, but it is a character of the client's first line.
        self._mark = int(text.startswith("\ufeff"))

    def __len__(self) -> int:
        """Return the number of lines; a text that ends with a line break has an empty last one."""
        return len(self._lines)

    def text(self, line: int) -> str:
        """Return a line, counted from 0, without its line break; empty behind the last one."""
        return self._lines[line] if 0 <= line < len(self._lines) else ""

    @property
    def line_break(self) -> str:
        """The line break of the text: its first one."""
        found = _LINE_BREAK.search(self._text)
        return found[0] if found else "\n"

    def insert(self, line: int, text: str) -> str:
        """Return the whole text with another one in front of a line, counted from 0."""
        lines = split_lines(self._text)
        return "".join((*lines[:line], text, *lines[line:]))

    def after(self, line: int, text: str) -> types.Position:
        """Return the position behind a text that begins with a line, counted from 0."""
        *above, last = _LINE_BREAK.split(text)
        return types.Position(line + len(above), self._units(last))

    def to_client(self, line: int, column: int) -> types.Position:
        """Convert a line and a column as in a `Span`, which count from 1, to a position of the client."""
        line = min(max(line - 1, 0), len(self._lines) - 1)
        before = self._lines[line][: column - 1 + (self._mark if line == 0 else 0)]
        return types.Position(line, self._units(before))

    def range(self, span: Span) -> types.Range:
        """Convert a span to a range of the client."""
        return types.Range(self.to_client(*span[:2]), self.to_client(*span[2:]))

    def first_line(self, span: Span) -> types.Range:
        """Convert a span as `range` does, but only up to the end of its first line: the rest would be underlined."""
        if span.line == span.end_line:
            return self.range(span)
        end = len(self.text(span.line - 1)) + 1
        return self.range(Span(span.line, span.column, span.line, end))

    def from_client(self, position: types.Position) -> tuple[int, int]:
        """Convert a position of the client to a line and a column as in a `Span`, which count from 1."""
        text = self.text(position.line)
        before = self._characters(text, position.character)
        mark = self._mark if position.line == 0 else 0
        return position.line + 1, max(before - mark, 0) + 1

    def _units(self, text: str) -> int:
        if not self._codec or text.isascii():
            return len(text)
        return len(text.encode(self._codec, "surrogatepass")) // self._size

    def _characters(self, text: str, units: int) -> int:
        if not self._codec or text.isascii():
            return min(units, len(text))
        encoded = text.encode(self._codec, "surrogatepass")[: units * self._size]
        return len(encoded.decode(self._codec, "ignore"))
