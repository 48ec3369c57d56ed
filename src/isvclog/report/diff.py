"""What changes in a file, as a unified diff."""

import re
from collections.abc import Iterator, Sequence

from isvclog.report.color import Paint
from isvclog.report.escape import printable
from isvclog.report.hiding import hidden

_CONTEXT = 3
_LINE = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z")
_STYLES = {"-": "red", "+": "green"}


def diff(name: str, old: bytes, new: bytes, paint: Paint) -> Iterator[str]:
    """The lines of the diff, each with its line feed; none where nothing changes.

    Line breaks and a byte order mark are not shown, control characters are escaped, and of values that look secret, as
    of the user and password of a URL, there is nothing to see.
    """
    before, after = _LINE.findall(old), _LINE.findall(new)
    start = _common(before, after)
    end = min(_common(before[::-1], after[::-1]), min(len(before), len(after)) - start)
    hunks = list(_hunks(before, after, start, end))
    if hunks:
        yield paint(f"--- {printable(name)}", "bold") + "\n"
        yield paint(f"+++ {printable(name)}", "bold") + "\n"
    for hunk in hunks:
        yield from _shown(hunk, before, after, paint)


Opcode = tuple[str, int, int, int, int]


def _common(one: Sequence[bytes], other: Sequence[bytes]) -> int:
    """How many lines are the same from the start."""
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _hunks(before: Sequence[bytes], after: Sequence[bytes], start: int, end: int) -> Iterator[list[Opcode]]:
    """The opcodes of each hunk. Only what lies between the first and the last difference is compared line by line."""
    from difflib import SequenceMatcher

    first, same = max(start - _CONTEXT, 0), max(end - _CONTEXT, 0)
    inner = before[first : len(before) - same], after[first : len(after) - same]
    if inner[0] == inner[1]:
        return
    for group in SequenceMatcher(None, *inner, autojunk=False).get_grouped_opcodes(_CONTEXT):
        yield [(tag, a + first, b + first, c + first, d + first) for tag, a, b, c, d in group]


def _shown(hunk: list[Opcode], before: Sequence[bytes], after: Sequence[bytes], paint: Paint) -> Iterator[str]:
    old, new = _range(hunk[0][1], hunk[-1][2]), _range(hunk[0][3], hunk[-1][4])
    yield paint(f"@@ -{old} +{new} @@", "cyan") + "\n"
    for tag, old_start, old_end, new_start, new_end in hunk:
        if tag == "equal":
            yield from _lines(" ", before, range(old_start, old_end), paint)
            continue
        yield from _lines("-", before, range(old_start, old_end), paint)
        yield from _lines("+", after, range(new_start, new_end), paint)


def _range(start: int, end: int) -> str:
    """Lines as a hunk's head has them: the first and how many; of none, the one before and 0."""
    length = end - start
    return f"{start + 1}" if length == 1 else f"{start + bool(length)},{length}"


def _lines(sign: str, lines: Sequence[bytes], shown: range, paint: Paint) -> Iterator[str]:
    for at in shown:
        text = sign + "\t".join(map(printable, hidden(lines, at).split("\t")))
        yield (paint(text, _STYLES[sign]) if sign in _STYLES else text) + "\n"
        if not lines[at].endswith((b"\r", b"\n")):
            yield "\\ No newline at end of file\n"
