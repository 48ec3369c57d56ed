"""JSON text parsed to the same node trees as YAML.

kubectl reads what starts with a brace as JSON first: surrogate pairs (`\\ud83d\\ude00`), keys of any length and a colon
on the next line are valid JSON, but not YAML. Values may follow one another, as `jq` prints them.
"""

import json
import re

from isvclog.manifest.syntax.nodes import MAX_DEPTH, Mapping, Node, Scalar, Sequence, too_deep
from isvclog.manifest.syntax.parse_error import ParseError, unparsable
from isvclog.manifest.syntax.scalars import ScalarValue

_SPACE = re.compile(r"[ \t\r\n]*")
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def compose_json(text: str) -> list[Node]:
    """Parse JSON text to the root node of each value. Raise ParseError if it is not JSON or is nested too deep."""
    roots: list[Node] = []
    position = _skip(text, 0)
    while position < len(text):
        if roots and text[position] != "{":
            raise _unexpected("nothing more after an object", position)
        roots.append(_node(text, position, 1))
        position = _skip(text, roots[-1].end)
    return roots


def _node(text: str, start: int, depth: int) -> Node:
    match text[start : start + 1]:
        case "{":
            return _mapping(text, start, depth)
        case "[":
            return _sequence(text, start, depth)
        case _:
            return _scalar(text, start)


def _mapping(text: str, start: int, depth: int) -> Mapping:
    mapping = Mapping(start, start, True)
    position = _enter(text, start, depth)
    while text[position : position + 1] != "}":
        if text[position : position + 1] != '"':
            raise _unexpected("a key in double quotes", position)
        key = _scalar(text, position)
        colon = _skip(text, key.end)
        if text[colon : colon + 1] != ":":
            raise _unexpected("':' after a key", colon)
        value = _node(text, _skip(text, colon + 1), depth + 1)
        mapping.children += (key, value)
        position = _after_item(text, value.end, "}")
    mapping.end = position + 1
    return mapping


def _sequence(text: str, start: int, depth: int) -> Sequence:
    sequence = Sequence(start, start, True)
    position = _enter(text, start, depth)
    while text[position : position + 1] != "]":
        item = _node(text, position, depth + 1)
        sequence.children.append(item)
        position = _after_item(text, item.end, "]")
    sequence.end = position + 1
    return sequence


def _enter(text: str, start: int, depth: int) -> int:
    if depth > MAX_DEPTH:
        raise too_deep(start)
    return _skip(text, start + 1)


def _after_item(text: str, end: int, closing: str) -> int:
    """Find the start of the next item, or the closing bracket. Raise ParseError if neither follows."""
    position = _skip(text, end)
    mark = text[position : position + 1]
    if mark == closing:
        return position
    following = _skip(text, position + 1)
    if mark != "," or text[following : following + 1] == closing:
        raise _unexpected(f"',' and another item, or '{closing}'", position)
    return following


def _skip(text: str, position: int) -> int:
    space = _SPACE.match(text, position)
    return space.end() if space else position


def _scalar(text: str, start: int) -> Scalar:
    try:
        value, end = _DECODER.raw_decode(text, start)
    except json.JSONDecodeError as error:
        raise unparsable(f"{error.msg[:1].lower()}{error.msg[1:]}", _REMEDY, error.pos) from None
    except ValueError as error:
        raise unparsable(str(error), _REMEDY, start) from None
    if isinstance(value, str) and end - start - 2 > len(value):
        # Something was escaped; encoding/json reads half a surrogate pair as U+FFFD.
        value = _LONE_SURROGATE.sub("\ufffd", value)
    return Scalar(start, end, value)


def _integer(digits: str) -> ScalarValue:
    return int(digits) if len(digits) <= 20 else float(digits)


def _constant(name: str) -> ScalarValue:
    raise ValueError(f"{name} is not a JSON value")


def _unexpected(wanted: str, position: int) -> ParseError:
    return unparsable(f"expected {wanted}", _REMEDY, position)


_REMEDY = "Correct the JSON at this place, or check what wrote it."
_DECODER = json.JSONDecoder(parse_int=_integer, parse_constant=_constant)
