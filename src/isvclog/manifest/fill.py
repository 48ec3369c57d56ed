"""Writing out what is empty or stands in another place: null, `[]`, `{}` and aliases."""

from collections.abc import Iterator

from isvclog.changes import Fields, Items
from isvclog.manifest import nodes
from isvclog.manifest.content import Writer
from isvclog.manifest.entries import (
    Splice,
    after_properties,
    back_over_blanks,
    end_below,
    entries,
    find_comma,
    line_break,
    line_end,
    line_start,
    skip_blanks,
    starts_line,
    visible_end,
)
from isvclog.manifest.insert import behind_colon, block_indent, is_tight, last_colon, lines_unit
from isvclog.manifest.layout import Nearby
from isvclog.manifest.nodes import Alias, Mapping, Node, Scalar
from isvclog.manifest.refusal import CannotEdit


def fill(holder: Mapping, key: Node, node: Node, value: Items | Fields, nearby: Nearby) -> Iterator[Splice]:
    """What makes `value` of the value of a key; `nearby` is around what is written."""
    text = nearby.text
    if isinstance(node, nodes.Sequence | Mapping):
        yield in_brackets(node, value, nearby)
        return
    content, end = after_properties(node, text), visible_end(node, text)
    if not isinstance(node, Alias) and content != node.start:
        raise CannotEdit("it has an anchor or a tag", "edit it by hand")
    if text[back_over_blanks(text, node.start) - 1] != ":" and ":" not in text[key.end : node.start]:
        raise CannotEdit("it has no colon", "edit it by hand")
    if holder.flow:
        lead = " " if text[node.start - 1] == ":" and not nearby.json else ""
        yield Splice(node.start, end, lead + _flow_text(value, node.start, nearby))
        return
    yield from _in_block(holder, node, end, value, nearby)


def _in_block(holder: Mapping, node: Node, end: int, value: Items | Fields, nearby: Nearby) -> Iterator[Splice]:
    text = nearby.text
    indent = block_indent(entries(holder, text), text)
    writer = Writer(nearby, line_break(text, node.start))
    written = writer.block(value, indent, nearby.dashes(), nearby.step())
    rest = skip_blanks(text, end)
    if line_end(text, end) not in (end, rest) and text[rest] != "#":
        raise CannotEdit("something else stands in the same line", "edit it by hand")
    if end > node.start:
        yield Splice(back_over_blanks(text, node.start), end, "" if written[0] != " " else written)
    if written[0] != " ":
        below = end_below(text, end, len(indent))
        yield Splice(below, below, written)
    elif end == node.start:
        yield Splice(end, end, written)


def in_brackets(node: nodes.Sequence | Mapping, value: Items | Fields, nearby: Nearby) -> Splice:
    text, opening = nearby.text, after_properties(node, nearby.text)
    if node.children or text[opening + 1 : node.end - 1].strip():
        raise CannotEdit("it is not empty", "add to it by hand")
    return Splice(opening, node.end, _flow_text(value, opening, nearby))


def _flow_text(value: Items | Fields, position: int, nearby: Nearby) -> str:
    """The value in brackets, for this place in the text."""
    text = nearby.text
    outer = next((node for node in nearby.around if not isinstance(node, Scalar) and node.flow and node.children), None)
    writer = Writer(nearby, line_break(text, position))
    if outer is None:
        return writer.flow(value, writer.flow_style(" ", " ", False, False, ""), "")
    found = entries(outer, text)
    on_lines, colon = starts_line(text, found[-1].start), last_colon(outer, text)
    unit = lines_unit(text, after_properties(outer, text), found) if on_lines else ""
    start = line_start(text, position)
    indent = text[start : skip_blanks(text, start)] if on_lines else ""
    comma = "" if is_tight(outer, colon, nearby) else " "
    trailing = find_comma(text, found[-1].end) is not None
    return writer.flow(value, writer.flow_style(behind_colon(colon), comma, on_lines, trailing, unit), indent)
