"""Real files cut and joined: bytes of one with bytes of another, a value of one in the place of another's value."""

import os
import re
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

from . import hostile
from .cases import Chance, Secret

_LARGEST = 40_000
yaml: Any = import_module("yaml")
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Span(NamedTuple):
    """The text of a value: from character to character, in the column where its first line begins."""

    start: int
    end: int
    column: int
    is_block: bool


class Corpus:
    """Files to make others of."""

    def __init__(self, folders: list[str]) -> None:
        names = [os.path.join(root, file) for folder in folders for root, _, files in os.walk(folder) for file in files]
        paths = [Path(name) for name in sorted(names) if name.endswith((".yaml", ".yml", ".json", ".md", ".tpl"))]
        self.paths = [path for path in paths if path.stat().st_size <= _LARGEST]
        # Most files should have a service in them, of which all commands make something.
        self.services = [path for path in self.paths if b"InferenceService" in _read(path)]
        if not self.services:
            raise SystemExit(f"no file below {', '.join(folders) or 'no folder'} has an InferenceService in it")

    def splice(self, chance: Chance) -> tuple[bytes, str, list[Secret]]:
        """Make a file of one or two; and how, and the secrets in it."""
        first = chance.choice(self.services)
        second = chance.choice(self.paths if chance.random() < 0.3 else self.services)
        how = chance.choice(
            (_cross, _cross_lines, _insert, _shuffle, _indent, _transplant, _transplant, _replace_value, _replace_value)
        )
        data = how(first, second, chance)
        secrets = []
        if chance.random() < 0.5:
            data, secret = _with_secret(data, chance)
            secrets.append(secret)
        return data, how.__name__.strip("_").replace("_", " "), secrets


@cache
def _read(path: Path) -> bytes:
    return path.read_bytes()


@cache
def _text(path: Path) -> str:
    return _read(path).decode("utf-8", "surrogateescape")


@cache
def _spans(path: Path) -> tuple[Span, ...]:
    """Return where the values of a file are, as PyYAML sees it; none if it sees nothing."""
    text = _text(path)
    if (not text.isprintable() and any(char in text for char in "\x00\ufeff\x1b")) or "\udc80" <= max(
        text, default=""
    ) <= "\udcff":
        return ()
    found: list[Span] = []
    try:
        waiting = [root for root in yaml.compose_all(text, LOADER) if root]
    except yaml.YAMLError:
        return ()
    while waiting:
        node = waiting.pop()
        start, end = node.start_mark, node.end_mark
        if start.index is not None and end.index > start.index:
            is_block = isinstance(node, yaml.CollectionNode) and not node.flow_style
            found.append(Span(start.index, end.index, start.column, is_block))
        if isinstance(node, yaml.MappingNode):
            waiting += [each for pair in node.value for each in pair]
        elif isinstance(node, yaml.SequenceNode):
            waiting += node.value
    return tuple(found)


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _cut(data: bytes, chance: Chance) -> int:
    return chance.randint(0, len(data))


def _cross(first: Path, second: Path, chance: Chance) -> bytes:
    """Join the beginning of one file with the end of the other, anywhere."""
    one, other = _read(first), _read(second)
    return one[: _cut(one, chance)] + other[_cut(other, chance) :]


def _cross_lines(first: Path, second: Path, chance: Chance) -> bytes:
    """Join them at line breaks, so that more of them can be read."""
    one, other = _read(first).splitlines(keepends=True), _read(second).splitlines(keepends=True)
    start = chance.randint(0, len(one))
    end = chance.randint(0, len(other))
    return b"".join([*one[:start], *other[end : end + chance.randint(1, 20)], *one[start:]])


def _insert(first: Path, _second: Path, chance: Chance) -> bytes:
    """Put hostile texts anywhere, or bytes in place of others."""
    data = _read(first)
    for _ in range(chance.randint(1, 4)):
        at = _cut(data, chance)
        junk = chance.choice(hostile.TEXTS).encode("utf-8", "surrogatepass")
        if chance.random() < 0.3:
            junk = bytes(chance.choices(range(256), k=chance.randint(1, 4)))
        data = data[:at] + junk + data[at + chance.choice((0, 0, 1, 3)) :]
    return data


def _shuffle(first: Path, _second: Path, chance: Chance) -> bytes:
    """Repeat, remove or move some lines."""
    lines = _read(first).splitlines(keepends=True) or [b""]
    for _ in range(chance.randint(1, 3)):
        at, count = chance.randrange(len(lines)), chance.randint(1, 4)
        moved = lines[at : at + count]
        if chance.random() < 0.7:
            del lines[at : at + count]
        if chance.random() < 0.7:
            to = chance.randint(0, len(lines))
            lines[to:to] = moved
        lines = lines or [b""]
    return b"".join(lines)


def _indent(first: Path, _: Path, chance: Chance) -> bytes:
    """Move some lines to the left or right, with blanks or a tab."""
    lines = _read(first).split(b"\n")
    at = chance.randrange(len(lines))
    for number in range(at, min(len(lines), at + chance.randint(1, 6))):
        more = chance.choice((b"  ", b" ", b"\t", b""))
        lines[number] = more + (lines[number] if more else lines[number].removeprefix(b"  "))
    return b"\n".join(lines)


def _transplant(first: Path, second: Path, chance: Chance) -> bytes:
    """Put a value of the one in the place of a value of the other, indented as it must be there."""
    spans, others = _spans(first), _spans(second)
    if not spans or not others:
        return _cross_lines(first, second, chance)
    text = _text(first)
    for _ in range(chance.randint(1, 2)):
        old, new = chance.choice(spans), chance.choice(others)
        put = _text(second)[new.start : new.end]
        if new.is_block:
            pad = " " * max(0, old.column if old.is_block else _column(text, old.start) + 2)
            lines = put.rstrip(" ").split("\n")
            put = "\n".join([lines[0], *(pad + line[new.column :] if line.strip() else "" for line in lines[1:])])
            if not old.is_block:
                put = "\n" + pad + put
        text = text[: old.start] + put + text[old.end :]
        if len(text) > 2 * _LARGEST:
            break
        spans = tuple(span for span in spans if span.end <= old.start) or spans[:1]
    return _bytes(text)


_HALF = re.compile("([\ud800-\udc7f\udd00-\udfff]+)")
"""Halves of pairs that a hostile text has; other surrogates are bytes of a file that is no UTF-8."""


def _column(text: str, index: int) -> int:
    line = text[text.rfind("\n", 0, index) + 1 : index]
    return len(line) - len(line.lstrip(" -"))


def _replace_value(first: Path, _: Path, chance: Chance) -> bytes:
    """Put a hostile text in the place of a value, as a quoted text or as it is."""
    spans = [span for span in _spans(first) if not span.is_block]
    text = _text(first)
    for span in sorted(chance.sample(spans, min(len(spans), chance.randint(1, 3))), reverse=True):
        put = chance.choice(hostile.TEXTS)
        if chance.random() < 0.7:
            put = (
                '"'
                + "".join(char if " " <= char <= "~" and char not in '"\\' else f"\\U{ord(char):08x}" for char in put)
                + '"'
            )
        text = text[: span.start] + put + text[span.end :]
    return b"".join(
        part.encode("utf-8", "surrogatepass" if _HALF.match(part) else "surrogateescape") for part in _HALF.split(text)
    )


def _with_secret(data: bytes, chance: Chance) -> tuple[bytes, Secret]:
    """Put a secret behind a colon or a dash, or into a comment."""
    secret = hostile.secret(chance)
    while secret.is_bare or "\n" in secret.text:
        secret = hostile.secret(chance)
    lines = data.split(b"\n")
    ends = [index for index, line in enumerate(lines) if line.rstrip()]
    at = chance.choice(ends) if ends else 0
    text = secret.text.encode()
    spelled = text if chance.random() < 0.3 else b"'" + text.replace(b"'", b"''") + b"'"
    line = lines[at].rstrip()
    if chance.random() < 0.2:
        lines[at] = line + b"  # " + text
    elif b": " in line:
        lines[at] = line[: line.index(b": ") + 2] + spelled
    elif line.lstrip().startswith(b"- "):
        lines[at] = line[: line.index(b"- ") + 2] + spelled
    else:
        lines[at] = line + b" " + spelled
    return b"\n".join(lines), secret
