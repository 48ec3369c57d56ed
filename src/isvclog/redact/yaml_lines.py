"""Lines of a manifest for a diff, with values hidden that look secret by their key or shape, also over many lines.

A diff has to show the changes and the lines around them, so unlike an excerpt it shows values that look plain.
"""

import re
from collections.abc import Sequence

from isvclog.patterns import late_pattern
from isvclog.redact.keys import names_secret
from isvclog.redact.masks import REDACTED
from isvclog.redact.places.place import without_places
from isvclog.redact.places.texts import secret_places
from isvclog.redact.values import has_sensitive_shape, is_still_sensitive

_KEY = r"(?:(?P<quote>[\"'])(?P<quoted>[\w./-]+)(?P=quote)\s*:\s*|(?<![\w./-])(?P<plain>[\w./-]+)\s*:\s+)"
# The lookaheads keep a dash from being a key, and an anchor or tag from being a value, if what follows is neither.
_DASHES = r"[ \t]*(?:- +)*(?![ \t]|- )"
_DECORATED = r"(?:[&!]\S*\s+)*(?!\s|[&!]\S*\s)"
_HEAD = late_pattern(rf"{_DASHES}(?P<start>){_KEY}{_DECORATED}|{_DASHES}(?P<bare>[\w./-]+):\Z")
_PAIR = late_pattern(
    rf"{_KEY}{_DECORATED}"
    r"(?P<value>\"[^\"\\]*(?:\\.[^\"\\]*)*\"?|'[^']*(?:''[^']*)*'?|(?:\*{3}|[^\s\"'{}\[\],|>*#])[^,{}\[\]]*)"
)
_NAME = late_pattern(r"[ \t]*(?:- +)?[\"']?name[\"']?:\s+[\"']?(?P<name>[\w./-]+)")
_WORD = late_pattern(r"[^\s\"',{}\[\]]{6,}")
_INDICATOR = late_pattern(r"[|>][-+\d]*\s*(?:#.*)?\Z")
_FAR = 1000  # lines


def hide_secrets(lines: Sequence[bytes], at: int) -> str:
    """Return line `at` without its line break, with what looks secret hidden; the other lines give the context."""
    line = line_text(lines[at])
    line = without_places(line, secret_places(line))
    indent = len(line) - len(line.lstrip(" "))
    if _is_secret_scalar(lines, at, indent):
        return line[:indent] + REDACTED
    head = _HEAD.match(line)
    value = line[head.end() :] if head else ""
    # A plain value outside of braces may contain commas.
    if head and _is_plain(value) and _is_sensitive(_key(head), value):
        return line[: head.end()] + REDACTED
    return _WORD.sub(_word, _without_pairs(line, _sibling_name(lines, at)))


def line_text(line: bytes) -> str:
    """Decode a line, without its line break and a byte order mark."""
    return line.decode("utf-8", "surrogateescape").removeprefix("\ufeff").rstrip("\r\n")


def _key(match: re.Match[str]) -> str:
    return match["quoted"] or match["plain"] or ""


def _is_plain(value: str) -> bool:
    """Return True if the value has no quotes and is no collection, block, alias or comment."""
    return value.startswith(REDACTED) or (value != "" and value[0] not in "\"'{[|>*#")


def _is_sensitive(key: str, value: str) -> bool:
    """Return True if the value is sensitive; the credentials of its URLs are hidden already."""
    return names_secret(key, value) or is_still_sensitive(value)


def _word(found: re.Match[str]) -> str:
    return REDACTED if is_still_sensitive(found[0]) else found[0]


def _without_pairs(line: str, name: str) -> str:
    """Replace values that look secret by `REDACTED`.

    `name` is the name of an environment variable whose `value` is in the line, or empty.
    """

    def pair(found: re.Match[str]) -> str:
        nonlocal name
        key, value = _key(found), found["value"]
        content = value.strip("\"'")
        if key == "name":
            name = content
        if _is_sensitive(name if key == "value" and name else key, content):
            quote = value[0] if value[0] in "\"'" else ""
            return found[0][: -len(value)] + quote + REDACTED + quote
        return found[0]

    return _PAIR.sub(pair, line)


def _sibling_name(lines: Sequence[bytes], at: int) -> str:
    """Find the `name` in the line before or after, whose `value` may be in this line; empty if there is none."""
    for near in (at - 1, at + 1):
        if 0 <= near < len(lines) and (found := _NAME.match(line_text(lines[near]))):
            return found["name"]
    return ""


def _is_secret_scalar(lines: Sequence[bytes], at: int, indent: int) -> bool:
    """Return True if the line continues a value that began in a line above and that looks secret."""
    above = _enclosing_line(lines, at, indent)
    line = "" if above is None else line_text(lines[above])
    head = _HEAD.match(line)
    if above is None or not head or not _key(head):
        return False
    begun = line[head.end() :]
    if not begun or begun[0] in "{[*#":
        return False
    rest = [] if _INDICATOR.match(begun) else [begun]
    return _looks_secret(_key(head), rest, lines, above, _depth(line))


def _enclosing_line(lines: Sequence[bytes], at: int, indent: int) -> int | None:
    """Find the nearest line above whose key or text is less indented; None if there is none."""
    deep = b" " * indent
    for above in range(at - 1, max(at - _FAR, -1), -1) if indent else ():
        if lines[above].startswith(deep):  # the quick answer for most of a long list
            continue
        line = line_text(lines[above])
        if line.strip() and _depth(line) < indent:
            return above
    return None


def _depth(line: str) -> int:
    """Count the characters before the key of a line, behind the dashes of a list, or before its text."""
    head = _HEAD.match(line)
    return head.start("start") if head and _key(head) else len(line) - len(line.lstrip(" "))


def _looks_secret(key: str, parts: list[str], lines: Sequence[bytes], first: int, start: int) -> bool:
    for line in lines[first + 1 : first + _FAR]:
        text = line_text(line)
        if text.strip() and len(text) - len(text.lstrip(" ")) <= start:
            break
        parts.append(text.strip())
    whole = "\n".join(parts)
    return names_secret(key, whole) or has_sensitive_shape(whole)
