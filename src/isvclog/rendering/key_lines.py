"""The keys at the starts of lines of a text that is not YAML yet: a template, or the values of a chart."""

import re
from collections.abc import Iterator, Sequence

from isvclog.findings import Span
from isvclog.records import NamedTuple

_LONGEST = 4096
"""Characters of a line that are read; no key and no value that is compared is longer."""
_DEEPEST = 64
_PATCH = "patch"
_KEY = re.compile(
    r"(?P<indent> *)(?P<dashes>(?:- +)*)(?P<quote>[\"']?)(?P<key>[^\s\"'#{}\[\]&*!|>%@`,:-][^\s\"'#{}\[\],]*?)"
    r"(?P=quote) *:(?=\s|\Z)(?P<value>.*)"
)
_ITEM = re.compile(r" *- +(?P<value>\S.*)")
_COMMENT = re.compile(r"(?:\A|\s)#.*")
_ACTION_COMMENT = re.compile(r"\{\{-?[ \t]{0,8}/\*")
_COMMENT_END = re.compile(r"\*/(?:[ \t]{0,8}-?\}\})?")
_NOT_BREAK = re.compile(r"[^\n]")
_RESTARTS = ("---", "...")
_DEFINES = ("{{ define ", "{{- define ", "{{define ", "{{-define ")


class KeyLine(NamedTuple):
    """A key at the start of a line.

    `line` and `column` count from 1. `chain` are the keys around it, by their indentation, and itself: all of them, or
    those up to the start of a helper. `value` is what follows in the line, without a comment and plain quotes.
    """

    line: int
    column: int
    chain: tuple[str, ...]
    value: str

    @property
    def span(self) -> Span:
        """The position of the key."""
        return Span(self.line, self.column, self.line, self.column + len(self.chain[-1]))


def read_key_lines(text: str) -> Iterator[KeyLine]:
    """Yield the keys at the starts of lines, in linear time. Comments of templates and of YAML have none.

    A patch inside of a kustomization is a text of its own, so the keys around it are not part of its chains.
    """
    chain = _Chain()
    for number, line in enumerate(_without_comments(text).split("\n"), 1):
        if line.startswith(_RESTARTS) or line.lstrip().startswith(_DEFINES):
            chain = _Chain()
        elif found := _KEY.match(line[:_LONGEST]):
            value = plain_value(found["value"])
            keys = chain.add(found)
            yield KeyLine(number, found.start("key") + 1, keys, value)
            if found["key"] == _PATCH and value[:1] in ("|", ">"):
                chain.open_text()


class _Chain:
    """The keys around a line, each with its column."""

    def __init__(self) -> None:
        self._keys: list[tuple[int, str]] = []
        self._outer: list[tuple[int, str]] = []

    def add(self, found: re.Match[str]) -> tuple[str, ...]:
        """Add the key of the next line, and return the chain that ends with it."""
        dash, column = len(found["indent"]), found.start("key") - len(found["quote"])
        if self._outer and column <= self._outer[-1][0]:
            self._keys, self._outer = self._outer, []
        # A list may be indented as much as its key.
        least = min(column, dash + 1) if found["dashes"] else column
        while self._keys and self._keys[-1][0] >= least:
            self._keys.pop()
        self._keys.append((column, found["key"]))
        return tuple(key for _, key in self._keys[-_DEEPEST:])

    def open_text(self) -> None:
        """Begin a text inside of the last key."""
        self._keys, self._outer = [], self._keys


def read_items(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield line, column and text of each list item that is a plain value in a line of its own."""
    for number, line in enumerate(_without_comments(text).split("\n"), 1):
        if found := _ITEM.match(line[:_LONGEST]):
            yield number, found.start("value") + 1, plain_value(found["value"])


def key_of_line(line: str) -> tuple[str, str] | None:
    """Return the key at the start of a line and its value as in `KeyLine`; None if there is no key."""
    found = _KEY.match(line[:_LONGEST])
    return (found["key"], plain_value(found["value"])) if found else None


def item_of_line(line: str) -> str | None:
    """Return the plain value of a list item in a line of its own."""
    found = _ITEM.match(line[:_LONGEST])
    return plain_value(found["value"]) if found else None


def plain_value(value: str) -> str:
    """Return a value without a comment behind it, and without its quotes."""
    value = value.strip()
    if len(value) > 1 and value[0] in "\"'" and (end := value.find(value[0], 1)) > 0:
        rest = value[end + 1 :].lstrip()
        return value[1:end] if not rest or rest.startswith("#") else value
    return _COMMENT.sub("", value).rstrip()


def matching(lines: Sequence[KeyLine], names: tuple[str, ...]) -> list[KeyLine]:
    """Select the lines with the key at a path; where some show more of its parents than others, those with most."""
    found = [line for line in lines if names and line.chain == names[-len(line.chain) :]]
    most = max((len(line.chain) for line in found), default=0)
    return [line for line in found if len(line.chain) == most]


def _without_comments(text: str) -> str:
    """Blank the comments of templates, `{{/* */}}`, and keep their line breaks."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    pieces: list[str] = []
    place = 0
    while found := _ACTION_COMMENT.search(text, place):
        end = _COMMENT_END.search(text, found.end())
        if end is None:
            break
        pieces += (text[place : found.start()], _NOT_BREAK.sub(" ", text[found.start() : end.end()]))
        place = end.end()
    return "".join((*pieces, text[place:]))
