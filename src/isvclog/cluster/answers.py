"""Answers as plain data, counted before they are parsed, so that none takes more memory than this program has."""

import json
import re
from itertools import chain
from typing import Any

from isvclog.cluster.limits import SizeLimits, TooLarge

MOST_VALUES = 2_000_000
MOST_WIDE = 32 << 20
"""The bytes of an answer with wide text, see `SizeLimits`."""
_MOST_LEVELS = 200
"""The nesting at which answers are cut: no object has a third of it, and Python recurses to a thousand."""
_WIDE = re.compile(rb"[\xf0-\xf4]|\\u[Dd][89ABab]")
_TOKEN = re.compile(rb'"[^"]*"?|[,\[{]')


def parsed(data: bytes | bytearray, limits: SizeLimits | None = None) -> dict[str, Any] | None:
    """Parse data as a JSON object; None if they are anything else. Empties a bytearray, to free its memory.

    Halves of surrogate pairs become U+FFFD, as in Go. Values that are nested deeper than any Kubernetes object are
    dropped. Raises TooLarge for more values or more text than `limits` allow, by default two million and 32 MiB.
    """
    check_content(data, limits)
    # As bytes or as text, a pair of surrogates stands for one character; halves may be anywhere.
    has_halves = re.search(rb"\\u[Dd]|\xed[\xa0-\xbf]", data) is not None
    try:
        text = data.decode("utf-8", "surrogatepass")
        if isinstance(data, bytearray):
            data.clear()
        value = json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError):
        return None
    del text
    if not isinstance(value, dict):
        return None
    _cut(value)
    if has_halves:
        _replace_halves(value)
    return value


def check_content(data: bytes | bytearray, limits: SizeLimits | None = None) -> None:
    """Raise TooLarge if JSON has more values than isvclog reads, or if its text would take too much memory."""
    most_wide, most_values = (limits.wide, limits.values) if limits else (MOST_WIDE, MOST_VALUES)
    if len(data) > most_wide and _WIDE.search(data):
        raise TooLarge("characters")
    if quick_count(data) < most_values:
        return
    plain = data.replace(rb"\\", b"").replace(rb"\"", b"")  # so that each quote begins or ends a string
    count = 0
    for match in _TOKEN.finditer(plain):
        count += match[0][:1] != b'"'
        if count >= most_values:
            raise TooLarge("values")


def quick_count(data: bytes | bytearray) -> int:
    """Count the values of JSON, and some more if its strings contain commas or brackets."""
    return data.count(b",") + data.count(b"[") + data.count(b"{")


def _cut(value: dict[str, Any]) -> None:
    level: list[Any] = [value]
    for _ in range(_MOST_LEVELS):
        inner = chain.from_iterable(each.values() if isinstance(each, dict) else each for each in level)
        level = [each for each in inner if each and isinstance(each, (dict, list))]
    for each in level:
        each.clear()


def _replace_halves(value: dict[str, Any]) -> None:
    """Replace halves of surrogate pairs, text by text: all of them at once would take several times the memory."""
    remaining: list[Any] = [value]
    while remaining:
        node = remaining.pop()
        if isinstance(node, dict):
            pairs = [(_whole(key), _whole(each)) for key, each in node.items()]
            node.clear()
            node.update(pairs)
        else:
            node[:] = [_whole(each) for each in node]
        remaining += [
            each for each in (node.values() if isinstance(node, dict) else node) if isinstance(each, (dict, list))
        ]


def _whole(value: Any) -> Any:
    if not isinstance(value, str) or value.isascii():
        return value
    return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _no_number(name: str) -> Any:
    raise ValueError(name)
