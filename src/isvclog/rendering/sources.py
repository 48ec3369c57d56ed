"""The text of templates, values and overlays, each file read once for a run of findings."""

import os
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from functools import lru_cache

from isvclog.records import NamedTuple
from isvclog.rendering.folders import read_text
from isvclog.rendering.key_lines import KeyLine, matching, read_items, read_key_lines


class RenderedLine(NamedTuple):
    """A rendered line to look for: the keys to a value, its text in the line of the key, and an item of a list.

    `place` is the path to the key as a JSON pointer, as operations of patches have it.
    """

    names: tuple[str, ...]
    value: str
    item: str | None = None
    place: str = ""


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
        at = bisect_right(self.starts, key.line)
        end = self.starts[at] if at < len(self.starts) else len(self.lines) + 1
        first, last = bisect_left(self.items, (key.line + 1, 0, "")), bisect_left(self.items, (end, 0, ""))
        found = [(line, column) for line, column, text in self.items[first:last] if text == item]
        return found[0] if len(found) == 1 else None


def _has_in_flow(line: KeyLine, brackets: str, key: str, value: str) -> bool:
    """Check whether a flow collection in a line has a key and a value; where they are empty, any will do."""
    return line.value[:1] in tuple(brackets) and key in line.value and value in line.value


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
