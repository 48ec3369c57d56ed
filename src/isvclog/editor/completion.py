"""Completions from the lines around the cursor: a document that is being written can rarely be parsed."""

import re
from collections.abc import Iterable, Iterator

from lsprotocol import types

from isvclog.config import NAME
from isvclog.editor.documents import OpenDocument
from isvclog.editor.lines import Lines
from isvclog.findings import Span
from isvclog.kserve.apis.constants import LOG_MODES
from isvclog.kserve.golang.http import canonical_header
from isvclog.records import NamedTuple
from isvclog.redact.values import is_sensitive
from isvclog.rules.registry import all_rules, running_rules

TRIGGERS = (" ", "-", "[", ",", ":")
HEADERS = (
    *("x-request-id", "x-correlation-id", "traceparent", "tracestate", "baggage", "b3", "x-b3-traceid", "x-b3-spanid"),
    *("x-amzn-trace-id", "x-cloud-trace-context", "x-tenant-id", "x-client-id", "user-agent", "accept-language"),
    *("content-type", "x-forwarded-host", "ce-id"),
)
"""Headers that teams log often; none of them holds a secret or says who a person is."""
_MOST_LINES = 5000
"""The lines above and below the cursor in which keys are looked for."""

_IGNORE = re.compile(r"#[ \t]*isvclog:[ \t]+ignore(?:-file)?\[(?:[^\]\[]*[,\s])?([^\]\[,\s]*)\Z")
_KEY = re.compile(r"( *)(?:- +)*(?:\"([^\"]+)\"|'([^']+)'|([^\s#'\"\[\]{},:-][^\s:]*|-[^\s:]+)):(?=\s|\Z)")
_ITEM = re.compile(r" *(?:- +)+[\"']?([^\s\"']*)\Z| *-\Z")
_VALUE = re.compile(r".*: +[\"']?([^\s\"'\[\],{}]*)\Z")
_PAIR = re.compile(
    r"[{,]\s*(?:\"([^\"]+)\"|'([^']+)'|([^\s'\"{}\[\],:][^\s:,{}]*)):(?:\s+|\Z)(\"[^\"]*\"|'[^']*'|[^,}]*)"
)
"""A key and its value in a flow mapping, as far as it is written."""
_FLOW = re.compile(r".*:[ \t]+\[(?:.*[,\s])?[\"']?([^\s\"'\[\],{}]*)\Z")


class _Place(NamedTuple):
    """The place of a cursor: the keys around it, outermost first, and the beginning of the word in front of it."""

    keys: tuple[str, ...]
    word: str


def completions(document: OpenDocument, position: types.Position) -> list[types.CompletionItem]:
    """Find what can be written at a position."""
    line, column = document.lines.from_client(position)
    before = document.lines.text(line - 1)[: column - 1]
    if found := _IGNORE.search(before):
        return _items(document, line, column, found[1], rule_names(), types.CompletionItemKind.EnumMember)
    place = _place(document.lines, line - 1, before)
    if place is None:
        return []
    if document.path and document.path.endswith(NAME):
        is_rule = place.keys in (("select",), ("ignore",), ("ignores", "rule"))
        names: Iterable[str] = rule_names() if is_rule else ()
        return _items(document, line, column, place.word, names, types.CompletionItemKind.EnumMember)
    if not document.concerns_us:
        return []
    match place.keys[-2:]:
        case ("logger", "metadataAnnotations"):
            names, kind = _annotations(document.lines, line - 1), types.CompletionItemKind.Property
        case ("logger", "metadataHeaders"):
            names, kind = map(canonical_header, HEADERS), types.CompletionItemKind.Constant
        case ("logger", "mode"):
            names, kind = LOG_MODES, types.CompletionItemKind.EnumMember
        case _:
            return []
    return _items(document, line, column, place.word, names, kind)


def rule_names() -> Iterator[str]:
    """Yield the names of the rules that can be ignored in a manifest."""
    return (name for name in all_rules() if name not in running_rules())


def _items(
    document: OpenDocument, line: int, column: int, word: str, names: Iterable[str], kind: types.CompletionItemKind
) -> list[types.CompletionItem]:
    at = document.lines.range(Span(line, column - len(word), line, column))
    return [
        types.CompletionItem(name, kind=kind, text_edit=types.TextEdit(at, name), sort_text=f"{index:04}")
        for index, name in enumerate(names)
    ]


def _place(lines: Lines, line: int, before: str) -> _Place | None:
    """Find the keys around the end of a line's text; None where no value is written."""
    key = _KEY.match(before)
    if key and (found := _FLOW.match(before, key.end() - 1) or _VALUE.match(before, key.end() - 1)):
        return _Place((*_above(lines, line, _depth(before)), _name(key)), found[1])
    if found := _ITEM.match(before):
        indent = len(before) - len(before.lstrip(" "))
        # A list may be as deep as its key.
        return _Place(_above(lines, line, indent + 1), found[1] or "")
    return None


def _above(lines: Lines, line: int, depth: int) -> tuple[str, ...]:
    """Collect the keys of the blocks around a line, of which each is less deep than the one inside of it."""
    found: list[str] = []
    for index in range(line - 1, max(line - _MOST_LINES, 0) - 1, -1):
        text = lines.text(index)
        if text.startswith("---") or depth == 0:
            break
        key = _KEY.match(text)
        if key and _depth(text) < depth:
            found.append(_name(key))
            depth = len(key[1])
    return tuple(reversed(found))


def _depth(text: str) -> int:
    """Count what is in front of a key, with the dashes of a list."""
    return len(text) - len(text.lstrip(" -"))


def _name(key: re.Match[str]) -> str:
    return key[2] or key[3] or key[4]


def _annotations(lines: Lines, line: int) -> Iterator[str]:
    """Yield the keys of `metadata.annotations` in the document around a line, without those that look secret."""
    inside: list[tuple[int, str]] = []
    for text in _around(lines, line):
        if not (key := _KEY.match(text)):
            continue
        depth, name = _depth(text), _name(key)
        while inside and inside[-1][0] >= depth:
            inside.pop()
        around = [each for _, each in inside[-2:]]
        for written, value in _pairs(around, name, text[key.end() :].strip()):
            if not is_sensitive(written, value.strip().strip("\"'")):
                yield written
        inside.append((depth, name))


def _pairs(around: list[str], name: str, value: str) -> list[tuple[str, str]]:
    """List the annotations in a line: one below `metadata.annotations`, or those in a flow mapping behind it."""
    if around == ["metadata", "annotations"]:
        return [(name, value)]
    if name == "annotations" and around[-1:] == ["metadata"] and value.startswith("{"):
        return [("".join(names), written) for *names, written in _PAIR.findall(value)]
    return []


def _around(lines: Lines, line: int) -> Iterator[str]:
    """Yield the lines of the document around a line."""
    first = line
    while first > max(line - _MOST_LINES, 0) and not lines.text(first).startswith("---"):
        first -= 1
    for index in range(first, min(line + _MOST_LINES, len(lines))):
        text = lines.text(index)
        if index > line and text.startswith("---"):
            return
        yield text
