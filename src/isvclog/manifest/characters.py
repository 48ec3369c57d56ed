"""The place of one character of a value in the text of a manifest, whatever the style in which it is written.

A scalar is decoded once more here, character by character, with the stretch of text that each of them comes from. What
does not begin as the value that the parser read has no places: styles as rare as an indentation indicator.
"""

import re
from collections.abc import Iterator
from itertools import islice

from isvclog.findings import Span
from isvclog.keypath import KeyPath, value_at
from isvclog.manifest.syntax.lookup import find
from isvclog.manifest.syntax.nodes import Scalar
from isvclog.manifest.syntax.objects import Object
from isvclog.records import NamedTuple

_PROPERTIES = re.compile(r"(?:[&!]\S*\s+)*")
_NEWLINE = r"(?:\r\n|[\r\n\x85\u2028\u2029])"
_BREAKS = re.compile(rf"[ \t]*({_NEWLINE}(?:[ \t]*{_NEWLINE})*)[ \t]*")
_BREAK = re.compile(_NEWLINE)
_BLANKS = re.compile(r"[ \t]+")
_ESCAPE = re.compile(r"\\(?:x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))")
_CONTINUED = re.compile(rf"\\{_NEWLINE}[ \t]*")
_BLOCK = re.compile(rf"[|>][+-]?[ \t]*(?:#.*?)?(?:{_NEWLINE}|\Z)")
_LINE = re.compile(rf"(.*?)({_NEWLINE}|\Z)", re.DOTALL)
_ESCAPED = dict(zip('0abt\tnvfre "/\\N_LP', '\0\a\b\t\t\n\v\f\r\x1b "/\\\x85\xa0\u2028\u2029', strict=True))


class _Character(NamedTuple):
    """One character of a value, and the stretch of text that it is written as."""

    char: str
    start: int
    end: int


def character_span(obj: Object, path: KeyPath, index: int) -> Span | None:
    """Locate the character of the string at a path; None if the object has no text, or its style is not understood.

    `index` counts characters of the value from 0. For a line break, the place is the end of the line.
    """
    node, value, text = find(obj.node, path)[1], value_at(obj.data, path), obj.source.text
    if not text or not isinstance(node, Scalar) or not isinstance(value, str) or not 0 <= index < len(value):
        return None
    written = list(islice(_decoded(text, node.start, node.end), index + 1))
    if "".join(part.char for part in written) != value[: index + 1]:
        return None
    found = written[index]
    return obj.source.positions.span(found.start, found.start if found.char == "\n" else found.end)


def _decoded(text: str, start: int, end: int) -> Iterator[_Character]:
    properties = _PROPERTIES.match(text, start, end)
    start = properties.end() if properties else start
    if header := _BLOCK.match(text, start, end):
        return _block(text, header.end(), end, folded=text[start] == ">")
    quote = text[start : start + 1]
    if quote in ("'", '"'):
        return _flow(text, start + 1, text.rfind(quote, start + 1, end), quote)
    return _flow(text, start, start + len(text[start:end].rstrip()), "")


def _flow(text: str, start: int, end: int, quote: str) -> Iterator[_Character]:
    """Decode a plain or quoted scalar: line breaks are folded, and escapes are replaced."""
    while start < end:
        characters, start = _read(text, start, end, quote)
        yield from characters


def _read(text: str, start: int, end: int, quote: str) -> tuple[list[_Character], int]:
    """Read the characters that one stretch of the text stands for, and return them with its end."""
    if found := _BREAKS.match(text, start, end):
        return list(_folded(found)), found.end()
    if found := _BLANKS.match(text, start, end):
        return [_Character(text[at], at, at + 1) for at in range(start, found.end())], found.end()
    if quote == '"' and (found := _CONTINUED.match(text, start, end)):
        return [], found.end()
    if quote == '"' and (found := _ESCAPE.match(text, start, end)):
        return [_Character(_unescaped(found), start, found.end())], found.end()
    after = start + (2 if quote == "'" and text.startswith("''", start) else 1)
    return [_Character(text[start], start, after)], after


def _folded(found: re.Match[str]) -> Iterator[_Character]:
    """Yield a space for one line break, and a line break for each further one."""
    first, *others = _BREAK.finditer(found.string, found.start(1), found.end(1))
    if not others:
        yield _Character(" ", first.start(), first.end())
    yield from (_Character("\n", other.start(), other.end()) for other in others)


def _unescaped(found: re.Match[str]) -> str:
    code = found[1] or found[2] or found[3]
    if code is None:
        return _ESCAPED.get(found[4], "")
    return chr(min(int(code, 16), 0x10FFFF))


def _block(text: str, start: int, end: int, *, folded: bool) -> Iterator[_Character]:
    """Decode a literal or folded block scalar."""
    last: _Character | None = None  # the line break of the last line with text
    was_indented, empty = False, list[_Character]()
    for offset, content, newline in _block_lines(text, start, end):
        if not content:
            empty.append(newline)
            continue
        is_indented = content[0] in " \t"
        if last is not None:
            yield from _joined(last, empty, folded and not was_indented and not is_indented)
        yield from empty
        yield from (_Character(char, offset + at, offset + at + 1) for at, char in enumerate(content))
        last, was_indented, empty = newline, is_indented, []
    if last is not None:
        yield last
    yield from empty


def _joined(newline: _Character, empty: list[_Character], is_folded: bool) -> list[_Character]:
    """Return what is between two lines with text, besides the `empty` lines there."""
    if not is_folded:
        return [newline]
    return [] if empty else [newline._replace(char=" ")]


def _block_lines(text: str, start: int, end: int) -> Iterator[tuple[int, str, _Character]]:
    """Yield each line of a block scalar: its offset and content without the indentation, and its line break.

    The first line that is not empty has the indentation of all.
    """
    indent: int | None = None
    while start < end and (line := _LINE.match(text, start, end)):
        content, start = line[1], line.end()
        if indent is None and content.strip(" "):
            indent = len(content) - len(content.lstrip(" "))
        shown = "" if indent is None else content[indent:]
        yield line.end(1) - len(shown), shown, _Character("\n", line.start(2), line.end(2))
