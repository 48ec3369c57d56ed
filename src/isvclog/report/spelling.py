"""Secrets that a line of a file does not show as they are: their letters are escaped, or continue in the next line."""

from collections.abc import Iterator, Mapping

from isvclog.manifest.syntax.decode import to_utf8
from isvclog.manifest.syntax.load import read_nodes
from isvclog.manifest.syntax.nodes import Alias, Node, Scalar
from isvclog.manifest.syntax.parse_error import ParseError
from isvclog.manifest.syntax.positions import LINE_BREAK, Positions
from isvclog.manifest.syntax.split import count_lines, split_documents
from isvclog.redact.gate import Redaction
from isvclog.redact.places.place import Place


def respelled_places(data: bytes, redaction: Redaction) -> Mapping[int, list[Place]]:
    """Find the places of such secrets in the lines of a file, by the number of the line; a text is hidden as a whole.

    Documents that cannot be read have none.
    """
    found: dict[int, list[Place]] = {}
    data = to_utf8(data)
    if not redaction.hides:
        return found
    line, place = 1, 0
    for _, start, end in split_documents(data):
        line, place = line + count_lines(data, place, start), start
        for number, hidden in _in_document(data[start:end].decode(errors="replace"), line, redaction):
            found.setdefault(number, []).append(hidden)
    return found


def _in_document(text: str, first_line: int, redaction: Redaction) -> Iterator[tuple[int, Place]]:
    try:
        roots = read_nodes(text)
    except ParseError:
        return
    positions, lines = Positions(text, first_line), LINE_BREAK.split(text)
    for scalar in _scalars(roots):
        if _is_spelled(scalar, text[scalar.start : scalar.end], redaction):
            span = positions.span(scalar.start, scalar.start + len(text[scalar.start : scalar.end].rstrip()))
            for number in range(span.line, span.end_line + 1):
                line = lines[number - first_line]
                start = span.column - 1 if number == span.line else len(line) - len(line.lstrip())
                yield number, (start, span.end_column - 1 if number == span.end_line else len(line))


def _scalars(roots: list[Node]) -> Iterator[Scalar]:
    waiting = list(roots)
    while waiting:
        node = waiting.pop()
        if isinstance(node, Scalar):
            yield node
        elif not isinstance(node, Alias):
            waiting += node.children


def _is_spelled(scalar: Scalar, written: str, redaction: Redaction) -> bool:
    """Check whether a scalar has a secret that is not in the text in which it was written."""
    value = scalar.value
    if not isinstance(value, str) or value in written:
        return False
    return any(value[start:end].strip() not in written for start, end in redaction.places(value))
