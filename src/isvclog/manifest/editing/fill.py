"""Writing of values in place of null, `[]`, `{}` and aliases."""

from collections.abc import Iterator

from isvclog.changes import Content
from isvclog.manifest.editing.content import Flow, Writer
from isvclog.manifest.editing.edit_error import EditError
from isvclog.manifest.editing.entries import (
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
from isvclog.manifest.editing.insert import block_indent, is_tight, last_colon, lines_unit, space_after_colon
from isvclog.manifest.editing.layout import Brackets, Nearby
from isvclog.manifest.syntax import nodes
from isvclog.manifest.syntax.nodes import Alias, Mapping, Node, Scalar
from isvclog.patterns import late_pattern

_COMMENT_LINE = late_pattern(r"[\r\n]([ \t]*)#")


def fill(holder: Mapping, key: Node, node: Node, value: Content, nearby: Nearby) -> Iterator[Splice]:
    """Yield the splices that give a key the value `value`. `nearby` describes what surrounds the place."""
    text = nearby.text
    if isinstance(node, nodes.Sequence | Mapping):
        yield in_brackets(node, value, nearby)
        return
    content, end = after_properties(node, text), visible_end(node, text)
    if not isinstance(node, Alias) and content != node.start:
        raise EditError("it has an anchor or a tag", "edit it by hand")
    if text[back_over_blanks(text, node.start) - 1] != ":" and ":" not in text[key.end : node.start]:
        raise EditError("it has no colon", "edit it by hand")
    if holder.flow:
        lead = " " if text[node.start - 1] == ":" and not nearby.json else ""
        yield Splice(node.start, end, lead + _flow_text(value, node.start, nearby))
        return
    yield from _in_block(holder, node, end, value, nearby)


def _in_block(holder: Mapping, node: Node, end: int, value: Content, nearby: Nearby) -> Iterator[Splice]:
    text = nearby.text
    indent = block_indent(entries(holder, text), text)
    writer = Writer(nearby, line_break(text, node.start))
    written = writer.block(value, indent, nearby.dashes(), nearby.step())
    rest = skip_blanks(text, end)
    if line_end(text, end) not in (end, rest) and text[rest] != "#":
        raise EditError("something else is in the same line", "edit it by hand")
    if end > node.start:
        yield Splice(back_over_blanks(text, node.start), end, "" if written[0] != " " else written)
    if written[0] != " ":
        below = end_below(text, end, len(indent))
        yield Splice(below, below, written)
    elif end == node.start:
        yield Splice(end, end, written)


def in_brackets(node: nodes.Sequence | Mapping, value: Content, nearby: Nearby) -> Splice:
    """Build the splice that writes the value into brackets that are empty or contain only comments."""
    text, opening = nearby.text, after_properties(node, nearby.text)
    if node.children:
        raise EditError("it is not empty", "add to it by hand")
    if text[opening + 1 : node.end - 1].strip():
        return _below_comments(node, opening, value, nearby)
    return Splice(opening, node.end, _flow_text(value, opening, nearby))


def _below_comments(node: nodes.Sequence | Mapping, opening: int, value: Content, nearby: Nearby) -> Splice:
    """Write the entries on lines of their own, above the line of the closing bracket."""
    text, closing = nearby.text, line_start(nearby.text, node.end - 1)
    writer, style, _ = _like_outer(opening, nearby)
    start = line_start(text, opening)
    outer = text[start : skip_blanks(text, start)]
    comments = _COMMENT_LINE.findall(text, opening, closing)
    deeper = comments and comments[-1].startswith(outer) and comments[-1] != outer
    indent = comments[-1] if deeper else outer + (style.unit or " " * nearby.step())
    written = f",{style.line_break}{indent}".join(writer.entries(value, style, indent))
    comma = "," if nearby.brackets(type(node), Brackets(True)).trailing_comma else ""
    return Splice(closing, closing, f"{indent}{written}{comma}{style.line_break}")


def _flow_text(value: Content, position: int, nearby: Nearby) -> str:
    """Format the value in brackets, for this position in the text."""
    writer, style, indent = _like_outer(position, nearby)
    return writer.flow(value, style, indent)


def _like_outer(position: int, nearby: Nearby) -> tuple[Writer, Flow, str]:
    """Build a writer and a style for brackets inside those around a position.

    Return them with the indentation of the position's line.
    """
    text = nearby.text
    outer = next((node for node in nearby.around if not isinstance(node, Scalar) and node.flow and node.children), None)
    writer = Writer(nearby, line_break(text, position))
    if outer is None:
        return writer, writer.flow_style(" ", " ", False, False, ""), ""
    found = entries(outer, text)
    on_lines, colon = starts_line(text, found[-1].start), last_colon(outer, text)
    unit = lines_unit(text, after_properties(outer, text), found) if on_lines else ""
    start = line_start(text, position)
    indent = text[start : skip_blanks(text, start)] if on_lines else ""
    comma = "" if is_tight(outer, colon, nearby) else " "
    trailing = find_comma(text, found[-1].end) is not None
    return writer, writer.flow_style(space_after_colon(colon), comma, on_lines, trailing, unit), indent
