"""The changes to a file as a unified diff."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import Match, SequenceMatcher
from itertools import pairwise

from isvclog.redact import REDACTED
from isvclog.redact.gate import Redaction
from isvclog.redact.yaml_lines import hide_secrets, line_text
from isvclog.report.color import Paint
from isvclog.report.escape import printable

_CONTEXT = 3
_LINE = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z")
_STYLES = {"-": "red", "+": "green"}
MASKED = f"Secrets are hidden as {REDACTED} in this diff, so it cannot be applied; add --reveal to show them."
"""The line above a diff that hides something; `patch` and `git apply` skip it."""


def diff(name: str, old: bytes, new: bytes, paint: Paint, redaction: Redaction) -> Iterator[str]:
    """Yield the lines of the diff, each with its line feed; nothing if the file does not change.

    Line breaks and a byte order mark are not shown, and control characters are escaped. Secrets are hidden; if there
    are any, a line above the diff says that it cannot be applied.
    """
    before, after = _LINE.findall(old), _LINE.findall(new)
    start = _common(before, after)
    end = min(_common(before[::-1], after[::-1]), min(len(before), len(after)) - start)
    hunks = list(_hunks(before, after, start, end))
    writer = _Writer(paint, redaction)
    shown = [line for hunk in hunks for line in writer.hunk(hunk, before, after)]
    if writer.masked:
        yield f"{MASKED}\n"
    if hunks:
        yield paint(f"--- {printable(name)}", "bold") + "\n"
        yield paint(f"+++ {printable(name)}", "bold") + "\n"
    yield from shown


Opcode = tuple[str, int, int, int, int]


class _Matcher(SequenceMatcher[bytes]):
    """A `SequenceMatcher` that pairs the lines that occur once in both texts and compares only between these pairs.

    Comparing every line with every other one would be slow: a file with a thousand services has most lines a thousand
    times.
    """

    def __init__(self, before: Sequence[bytes], after: Sequence[bytes]) -> None:
        super().__init__(None, before, after, autojunk=False)
        self._before, self._after = before, after

    def get_matching_blocks(self) -> list[Match]:
        """Find the stretches of equal lines, in order and as long as possible.

        The last one is always empty, as in difflib.
        """
        found = [Match(0, 0, 0)]
        end = (len(self._before), len(self._after))
        for (a, b), (a_end, b_end) in pairwise([(0, 0), *_anchors(self._before, self._after), end]):
            section = SequenceMatcher(None, self._before[a:a_end], self._after[b:b_end], autojunk=False)
            for start, other, size in section.get_matching_blocks()[:-1]:
                last = found[-1]
                if (last.a + last.size, last.b + last.size) == (a + start, b + other):
                    found[-1] = Match(last.a, last.b, last.size + size)
                else:
                    found.append(Match(a + start, b + other, size))
        return [*found, Match(*end, 0)]


def _anchors(before: Sequence[bytes], after: Sequence[bytes]) -> list[tuple[int, int]]:
    """Find the positions of lines that occur exactly once in both texts.

    Lines that changed their order are left out, as few as possible, so positions rise in both texts.
    """
    old, new = Counter(before), Counter(after)
    places = {line: at for at, line in enumerate(after) if new[line] == old[line] == 1}
    pairs = [(at, places[line]) for at, line in enumerate(before) if line in places]
    # The longest rising sequence: of each length, the end of the one that ends lowest, and what leads to each pair.
    ends: list[int] = []
    chosen: list[int] = []
    previous: list[int] = []
    for index, (_, place) in enumerate(pairs):
        length = bisect_left(ends, place)
        previous.append(chosen[length - 1] if length else -1)
        ends[length : length + 1], chosen[length : length + 1] = [place], [index]
    found: list[tuple[int, int]] = []
    at = chosen[-1] if chosen else -1
    while at >= 0:
        found.append(pairs[at])
        at = previous[at]
    return found[::-1]


def _common(one: Sequence[bytes], other: Sequence[bytes]) -> int:
    """Count the lines that are equal from the start."""
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _hunks(before: Sequence[bytes], after: Sequence[bytes], start: int, end: int) -> Iterator[list[Opcode]]:
    """Yield the opcodes of each hunk, comparing line by line only between the first and the last difference.

    `start` and `end` are the numbers of lines that are equal at the start and at the end.
    """
    first, same = max(start - _CONTEXT, 0), max(end - _CONTEXT, 0)
    inner = before[first : len(before) - same], after[first : len(after) - same]
    if inner[0] == inner[1]:
        return
    for group in _Matcher(*inner).get_grouped_opcodes(_CONTEXT):
        yield [(tag, a + first, b + first, c + first, d + first) for tag, a, b, c, d in group]


class _Writer:
    """A writer of hunks; `masked` is True as soon as something was hidden."""

    def __init__(self, paint: Paint, redaction: Redaction) -> None:
        self.masked = False
        self._paint, self._redaction = paint, redaction

    def hunk(self, hunk: list[Opcode], before: Sequence[bytes], after: Sequence[bytes]) -> Iterator[str]:
        """Yield the lines of a hunk."""
        old, new = _range(hunk[0][1], hunk[-1][2]), _range(hunk[0][3], hunk[-1][4])
        yield self._paint(f"@@ -{old} +{new} @@", "cyan") + "\n"
        for tag, old_start, old_end, new_start, new_end in hunk:
            if tag == "equal":
                yield from self._lines(" ", before, range(old_start, old_end))
                continue
            yield from self._lines("-", before, range(old_start, old_end))
            yield from self._lines("+", after, range(new_start, new_end))

    def _lines(self, sign: str, lines: Sequence[bytes], shown: range) -> Iterator[str]:
        for at in shown:
            text = sign + "\t".join(map(printable, self._line(lines, at).split("\t")))
            yield (self._paint(text, _STYLES[sign]) if sign in _STYLES else text) + "\n"
            if not lines[at].endswith((b"\r", b"\n")):
                yield "\\ No newline at end of file\n"

    def _line(self, lines: Sequence[bytes], at: int) -> str:
        plain = line_text(lines[at])
        if not self._redaction.hides:
            return plain
        text = self._redaction.text(hide_secrets(lines, at))
        self.masked = self.masked or text != plain
        return text


def _range(start: int, end: int) -> str:
    """Format a range of lines for a hunk's header: the first line and the count.

    For an empty range, it is the line before and 0.
    """
    length = end - start
    return f"{start + 1}" if length == 1 else f"{start + bool(length)},{length}"
