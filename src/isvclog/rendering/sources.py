"""The text of templates, values and overlays, each file read once for a run of findings."""

import os
import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from functools import lru_cache

from isvclog.findings import Span
from isvclog.records import NamedTuple
from isvclog.rendering.folders import read_text
from isvclog.rendering.key_lines import KeyLine, matching, read_items, read_key_lines

_MADE = re.compile(r"(?P<indent> *)(?P<dash>- +)?(?P<text>.*\{\{.*)")
_MAKES_NOTHING = re.compile(r"\{\{-?\s*(?:/\*|(?:if|else|end|range|with)\b|\$)")
_ENDS_BLOCK = re.compile(r"---|\{\{-?\s*define\b")
_INDEX = re.compile(r"/(?:-|\d{1,9})")
_LONGEST = 4096
_MOST_LINES = 1000
"""Lines below a key that are read to find the one that an action makes."""
_NEAR = 2
"""Lines between the `path` and the `value` of an operation, at most; `op` or `from` may be between them."""


class RenderedLine(NamedTuple):
    """A rendered line to look for: the keys to a value, its text in the line of the key, and an item of a list.

    `place` is the path to the key as a JSON pointer, as operations of patches have it.
    """

    names: tuple[str, ...]
    value: str
    item: str | None = None
    place: str = ""


class MadeLine(NamedTuple):
    """A line below a key whose text an action makes. `is_item` is True for one item of a list.

    `above` are the lines between the key and this one, such as that of a `range`.
    """

    span: Span
    text: str
    is_item: bool
    above: Sequence[str]


class SourceText(NamedTuple):
    """One file that rendered text comes from.

    `named` has the lines with a key, by the key, and `starts` the numbers of all lines with a key. `items` are line,
    column and text of list items, in their order.
    """

    file: str
    lines: tuple[str, ...]
    named: Mapping[str, Sequence[KeyLine]]
    starts: Sequence[int]
    items: Sequence[tuple[int, int, str]]

    def with_chain(self, chain: tuple[str, ...]) -> list[KeyLine]:
        """Find the key with exactly these keys around it."""
        return [line for line in self.named.get(chain[-1], ()) if line.chain == chain]

    def around_flow(self, chain: tuple[str, ...], value: str) -> list[KeyLine]:
        """Find the key whose flow mapping, in the same line, has the last key of the chain and a value."""
        parents = (self.with_chain(chain[:end]) for end in range(len(chain) - 1, 0, -1))
        return [line for line in next(filter(None, parents), ()) if _has_in_flow(line, "{", chain[-1], value)]

    def with_value(self, wanted: RenderedLine) -> list[KeyLine]:
        """Find the key with the same value, whatever is around it."""
        return [line for line in self.named.get(wanted.names[-1], ()) if line.value == wanted.value]

    def hits(self, wanted: RenderedLine) -> list[KeyLine]:
        """Find the key. A line that gives it another value than the rendered one is not where it comes from.

        A key inside of a flow mapping has the line of the key that the mapping belongs to.
        """
        found = self._matching(wanted.names)
        if not found:
            return self._in_flow_mappings(wanted)
        same = [line for line in found if "{{" in line.value or line.value == wanted.value]
        if same or wanted.value:
            return same
        return [line for line in found if _has_in_flow(line, "[{", "", wanted.item or "")]

    def _in_flow_mappings(self, wanted: RenderedLine) -> list[KeyLine]:
        around = self._matching(wanted.names[:-1])
        return [line for line in around if _has_in_flow(line, "{", wanted.names[-1], wanted.value)]

    def _matching(self, names: tuple[str, ...]) -> list[KeyLine]:
        return matching(self.named.get(names[-1], ()), names) if names else []

    def operations(self, place: str) -> list[KeyLine]:
        """Find the operations of JSON patches that write a place, by their `path`."""
        return [line for line in self.named.get("path", ()) if line.value == place]

    def item_below(self, key: KeyLine, item: str) -> tuple[int, int] | None:
        """Find the only line below a key, before the next key, with a list item."""
        end = self._next_key(key)
        first, last = bisect_left(self.items, (key.line + 1, 0, "")), bisect_left(self.items, (end, 0, ""))
        found = [(line, column) for line, column, text in self.items[first:last] if text == item]
        return found[0] if len(found) == 1 else None

    def has_item(self, key: KeyLine, item: str) -> bool:
        """Check whether a list has an item, in a line of its own or in the line of its key."""
        return self.item_below(key, item) is not None or _has_in_flow(key, "[", "", item)

    def item_operations(self, place: str, item: str) -> list[KeyLine]:
        """Find the operations of JSON patches that write an item of the list at a place, by their `path`."""
        values = {line.line: line.chain for line in self.named.get("value", ()) if line.value == item}
        return [
            line
            for line in self.named.get("path", ())
            if line.value.startswith(place) and _INDEX.fullmatch(line.value, len(place))
            if any(values.get(line.line + away) == (*line.chain[:-1], "value") for away in range(-_NEAR, _NEAR + 1))
        ]

    def made_below(self, key: KeyLine) -> MadeLine | None:
        """Find the only line below a key, before the next key, whose text an action makes."""
        found: list[MadeLine] = []
        for number in range(key.line + 1, min(self._next_key(key), key.line + _MOST_LINES)):
            line = self.lines[number - 1]
            if _ENDS_BLOCK.match(line):
                break
            made = _MADE.match(line[:_LONGEST])
            if made and not _MAKES_NOTHING.match(made["text"]):
                span = Span(number, made.start("text") + 1, number, made.end("text") + 1)
                found.append(MadeLine(span, made["text"], bool(made["dash"]), self.lines[key.line : number - 1]))
        return found[0] if len(found) == 1 else None

    def span_of(self, key: KeyLine, item: str | None) -> Span:
        """Return the position of a key or, for an item below it, of the item or the line that makes it."""
        if not item:
            return key.span
        if found := self.item_below(key, item):
            return Span(*found, found[0], found[1] + len(item))
        made = self.made_below(key)
        return made.span if made and made.is_item else key.span

    def _next_key(self, key: KeyLine) -> int:
        at = bisect_right(self.starts, key.line)
        return self.starts[at] if at < len(self.starts) else len(self.lines) + 1


def _has_in_flow(line: KeyLine, brackets: str, key: str, value: str) -> bool:
    """Check whether a flow collection in a line has a key and a value; where they are empty, any will do."""
    if line.value[:1] not in tuple(brackets) or value not in line.value:
        return False
    return not key or re.search(rf"(?<![\w./-]){re.escape(key)}[\"']?\s*:", line.value) is not None


def source_text(file: str) -> SourceText:
    """Read a file; unchanged files are read once."""
    try:
        status = os.stat(file)
    except (OSError, ValueError):
        return SourceText(file, (), {}, (), ())
    return _read(file, status.st_mtime_ns, status.st_size)


@lru_cache(maxsize=64)
def _read(file: str, changed: int, size: int) -> SourceText:
    text = read_text(file)
    lines = tuple(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    keys = list(read_key_lines(text))
    named: dict[str, list[KeyLine]] = {}
    for key in keys:
        named.setdefault(key.chain[-1], []).append(key)
    return SourceText(file, lines, named, [key.line for key in keys], list(read_items(text)))
