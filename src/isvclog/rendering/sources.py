"""The text of templates, values and overlays, each file read once for a run of findings."""

import os
from functools import lru_cache
from typing import NamedTuple

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
    """One file that rendered text comes from. `items` are line, column and text of list items."""

    file: str
    lines: tuple[str, ...]
    keys: tuple[KeyLine, ...]
    items: tuple[tuple[int, int, str], ...]

    def hits(self, wanted: RenderedLine) -> list[KeyLine]:
        """Find the key. A line that gives it another value than the rendered one is not where it comes from.

        A key inside of a flow mapping has the line of the key that the mapping belongs to.
        """
        found = matching(self.keys, wanted.names)
        if not found:
            return self._in_flow_mappings(wanted)
        same = [line for line in found if "{{" in line.value or line.value == wanted.value]
        if same or wanted.value:
            return same
        return [line for line in found if _has_in_flow(line, "[{", "", wanted.item or "")]

    def _in_flow_mappings(self, wanted: RenderedLine) -> list[KeyLine]:
        around = matching(self.keys, wanted.names[:-1])
        return [line for line in around if _has_in_flow(line, "{", wanted.names[-1], wanted.value)]

    def operations(self, place: str) -> list[KeyLine]:
        """Find the operations of JSON patches that write a place, by their `path`."""
        return [line for line in self.keys if line.chain[-1] == "path" and line.value == place]

    def item_below(self, key: KeyLine, item: str) -> tuple[int, int] | None:
        """Find the only line below a key, before the next key, with a list item."""
        end = next((line.line for line in self.keys if line.line > key.line), len(self.lines) + 1)
        found = [(line, column) for line, column, text in self.items if key.line < line < end and text == item]
        return found[0] if len(found) == 1 else None


def _has_in_flow(line: KeyLine, brackets: str, key: str, value: str) -> bool:
    """Check whether a flow collection in a line has a key and a value; where they are empty, any will do."""
    return line.value[:1] in tuple(brackets) and key in line.value and value in line.value


def source_text(file: str) -> SourceText:
    """Read a file; unchanged files are read once."""
    try:
        status = os.stat(file)
    except (OSError, ValueError):
        return SourceText(file, (), (), ())
    return _read(file, status.st_mtime_ns, status.st_size)


@lru_cache(maxsize=64)
def _read(file: str, changed: int, size: int) -> SourceText:
    text = read_text(file)
    lines = tuple(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    return SourceText(file, lines, tuple(read_key_lines(text)), tuple(read_items(text)))
