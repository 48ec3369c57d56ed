"""Comments that start with a given word. Text in quotes or in a block is never a comment, and JSON has none.

A block that begins with `|` and is an object itself, as in a ConfigMap, has comments of its own.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator

from isvclog.manifest.syntax.decode import check_document, to_utf8
from isvclog.manifest.syntax.files import Source
from isvclog.manifest.syntax.load import read_nodes
from isvclog.manifest.syntax.nodes import Mapping, Node, Scalar, Sequence
from isvclog.manifest.syntax.parse_error import ParseError
from isvclog.manifest.syntax.positions import LINE_BREAK, Positions, block_positions
from isvclog.manifest.syntax.split import count_lines, split_documents
from isvclog.patterns import late_pattern
from isvclog.records import NamedTuple

# What ends a comment for the parser; for editors only the first two end a line.
_BREAKS = "\\r\\n\\x85\\u2028\\u2029"
_COMMENT_LINE = late_pattern(r"[ \t]*#")
# What may be before a scalar and belongs to its node: anchors and tags, and comments between them. The lookaheads make
# each comment as long as its line, and take no blank of which a comment follows.
_PROPERTIES = late_pattern(rf"(?:[&!][^\s,\[\]{{}}]*(?:\s+#[^{_BREAKS}]*(?![^{_BREAKS}]))*\s+(?![\s#]))*")


class Comment(NamedTuple):
    """One comment. `text` follows `#` and blanks, up to the end of the line or the next comment with the same word.

    `line` and `column` are the position of `text` in the file. `target` is the line that the comment is about: its own,
    or, if the comment has a line to itself, the first line below that is not such a line.
    """

    document: int
    line: int
    column: int
    text: str
    target: int


def find_comments(source: Source, word: str) -> Iterator[Comment]:
    """Yield the comments of a file that start with the word, in the order of the text.

    Only documents that contain the word are parsed; documents that cannot be read have no comments.
    """
    data, needle = to_utf8(source.data), word.encode()
    if needle not in data:
        return
    line, place = 1, 0
    for number, start, end in split_documents(data):
        if data.find(needle, start, end) >= 0:
            line, place = line + count_lines(data, place, start), start
            yield from _in_document(data[start:end], word, number, line)


def _in_document(data: bytes, word: str, number: int, first_line: int) -> Iterator[Comment]:
    again = rf"#[ \t]*{re.escape(word)}"
    pattern = re.compile(rf"(?<!\S)#[ \t]*({re.escape(word)}(?:(?!(?<=[ \t]){again})[^{_BREAKS}])*)")
    try:
        check_document(data)
    except ParseError:
        return
    yield from _in_text(Positions(data.decode(errors="replace"), first_line), pattern, number)


def _in_text(positions: Positions, pattern: re.Pattern[str], number: int, *, inner: bool = False) -> Iterator[Comment]:
    """Yield the comments of a document or, with `inner`, of a text inside of one; prose there has none."""
    found = list(pattern.finditer(positions.text))
    if not found:
        return
    try:
        roots = read_nodes(positions.text)
    except ParseError:
        return
    if inner and all(isinstance(root, Scalar) for root in roots):
        return
    lines, scalars, entered = _Lines(positions), _scalars(roots, positions.text), -1
    for match in found:
        last = bisect_right(scalars, match.start(), key=lambda scalar: scalar.start) - 1
        if last < 0 or match.start() >= scalars[last].end:
            yield lines.comment(match, number)
        elif last != entered:
            entered = last
            yield from _in_block(positions, scalars[last].block, pattern, number)


def _in_block(outer: Positions, block: Scalar | None, pattern: re.Pattern[str], number: int) -> Iterator[Comment]:
    """Yield the comments of a block that may be an object or a patch of one."""
    from isvclog.manifest.syntax.embedded import may_be_object, may_be_patch

    if block is None or not isinstance(block.value, str):
        return
    if may_be_object(block.value) or may_be_patch(block.value):
        positions = block_positions(outer, block, block.value)
        if positions is not None:
            yield from _in_text(positions, pattern, number, inner=True)


class _Lines:
    """The lines of a text, and for each the first line from there on that is more than a comment."""

    def __init__(self, positions: Positions) -> None:
        self._positions = positions
        lines = LINE_BREAK.split(positions.text)
        self._starts = [0, *(match.end() for match in LINE_BREAK.finditer(positions.text))]
        self._targets = list(range(len(lines) + 1))
        for index in reversed(range(len(lines))):
            if _COMMENT_LINE.match(lines[index]):
                self._targets[index] = self._targets[index + 1]

    def comment(self, match: re.Match[str], number: int) -> Comment:
        """Locate a comment in the file."""
        span = self._positions.span(match.start(1), match.end(1))
        index = bisect_right(self._starts, match.start()) - 1
        # The lines of the text are lines of the file, one below the other.
        target = span.line + self._targets[index] - index
        return Comment(number, span.line, span.column, match[1].rstrip(), target)


class _ScalarText(NamedTuple):
    """A stretch of text in which a number sign does not start a comment of the document.

    `block` is the scalar, None where no object is looked for in it.
    """

    start: int
    end: int
    block: Scalar | None


def _scalars(roots: list[Node], text: str) -> list[_ScalarText]:
    """Collect these stretches in order."""
    found: list[_ScalarText] = []
    waiting = [(root, True) for root in roots]
    while waiting:
        node, is_searched = waiting.pop()
        if isinstance(node, Scalar):
            found.append(_ScalarText(_content(node, text), node.end, node if is_searched else None))
        elif isinstance(node, Mapping):
            for key, value in node.pairs():
                waiting += ((key, False), (value, is_searched and not _is_skipped(key)))
        elif isinstance(node, Sequence):
            waiting += ((child, is_searched) for child in node.children)
    return sorted(found, key=lambda scalar: scalar[:2])


def _is_skipped(key: Node) -> bool:
    """Check whether nothing below a key is part of an object that is created."""
    from isvclog.manifest.syntax.embedded import SKIPPED

    return isinstance(key, Scalar) and key.value in SKIPPED


def _content(node: Scalar, text: str) -> int:
    """Locate the start of a scalar's text.

    The text of a block scalar starts below its first line, which may end in a comment.
    """
    properties = _PROPERTIES.match(text, node.start, node.end)
    start = properties.end() if properties else node.start
    if text[start : start + 1] not in ("|", ">"):
        return start
    header = LINE_BREAK.search(text, start)
    return header.end() if header else len(text)
