"""Adding a key with a string to the end of a mapping, as its neighbours are written."""

import re
from collections.abc import Iterator

from isvclog.manifest.entries import (
    Splice,
    after_properties,
    entries,
    find_comma,
    line_break,
    line_end,
    line_start,
    skip_blanks,
    starts_line,
)
from isvclog.manifest.nodes import Mapping, Node, Scalar, Sequence
from isvclog.manifest.refusal import CannotEdit
from isvclog.manifest.spelling import double_quoted, spell_like

_SEPARATOR = re.compile(r"\s*,\s*")
_COLON = re.compile(r"[ \t]*:[ \t]*")


def insert(node: Mapping, key: str, value: str, text: str, json: bool) -> Iterator[Splice]:
    """What adds the key to the text."""
    if json:
        spelled = double_quoted(key, json), double_quoted(value, json)
    else:
        pairs = [pair for pair in node.pairs() if not (isinstance(pair[0], Scalar) and pair[0].merge)]
        spelled = (
            spell_like(key, None if pairs else "", [name for name, _ in pairs], text, node.flow),
            spell_like(value, None, [inner for _, inner in pairs], text, node.flow),
        )
    yield from (_in_flow if node.flow else _in_block)(node, *spelled, text)


def _in_block(node: Mapping, key: str, value: str, text: str) -> Iterator[Splice]:
    found = entries(node, text)
    own_line = next((entry for entry in found if starts_line(text, entry.start)), None)
    if own_line is not None:
        indent = text[line_start(text, own_line.start) : own_line.start]
    else:
        indent = " " * (found[0].start - line_start(text, found[0].start))
    end, break_ = line_end(text, found[-1].end), line_break(text, found[-1].end)
    kept = _kept_end(node, text)
    if kept is None:
        yield Splice(end, end, f"{break_}{indent}{key}: {value}")
    else:
        yield Splice(kept, kept, f"{indent}{key}: {value}{break_}")


def _kept_end(node: Mapping, text: str) -> int | None:
    """Where a last value ends to which the blank lines behind it belong: `|+`."""
    last: Node = node
    while isinstance(last, Sequence | Mapping) and not last.flow and last.children:
        last = last.children[-1]
    content = after_properties(last, text)
    header = text[content : min(content + 3, last.end)]
    keeps = header[:1] in ("|", ">") and "+" in header.split("\n")[0]
    return last.end if keeps and last.end == line_start(text, last.end) else None


def _in_flow(node: Mapping, key: str, value: str, text: str) -> Iterator[Splice]:
    opening = after_properties(node, text)
    if text[opening : opening + 1] != "{":
        raise CannotEdit("this mapping has no braces", "write them around it")
    found = entries(node, text)
    if not found:
        if text[opening + 1 : node.end - 1].strip():
            raise CannotEdit("a comment stands in the empty mapping", "add the key by hand")
        yield Splice(opening + 1, node.end - 1, f"{key}{': ' if ': ' in text else ':'}{value}")
        return
    *_, (last_key, last_value) = node.pairs()
    colon = text[last_key.end : last_value.start]
    pair = key + (colon if _COLON.fullmatch(colon) and last_value.end > last_value.start else ": ") + value
    end, comma = found[-1].end, find_comma(text, found[-1].end)
    gap = _gap(text, opening + 1 if len(found) == 1 else found[-2].end, found[-1].start)
    if gap is None:
        gap = "" if pair.startswith(f"{key}:{value}") else " "
    behind = end if comma is None else comma + 1
    comment = skip_blanks(text, behind)
    if text[comment : comment + 1] == "#":
        stop = line_end(text, comment)
        if not gap.strip(" \t"):
            gap = line_break(text, comment) + " " * (found[-1].start - line_start(text, found[-1].start))
        if comma is None:
            yield Splice(end, end, ",")
        yield Splice(stop, stop, gap + pair + ("," if comma is not None else ""))
    elif comma is None:
        yield Splice(end, end, f",{gap}{pair}")
    else:
        yield Splice(behind, behind, f"{gap}{pair},")


def _gap(text: str, start: int, end: int) -> str | None:
    """The white space in front of an entry; None where nothing but its brace is there to learn from."""
    between = text[start:end]
    space = between[len(between.rstrip(" \t\r\n")) :]
    if "\n" in space or "\r" in space:
        # A blank line above the last entry is not repeated.
        return line_break(text, max(line_start(text, end) - 2, 0)) + text[line_start(text, end) : end]
    return space if _SEPARATOR.fullmatch(between) else None
