"""The actions of a Go template: which lines are plain text, and which blocks such as `if` and `range` they are in."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from isvclog.records import NamedTuple

_OPEN = "{{"
_WORD = re.compile(r"-?\s*([a-z]+)\b")
_COMMENT = re.compile(r"(?:-\s)?\s*/\*")
_COMMENT_END = re.compile(r"\*/\s*-?\}\}")
_SPECIAL = re.compile(r"[\"'`]|\}\}")
_QUOTED = {
    '"': re.compile(r'"(?:[^"\\\n]|\\.)*"'),
    "'": re.compile(r"'(?:[^'\\\n]|\\.)*'"),
    "`": re.compile(r"`[^`]*`"),
}
_DEEPEST = 100
_BLOCKS = frozenset(("if", "with", "range", "define", "block"))
_REPEATED = frozenset(("range", "define", "block"))


class Block:
    """A block of a template, from `if` or the like to `else` or `end`; `outer` is the block around it."""

    __slots__ = ("is_repeated", "outer")

    def __init__(self, kind: str, outer: "Block | None") -> None:
        self.outer = outer
        self.is_repeated: bool = kind in _REPEATED or (outer is not None and outer.is_repeated)
        """True if its text may be rendered several times: it is in a `range` or `define`, or such a block is around."""

    def contains(self, inner: "Block | None") -> bool:
        """Check whether a block is this one or inside of it; very deep ones count as outside."""
        for _ in range(_DEEPEST):
            if inner is self or inner is None:
                break
            inner = inner.outer
        return inner is self


class Action(NamedTuple):
    """An action, `{{ ... }}`: its offsets, and its first word, which is empty for a comment or another start."""

    start: int
    end: int
    word: str
    is_comment: bool


class TemplateText:
    """A template as lines. `plain` has each line without an action, and None for all others.

    `blocks` has the innermost block at the end of each line, None outside of all. `trimmed` are the lines whose start
    is trimmed, because the action before it ends in `-}}`.
    """

    def __init__(self, text: str) -> None:
        self.lines = text.split("\n")
        self.plain: list[str | None] = [*self.lines]
        self.blocks: list[Block | None] = []
        self.trimmed: set[int] = set()
        starts = _starts(self.lines)
        block: Block | None = None
        for action in find_actions(text):
            first = _line_at(starts, action.start, len(self.blocks))
            last = _line_at(starts, max(action.start, action.end - 1), first)
            self.blocks += [block] * (first - len(self.blocks))
            self.plain[first : last + 1] = [None] * (last + 1 - first)
            if text.endswith("-}}", action.start, action.end):
                self.trimmed.add(last + 1)
            block = _block_after(action.word, block)
            self.blocks += [block] * (last - len(self.blocks))
        self.blocks += [block] * (len(self.lines) - len(self.blocks))
        self._kinds = [number for number, line in enumerate(self.plain) if line and line.startswith("kind:")]

    def is_with_object(self, start: int, end: int) -> bool:
        """Check that lines, counted from 0, are rendered exactly if the `kind` of the object above them is."""
        above = bisect_left(self._kinds, start)
        if not above or start in self.trimmed:
            return False
        block = self.blocks[self._kinds[above - 1]]
        same = all(each is block for each in self.blocks[start - 1 : end])
        return same and not (block and block.is_repeated)


def find_actions(text: str) -> Iterator[Action]:
    """Yield the actions of a template, in linear time. One that does not end takes the rest of the text."""
    place = 0
    while (start := text.find(_OPEN, place)) >= 0:
        inner = start + len(_OPEN)
        if comment := _COMMENT.match(text, inner):
            found = _COMMENT_END.search(text, comment.end())
            place = found.end() if found else len(text)
            yield Action(start, place, "", True)
        else:
            place = _end(text, inner)
            word = _WORD.match(text, inner)
            yield Action(start, place, word[1] if word else "", False)


def _end(text: str, place: int) -> int:
    while found := _SPECIAL.search(text, place):
        if found[0] == "}}":
            return found.end()
        quoted = _QUOTED[found[0]].match(text, found.start())
        if quoted is None:
            break
        place = quoted.end()
    return len(text)


def _block_after(word: str, block: Block | None) -> Block | None:
    """Return the innermost block behind an action; text behind `else` is in another block than text before it."""
    if word in _BLOCKS:
        return Block(word, block)
    if word == "else":
        return Block("range" if block and block.is_repeated else "if", block and block.outer)
    return block.outer if word == "end" and block else block


def _starts(lines: Sequence[str]) -> list[int]:
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    return starts


def _line_at(starts: Sequence[int], offset: int, line: int) -> int:
    """Find the line of an offset, from a line on that is not behind it."""
    while starts[line + 1] <= offset:
        line += 1
    return line
