"""Addition of entries at the end of a mapping or list, in the style of their neighbours."""

from collections.abc import Iterator, Sequence

from isvclog.changes import Value
from isvclog.manifest.editing.content import Flow, Writer
from isvclog.manifest.editing.edit_error import EditError
from isvclog.manifest.editing.entries import (
    EntrySpan,
    Splice,
    after_properties,
    end_below,
    entries,
    find_comma,
    line_break,
    line_end,
    line_start,
    next_line,
    skip_blanks,
    starts_line,
)
from isvclog.manifest.editing.layout import Nearby, dash_gap
from isvclog.manifest.syntax import nodes
from isvclog.manifest.syntax.nodes import Mapping, Node, Scalar, Target
from isvclog.patterns import late_pattern
from isvclog.records import NamedTuple

_SEPARATOR = late_pattern(r"\s*,\s*")
_COLON = late_pattern(r"[ \t]*:[ \t]*")


def insert(node: Mapping, added: Sequence[tuple[str, Value]], nearby: Nearby) -> Iterator[Splice]:
    """Yield the splices that add the keys to a mapping. `nearby` describes what surrounds the added keys."""
    text = nearby.text
    if node.flow:
        yield from _add_in_flow(node, added, nearby)
        return
    found = entries(node, text)
    indent = block_indent(found, text)
    writer = Writer(nearby, line_break(text, found[-1].end))
    dashes, step = nearby.dashes(), nearby.step()
    lines = [f"{writer.key(key, False)}:{writer.block(value, indent, dashes, step)}" for key, value in added]
    yield _add_lines(node, found, indent, lines, text)


def append(node: nodes.Sequence, values: Sequence[str], nearby: Nearby) -> Iterator[Splice]:
    """Yield the splices that add strings at the end of a list that has items.

    `nearby` describes what surrounds the items.
    """
    text = nearby.text
    if node.flow:
        yield from _add_in_flow(node, [(None, value) for value in values], nearby)
        return
    found = entries(node, text)
    indent = block_indent(found, text)
    writer = Writer(nearby, line_break(text, found[-1].end))
    gap = _dash_gap(node, found, text)
    yield _add_lines(node, found, indent, [f"-{gap}{writer.scalar(value, False)}" for value in values], text)


def block_indent(found: Sequence[EntrySpan], text: str) -> str:
    """Measure the white space in front of each entry of a block collection."""
    own_line = next((entry for entry in found if starts_line(text, entry.start)), None)
    if own_line is not None:
        return text[line_start(text, own_line.start) : own_line.start]
    return " " * (found[0].start - line_start(text, found[0].start))


def _dash_gap(node: nodes.Sequence, found: Sequence[EntrySpan], text: str) -> str:
    """Copy the text between a dash and its item from the last item that is in the line of its dash."""
    for entry, item in zip(reversed(found), reversed(node.children), strict=True):
        if gap := dash_gap(entry.start, item, text):
            return gap
    return " "


def _add_lines(node: Target, found: Sequence[EntrySpan], indent: str, lines: list[str], text: str) -> Splice:
    end, break_ = end_below(text, found[-1].end, len(indent)), line_break(text, found[-1].end)
    kept = _kept_end(node, text)
    if kept is not None:
        return Splice(kept, kept, "".join(f"{indent}{line}{break_}" for line in lines))
    if _ends_in_cut_block_scalar(node, text):
        if isinstance(node, nodes.Sequence):  # whose order counts
            raise EditError("the text ends inside a block scalar", "end it with a line break first")
        end = _before_last(found, text)
        return Splice(end, end, "".join(f"{indent}{line}{break_}" for line in lines))
    return Splice(end, end, "".join(f"{break_}{indent}{line}" for line in lines))


def _last_leaf(node: Node) -> Node:
    while isinstance(node, nodes.Sequence | Mapping) and not node.flow and node.children:
        node = node.children[-1]
    return node


def _kept_end(node: Node, text: str) -> int | None:
    """Find the end of a last value that includes the blank lines behind it (`|+`). Return None for other values."""
    last = _last_leaf(node)
    content = after_properties(last, text)
    header = text[content : min(content + 3, last.end)]
    keeps = header[:1] in ("|", ">") and "+" in header.split("\n")[0]
    return last.end if keeps and last.end == line_start(text, last.end) else None


def _ends_in_cut_block_scalar(node: Node, text: str) -> bool:
    """Check whether the text ends inside a block scalar without a line break.

    A line added behind such a scalar would give it a line break.
    """
    last = _last_leaf(node)
    content = after_properties(last, text)
    header = text[content : line_end(text, content)]
    if not isinstance(last, Scalar) or header[:1] not in ("|", ">") or "-" in header[:3]:
        return False
    return last.end == len(text) and line_start(text, last.end) != last.end


def _before_last(found: Sequence[EntrySpan], text: str) -> int:
    """Find the start of the line below the last entry but one.

    If there is only one entry, find the start of the line below the collection's key. Raise EditError if the first
    entry has no line of its own, or is below a comment.
    """
    if len(found) > 1 and starts_line(text, found[-1].start):
        return next_line(text, end_below(text, found[-2].end, found[-1].start - line_start(text, found[-1].start)))
    start = line_start(text, found[0].start)
    if not starts_line(text, found[0].start) or text[line_start(text, max(start - 1, 0)) : start].lstrip()[:1] == "#":
        raise EditError("the text ends inside a block scalar", "end it with a line break first")
    return start


class _Tail(NamedTuple):
    """The end of the entries in brackets: the last one, and the comma behind it if there is one.

    `gap` is the white space in front of an entry. It contains a line break if each entry is on its own line.
    """

    last: EntrySpan
    comma: int | None
    gap: str
    text: str

    @property
    def on_lines(self) -> bool:
        """True if each entry is on its own line."""
        return bool(self.gap.strip(" \t"))

    @property
    def lead(self) -> str:
        """The text before the last entry in its line."""
        return self.text[line_start(self.text, self.last.start) : self.last.start]

    @property
    def end(self) -> int:
        """The end of the last entry, with its comma if there is one."""
        return self.last.end if self.comma is None else self.comma + 1


def _add_in_flow(
    node: nodes.Sequence | Mapping, added: Sequence[tuple[str | None, Value]], nearby: Nearby
) -> Iterator[Splice]:
    """Yield the splices that add entries in brackets: keys with values or, without keys, items."""
    text = nearby.text
    opening = after_properties(node, text)
    if text[opening : opening + 1] not in ("{", "["):
        raise EditError("the mapping has no braces", "write braces around it")
    found, colon = entries(node, text), last_colon(node, text)
    gap = _gap(text, opening + 1 if len(found) == 1 else found[-2].end, found[-1])
    if gap is None:
        gap = "" if is_tight(node, colon, nearby) else " "
    tail = _Tail(found[-1], find_comma(text, found[-1].end), gap, text)
    writer = Writer(nearby, line_break(text, tail.last.end))
    unit = lines_unit(text, opening, found) if tail.on_lines else ""
    comma = " " if tail.on_lines else gap
    style = writer.flow_style(space_after_colon(colon), comma, tail.on_lines, tail.comma is not None, unit)
    indent = tail.lead if tail.on_lines else ""
    written = [_unit_text(writer, key, value, colon, style, indent) for key, value in added]
    comment = skip_blanks(text, tail.end)
    yield from _below_comment(tail, comment, written) if text.startswith("#", comment) else _behind(tail, written)


def _below_comment(tail: _Tail, comment: int, written: list[str]) -> Iterator[Splice]:
    """Add entries on lines below a comment that is behind the last entry."""
    end, break_ = line_end(tail.text, comment), line_break(tail.text, comment)
    if tail.comma is None and tail.lead.strip(" \t") == ",":  # commas lead their lines
        yield Splice(end, end, "".join(f"{break_}{tail.lead}{each}" for each in written))
        return
    gap = tail.gap if tail.on_lines else break_ + " " * len(tail.lead)
    if tail.comma is None:
        yield Splice(tail.end, tail.end, ",")
    yield Splice(end, end, gap + f",{gap}".join(written) + ("," if tail.comma is not None else ""))


def _behind(tail: _Tail, written: list[str]) -> Iterator[Splice]:
    """Add entries behind the last entry. Blanks at the end of its line stay there."""
    end, gap = tail.end, tail.gap
    rest = skip_blanks(tail.text, end)
    if tail.on_lines and rest == line_end(tail.text, rest):
        end = rest
    if tail.comma is not None:
        yield Splice(end, end, "".join(f"{gap}{each}," for each in written))
    elif end == tail.end:
        yield Splice(end, end, "".join(f",{gap}{each}" for each in written))
    else:
        yield Splice(tail.end, tail.end, ",")
        yield Splice(end, end, gap + f",{gap}".join(written))


def _unit_text(writer: Writer, key: str | None, value: Value, colon: str, style: Flow, indent: str) -> str:
    if key is None:
        return writer.scalar(value, True)
    return writer.key(key, True, space_after_colon(colon)) + colon + writer.flow(value, style, indent)


def last_colon(node: nodes.Sequence | Mapping, text: str) -> str:
    """Copy the last colon of a mapping with the blanks around it.

    Return a colon and a space if there is none to copy.
    """
    if isinstance(node, Mapping) and node.children:
        key, value = node.children[-2:]
        colon = text[key.end : value.start]
        if _COLON.fullmatch(colon) and value.end > value.start:
            return colon
    return ": "


def space_after_colon(colon: str) -> str:
    """Return the blanks behind a colon that is given with the blanks around it."""
    return colon.partition(":")[2]


def is_tight(node: nodes.Sequence | Mapping, colon: str, nearby: Nearby) -> bool:
    """Guess whether nothing follows a comma here, for brackets that contain no comma to copy."""
    if isinstance(node, Mapping):
        return colon == ":"
    return nearby.json and '": ' not in nearby.text


def lines_unit(text: str, opening: int, found: Sequence[EntrySpan]) -> str:
    """Compute how much deeper the lines inside brackets are indented than the line of the opening bracket."""
    start = line_start(text, opening)
    outer = text[start : skip_blanks(text, start)]
    line = line_start(text, found[-1].start)
    inner = text[line : skip_blanks(text, line)]
    return inner[len(outer) :] if inner.startswith(outer) and len(inner) > len(outer) else "  "


def _gap(text: str, start: int, entry: EntrySpan) -> str | None:
    """Copy the white space in front of an entry. Return None if only the opening bracket is there to copy from."""
    between = text[start : entry.start]
    space = between[len(between.rstrip(" \t\r\n")) :]
    if "\n" in space or "\r" in space:
        # A blank line above the last entry is not repeated.
        return line_break(text, entry.end) + text[line_start(text, entry.start) : entry.start]
    return space if _SEPARATOR.fullmatch(between) else None
