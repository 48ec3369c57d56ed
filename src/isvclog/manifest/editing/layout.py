"""The style of lists and mappings near a place, so that new ones can be written in the same way."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from functools import lru_cache
from typing import TypeVar

from isvclog.manifest.editing.edit_error import EditError
from isvclog.manifest.editing.entries import after_properties, entries, find_comma, line_start, starts_line
from isvclog.manifest.editing.spelling import style_of
from isvclog.manifest.syntax import nodes
from isvclog.manifest.syntax.nodes import Mapping, Node, Scalar, Target
from isvclog.patterns import late_pattern
from isvclog.records import NamedTuple

_INDENT = 2
# A key with nothing but a comment behind it and then, below comments and blank lines, a dash.
_LIST = late_pattern(
    rb"^([ ]*(?:-[ ]+)*)[^\s#-][^\r\n#]*:[ \t]*(?:#[^\r\n]*)?\r?\n(?:[ \t]*(?:#[^\r\n]*)?\r?\n)*([ ]*)-[ ]",
    re.MULTILINE,
)
_FLOW_LIST = late_pattern(rb"^[ ]*(?:-[ ]+)*[^\s#-][^\r\n#]*:[ \t]+\[[^\]\r\n]", re.MULTILINE)

_Found = TypeVar("_Found")


class Dashes(NamedTuple):
    """A style of block lists: how far their dashes are to the right of the key, and what follows a dash."""

    offset: int
    gap: str = " "


class Brackets(NamedTuple):
    """A style of lists or mappings in brackets.

    It says whether each entry is on its own line, and whether a comma follows the last one.
    """

    on_lines: bool
    trailing_comma: bool = False


class Nearby(NamedTuple):
    """The surroundings of a place: the collections around it, the innermost first, in the text of a document.

    `file` is the content of the file that contains the document, if it is known; its other documents may show a style
    that this one does not.
    """

    around: tuple[Target, ...]
    text: str
    json: bool
    file: bytes = b""

    def dashes(self) -> Dashes:
        """Choose the style of block lists: like the nearest ones in this document, or else like those in the file."""
        found = self._nearest(_dashes)
        if found is None:
            offset = _usual_offset(self.file)
            found = Dashes(_INDENT if offset is None else offset)
        return found

    def lists_are_flow(self) -> bool:
        """Check whether lists have brackets here: those beside the place count, or else those of the whole file."""
        if beside := _filled_lists(_values(self.around[0])):
            return beside[-1].flow
        if self._nearest(_dashes) is not None or _usual_offset(self.file) is not None:
            return False
        anywhere = _filled_lists(value for _, value in _inner(self.around[-1]))
        return bool(anywhere) or _FLOW_LIST.search(self.file) is not None

    def step(self) -> int:
        """Measure how far the keys of a block mapping are to the right of the key of that mapping."""
        return self._nearest(_steps) or _INDENT

    def brackets(self, kind: type[nodes.Sequence | Mapping], default: Brackets) -> Brackets:
        """Choose the style of lists, or of mappings, in brackets."""
        return self._nearest(lambda node, text: _brackets(node, kind, text)) or default

    def keys(self) -> Sequence[Node]:
        """Find keys whose style new keys should have."""
        for node in self.around:
            if isinstance(node, Mapping) and (found := [key for key, _ in node.pairs() if not _merges(key)]):
                return found
        return ()

    def strings(self) -> Sequence[Node]:
        """Find strings whose style new strings should have.

        These are the values beside the place, or else the plain strings of the object, or else all its strings.
        """
        beside = _strings(_values(self.around[0]), self.text)
        if beside:
            return beside
        found = _strings((value for _, value in _inner(self.around[-1])), self.text)
        return [value for value in found if not style_of(value, self.text)] or found

    def items(self) -> Sequence[Node]:
        """Find strings whose style the items of a new list should have.

        These are the items of the list beside it, or else the result of `strings`.
        """
        lists = [value for value in _values(self.around[0]) if isinstance(value, nodes.Sequence)]
        return _strings(lists[-1].children if lists else (), self.text) or self.strings()

    def _nearest(self, learn: Callable[[Target, str], Iterable[_Found]]) -> _Found | None:
        """Return the most frequent style in the innermost collection that shows any.

        Return None if no collection shows one.
        """
        for node in self.around:
            if counted := Counter(learn(node, self.text)):
                return counted.most_common(1)[0][0]
        return None


def _merges(key: Node) -> bool:
    return isinstance(key, Scalar) and key.merge


def _values(node: Target) -> list[Node]:
    return [] if isinstance(node, Scalar) else [value for _, value in node.pairs()]


def _filled_lists(values: Iterable[Node]) -> list[nodes.Sequence]:
    return [value for value in values if isinstance(value, nodes.Sequence) and value.children]


def _strings(values: Iterable[Node], text: str) -> list[Node]:
    return [value for value in values if style_of(value, text) is not None]


def _inner(node: Node) -> Iterator[tuple[Node | None, Node]]:
    """Yield all keys and values inside a collection, where they are written. Items of lists have no key."""
    waiting: list[Node] = [node]
    while waiting:
        outer = waiting.pop()
        if isinstance(outer, Mapping):
            for key, value in outer.pairs():
                yield key, value
                waiting.append(value)
        elif isinstance(outer, nodes.Sequence):
            yield from ((None, item) for item in outer.children)
            waiting += outer.children


def _column(text: str, position: int) -> int:
    return position - line_start(text, position)


def _dashes(node: Target, text: str) -> Iterator[Dashes]:
    for key, value in _inner(node):
        if key is not None and isinstance(value, nodes.Sequence) and value.children and not value.flow:
            with suppress(EditError):
                dash = entries(value, text)[0].start
                offset = _column(text, dash) - _column(text, key.start)
                if starts_line(text, dash) and offset >= 0:
                    yield Dashes(offset, dash_gap(dash, value.children[0], text) or " ")


def dash_gap(dash: int, item: Node, text: str) -> str:
    """Copy the blanks between a dash and its item. Return an empty string if the item is on another line."""
    gap = text[dash + 1 : item.start]
    return "" if gap.strip(" \t") else gap


def _steps(node: Target, text: str) -> Iterator[int]:
    for key, value in _inner(node):
        if key is not None and isinstance(value, Mapping) and not value.flow and value.children:
            step = _column(text, value.children[0].start) - _column(text, key.start)
            if step > 0 and starts_line(text, value.children[0].start):
                yield step


def _starts_flat(node: nodes.Sequence | Mapping) -> bool:
    return isinstance(node, Mapping) or not isinstance(node.children[0], nodes.Sequence | Mapping)


def _brackets(node: Target, kind: type[nodes.Sequence | Mapping], text: str) -> Iterator[Brackets]:
    for _, value in _inner(node):
        # `[{` is written without a line between them where lists of strings have one.
        if isinstance(value, kind) and value.flow and value.children and _starts_flat(value):
            first, last = value.children[0], value.children[-1]
            between = text[after_properties(value, text) + 1 : first.start]
            yield Brackets("\n" in between or "\r" in between, find_comma(text, last.end) is not None)


@lru_cache(maxsize=1)
def _usual_offset(file: bytes) -> int | None:
    """Measure how far the dashes of most block lists in a file are to the right of their key.

    Return None if the file has no block lists.
    """
    found = Counter(len(match[2]) - len(match[1]) for match in _LIST.finditer(file))
    return next((offset for offset, _ in found.most_common() if offset >= 0), None)
