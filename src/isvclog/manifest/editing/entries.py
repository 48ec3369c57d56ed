"""Positions of the entries of a list or mapping in its text: dashes, question marks, commas, lines and comments."""

from collections.abc import Iterable, Iterator
from weakref import WeakKeyDictionary

from isvclog.manifest.editing.edit_error import EditError
from isvclog.manifest.syntax.nodes import Mapping, Node, Scalar, Sequence, extent
from isvclog.patterns import late_pattern
from isvclog.records import NamedTuple

_GAP = late_pattern("(?:[ \t\r\n\x85\u2028\u2029]|#[^\r\n]*)*")
_BLANKS = late_pattern(r"[ \t]*")
_PROPERTY = late_pattern(r"!<[^>]*>|[&!][^\s,\[\]{}]*")
_BREAK = late_pattern(r"\r\n?|\n|\Z")


class Splice(NamedTuple):
    """A replacement of the characters from `start` to `end` with `text`."""

    start: int
    end: int
    text: str


class EntrySpan(NamedTuple):
    """The position of one entry: `start` is its dash, its `?` or its first character.

    `end` is where its visible text ends, without comments behind it.
    """

    start: int
    end: int


_located: "WeakKeyDictionary[Sequence | Mapping, list[EntrySpan]]" = WeakKeyDictionary()


def entries(node: Sequence | Mapping, text: str) -> list[EntrySpan]:
    """Locate the entries of a collection, in the order of the text; do not change the list.

    Raise EditError if their layout is not understood. A collection is looked at once, even if each of its entries has
    a fix of its own.
    """
    found = _located.get(node)
    if found is None:
        found = _located[node] = _locate(node, text)
    return found


def _locate(node: Sequence | Mapping, text: str) -> list[EntrySpan]:
    has_dashes = isinstance(node, Sequence) and not node.flow
    position = after_properties(node, text)
    if node.flow and text[position : position + 1] in ("[", "{"):
        position += 1
    found = []
    for key, value in node.pairs():
        start = skip(text, position)
        if node.flow and text[start : start + 1] == ",":
            start = skip(text, start + 1)
        if start > key.start or (has_dashes and text[start] != "-"):
            raise EditError("isvclog does not understand the layout here", "edit it by hand")
        position = _entry_end(key, value, text)
        found.append(EntrySpan(start, position))
    return found


def _entry_end(key: Node, value: Node, text: str) -> int:
    """Find the end of an entry. A value that is not written at all may have its position in a later line."""
    end = visible_end(key, text)
    if value.end > value.start or text[value.start - 1 : value.start] == ":":
        end = max(end, visible_end(value, text))
    return end


def consecutive_runs(indexes: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Yield the first and last index of each run of consecutive indexes."""
    ordered = sorted(set(indexes))
    first = ordered[0]
    for index, following in zip(ordered, [*ordered[1:], -1], strict=True):
        if following != index + 1:
            yield first, index
            first = following


def visible_end(node: Node, text: str) -> int:
    """Find the end of a node, without blank lines and comments behind it."""
    return extent(node, text)[1]


def after_properties(node: Node, text: str) -> int:
    """Find the start of a node's content, behind its anchor and tag. If it has no content, return the end of these."""
    position = node.start
    while position < node.end and (match := _PROPERTY.match(text, position)):
        position = match.end()
        content = skip(text, position)
        if isinstance(node, Scalar) and content >= node.end:
            break
        position = content
    return position


def skip(text: str, position: int) -> int:
    """Find the next character that is neither blank nor in a comment."""
    match = _GAP.match(text, position)
    return match.end() if match else position


def skip_blanks(text: str, position: int) -> int:
    """Find the next character that is neither a space nor a tab."""
    match = _BLANKS.match(text, position)
    return match.end() if match else position


def back_over_blanks(text: str, position: int) -> int:
    """Find the start of the spaces and tabs before a position."""
    while position and text[position - 1] in " \t":
        position -= 1
    return position


def find_comma(text: str, position: int) -> int | None:
    """Locate the comma that comes next. Return None if something else comes next."""
    comma = skip(text, position)
    return comma if text[comma : comma + 1] == "," else None


def line_start(text: str, position: int) -> int:
    """Find the start of the line that contains a position."""
    start = text.rfind("\n", 0, position) + 1
    return max(start, text.rfind("\r", start, position) + 1)


def line_end(text: str, position: int) -> int:
    """Find the end of the line that contains a position: its line break, or the end of the text."""
    match = _BREAK.search(text, position)
    return match.start() if match else len(text)


def next_line(text: str, position: int) -> int:
    """Find the start of the next line after a position, or the end of the text."""
    match = _BREAK.search(text, position)
    return match.end() if match else len(text)


def line_break(text: str, position: int) -> str:
    """Return the kind of line break that is used around a position."""
    match = _BREAK.search(text, position)
    if match and match[0]:
        return match[0]
    start = line_start(text, position)
    return "\r\n" if text.endswith("\r\n", 0, start) else text[max(start - 1, 0) : start] or "\n"


def starts_line(text: str, position: int) -> bool:
    """Check whether only spaces and tabs are before a position in its line."""
    start = back_over_blanks(text, position)
    return text[start - 1 : start] in ("", "\n", "\r")


def ends_line(text: str, position: int) -> bool:
    """Check whether a line break or the end of the text is at a position."""
    return text[position : position + 1] in ("", "\n", "\r")


def end_below(text: str, position: int, indent: int) -> int:
    """Find the end of the last line of an entry that ends at a position.

    Comments below the entry belong to it if they are indented further than `indent`, the column of the collection's
    entries.
    """
    last = end = line_end(text, position)
    while (start := next_line(text, end)) > end and start < len(text):
        end = line_end(text, start)
        content = skip_blanks(text, start)
        if text[content : content + 1] == "#" and content - start > indent:
            last = end
        elif content < end:
            break
    return last
