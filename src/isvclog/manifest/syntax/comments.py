"""Comments that start with a given word. Text in quotes or in a block scalar is never a comment, and JSON has none."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from isvclog.manifest.syntax.decode import check_document, to_utf8
from isvclog.manifest.syntax.files import Source
from isvclog.manifest.syntax.load import read_nodes
from isvclog.manifest.syntax.nodes import Alias, Node, Scalar
from isvclog.manifest.syntax.parse_error import ParseError
from isvclog.manifest.syntax.positions import LINE_BREAK
from isvclog.manifest.syntax.split import count_lines, split_documents

# What ends a comment for the parser; for editors only the first two end a line.
_BREAKS = "\\r\\n\\x85\\u2028\\u2029"
_COMMENT_LINE = re.compile(r"[ \t]*#")
# What may be before a scalar and belongs to its node: anchors and tags, and comments between them. The lookaheads make
# each comment as long as its line, and take no blank of which a comment follows.
_PROPERTIES = re.compile(rf"(?:[&!][^\s,\[\]{{}}]*(?:\s+#[^{_BREAKS}]*(?![^{_BREAKS}]))*\s+(?![\s#]))*")


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
    text = data.decode(errors="replace")
    found = list(pattern.finditer(text))
    if not found:
        return
    try:
        check_document(data)
        scalars = _scalars(read_nodes(text), text)
    except ParseError:
        return
    targets = _targets(LINE_BREAK.split(text))
    starts = [0, *(match.end() for match in LINE_BREAK.finditer(text))]
    for match in found:
        last = bisect_right(scalars, (match.start(), len(text))) - 1
        if last < 0 or match.start() >= scalars[last][1]:
            index = bisect_right(starts, match.start()) - 1
            column = match.start(1) - starts[index] + 1
            yield Comment(number, first_line + index, column, match[1].rstrip(), first_line + targets[index])


def _scalars(roots: list[Node], text: str) -> list[tuple[int, int]]:
    """Collect the stretches of text, in order, in which a number sign does not start a comment."""
    found, waiting = [], list(roots)
    while waiting:
        node = waiting.pop()
        if isinstance(node, Scalar):
            found.append((_content(node, text), node.end))
        elif not isinstance(node, Alias):
            waiting.extend(node.children)
    return sorted(found)


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


def _targets(lines: list[str]) -> list[int]:
    """Find for each line, by index, the first line from there on that is more than a comment."""
    targets = list(range(len(lines) + 1))
    for index in reversed(range(len(lines))):
        if _COMMENT_LINE.match(lines[index]):
            targets[index] = targets[index + 1]
    return targets
