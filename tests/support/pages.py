"""Pages of documentation, read so that tests can run what they show.

A `console` block is a session on a terminal: commands behind `$ `, each followed by its output. A command that ends
with a backslash, or inside quotes, goes on in the next line. A line `...` in the output stands for one line or more
that are not shown. A `sh` block has commands without their output; they succeed. A block of another language that
begins with a comment of one word, such as `# my-isvc.yaml` or `-- query.sql`, is the file of that name.
"""

import re
import shlex
from collections.abc import Callable, Iterator
from difflib import SequenceMatcher
from itertools import groupby
from typing import NamedTuple

ELLIPSIS = "..."
FENCED = re.compile(r"^(```+)(.*)\n((?s:.*?))^\1$", re.MULTILINE)
LINK = re.compile(r"\]\(([^)\s]+)\)|^\[[^]]+\]:\s*(\S+)", re.MULTILINE)
ALIKE = 0.6
"""How much of the lines beside an elision must be as before, from 0 to 1, for the elision to keep its place."""


class Block(NamedTuple):
    """A fenced block; `line` is that of its first line, from 1."""

    language: str
    text: str
    line: int

    @property
    def file(self) -> str:
        """The name of the file it is, or nothing."""
        found = None if self.language in ("console", "sh") else re.match(r"(?:#|--) (\S+)\n", self.text)
        return found[1] if found else ""

    def commands(self) -> Iterator[str]:
        """Yield the commands of a `sh` block."""
        for line in self.text.replace("\\\n", "").splitlines():
            if line and not line.startswith("#"):
                yield line


class Moved(Exception):
    """It cannot be told where an elision belongs in new output."""


def blocks(page: str) -> list[Block]:
    """Return the fenced blocks of a page."""
    return [_block(match) for match in FENCED.finditer(page)]


def _block(match: re.Match[str]) -> Block:
    return Block(match[2], match[3], match.string.count("\n", 0, match.start(3)) + 1)


def refreshed(page: str, visit: Callable[[Block], str]) -> str:
    """Return the page with the text of each fenced block replaced by what `visit` returns for it."""

    def replaced(match: re.Match[str]) -> str:
        return f"{match[1]}{match[2]}\n{visit(_block(match))}{match[1]}"

    return FENCED.sub(replaced, page)


def session(text: str) -> Iterator[tuple[str, str, list[str]]]:
    """Yield each command of a `console` block as it is written, as it is to be run, and the output shown for it."""
    lines = text.splitlines()
    while lines:
        typed = [lines.pop(0)]
        if not typed[0].startswith("$ "):
            raise ValueError(f"a console block begins with a command: {typed[0]}")
        while not _is_complete("\n".join(typed)):
            typed.append(lines.pop(0))
        end = next((at for at, line in enumerate(lines) if line.startswith("$ ")), len(lines))
        command = "\n".join(typed)
        yield command, command.replace("\\\n", "")[2:], lines[:end]
        del lines[:end]


def _is_complete(command: str) -> bool:
    """Return True if a shell runs this, and does not ask for another line."""
    try:
        shlex.split(command)
    except ValueError:
        return False
    return True


def elided(shown: list[str], printed: list[str]) -> list[str]:
    """Return what was printed, with the elisions of what was shown.

    Where the two agree that is `shown`. Where they do not, an elision keeps its place beside the lines that are most
    like its old neighbours. Raises Moved if there are none.
    """
    if ELLIPSIS not in map(str.strip, shown):
        return printed
    passages: list[list[str]] = [[]]
    marks = []
    for is_mark, lines in groupby(shown, lambda line: line.strip() == ELLIPSIS):
        if is_mark:
            marks.append(next(lines))
            passages.append([])
        else:
            passages[-1] = list(lines)
    result: list[str] = []
    end = 0
    for number, passage in enumerate(passages):
        is_last = number == len(passages) - 1
        start = 0
        if number:
            least = end + 1
            start = _place(passage[:2], printed, least, len(printed) - len(passage) if is_last else least)
        if is_last:
            end = len(printed)
        else:
            edge = passage[-2:]
            end = _place(edge, printed, start, start + len(passage) - len(edge)) + len(edge)
        result += [*printed[start:end], *marks[number : number + 1]]
    return result


def _place(edge: list[str], printed: list[str], least: int, expected: int) -> int:
    """Return where lines like these begin in the output, at `least` or later, and rather close to `expected`."""
    if not edge and expected >= least:
        return expected

    def likeness(at: int) -> tuple[float, int]:
        new = "\n".join(printed[at : at + len(edge)])
        return SequenceMatcher(None, "\n".join(edge), new, autojunk=False).ratio(), -abs(at - expected)

    best = max(range(least, len(printed) - len(edge) + 1), key=likeness, default=None) if edge else None
    if best is None or likeness(best)[0] < ALIKE:
        raise Moved(f"nothing like {edge} is where the page shows it")
    return best


def links(page: str) -> Iterator[tuple[str, str]]:
    """Yield path and anchor of each relative link of a page; either may be empty."""
    for match in LINK.finditer(_prose(page)):
        target = match[1] or match[2]
        if not re.match(r"[a-z][a-z0-9+.-]*:|//", target):
            path, _, anchor = target.partition("#")
            yield path, anchor


def anchors(page: str) -> set[str]:
    """Return the anchors that GitHub gives to the headings of a page."""
    seen: dict[str, int] = {}
    for heading in re.findall(r"^#{1,6} +(.*?) *#*$", FENCED.sub("", page), re.MULTILINE):
        text = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", heading).replace("`", "").lower()
        slug = re.sub(r"[^\w\- ]", "", text).replace(" ", "-")
        seen[slug] = count = seen.get(slug, -1) + 1
        if count:
            seen[f"{slug}-{count}"] = 0
    return set(seen)


def _prose(page: str) -> str:
    """Return the page without code, in which brackets are no links."""
    return re.sub(r"`+[^`\n]*`+", "code", FENCED.sub("", page))
