"""The changes to a file as a unified diff."""

from collections.abc import Iterator, Sequence

from isvclog.patterns import late_pattern
from isvclog.records import NamedTuple
from isvclog.redact.gate import Redaction
from isvclog.redact.masks import REDACTED
from isvclog.redact.places.place import without_places
from isvclog.redact.yaml_lines import hide_secrets, line_text
from isvclog.report.color import Paint
from isvclog.report.escape import printable
from isvclog.report.line_matching import LineMatcher
from isvclog.report.spelling import respelled_places

_CONTEXT = 3
_LINE = late_pattern(rb"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z")
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
    sides = _Side.of(old, before, redaction), _Side.of(new, after, redaction)
    shown = [line for hunk in hunks for line in writer.hunk(hunk, *sides)]
    if writer.masked:
        yield f"{MASKED}\n"
    if hunks:
        yield paint(f"--- {printable(name)}", "bold") + "\n"
        yield paint(f"+++ {printable(name)}", "bold") + "\n"
    yield from shown


Opcode = tuple[str, int, int, int, int]


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
    for group in LineMatcher(*inner).get_grouped_opcodes(_CONTEXT):
        yield [(tag, a + first, b + first, c + first, d + first) for tag, a, b, c, d in group]


class _Side(NamedTuple):
    """The lines of one of the two texts, as they are, and without the secrets that a line does not show as they are."""

    lines: Sequence[bytes]
    shown: Sequence[bytes]

    @classmethod
    def of(cls, data: bytes, lines: Sequence[bytes], redaction: Redaction) -> "_Side":
        """Hide such secrets in the lines of the data."""
        shown = list(lines)
        for number, places in respelled_places(data, redaction).items():
            line = shown[number - 1]
            end = line[len(line.rstrip(b"\r\n")) :]
            shown[number - 1] = without_places(line_text(line), places).encode(errors="surrogateescape") + end
        return cls(lines, shown)


class _Writer:
    """A writer of hunks; `masked` is True as soon as something was hidden."""

    def __init__(self, paint: Paint, redaction: Redaction) -> None:
        self.masked = False
        self._paint, self._redaction = paint, redaction

    def hunk(self, hunk: list[Opcode], before: _Side, after: _Side) -> Iterator[str]:
        """Yield the lines of a hunk."""
        old, new = _range(hunk[0][1], hunk[-1][2]), _range(hunk[0][3], hunk[-1][4])
        yield self._paint(f"@@ -{old} +{new} @@", "cyan") + "\n"
        for tag, old_start, old_end, new_start, new_end in hunk:
            if tag == "equal":
                yield from self._lines(" ", before, range(old_start, old_end))
                continue
            yield from self._lines("-", before, range(old_start, old_end))
            yield from self._lines("+", after, range(new_start, new_end))

    def _lines(self, sign: str, side: _Side, shown: range) -> Iterator[str]:
        for at in shown:
            text = sign + "\t".join(map(printable, self._line(side, at).split("\t")))
            yield (self._paint(text, _STYLES[sign]) if sign in _STYLES else text) + "\n"
            if not side.lines[at].endswith((b"\r", b"\n")):
                yield "\\ No newline at end of file\n"

    def _line(self, side: _Side, at: int) -> str:
        plain = line_text(side.lines[at])
        if not self._redaction.hides:
            return plain
        text = self._redaction.text(hide_secrets(side.shown, at))
        self.masked = self.masked or text != plain
        return text


def _range(start: int, end: int) -> str:
    """Format a range of lines for a hunk's header: the first line and the count.

    For an empty range, it is the line before and 0.
    """
    length = end - start
    return f"{start + 1}" if length == 1 else f"{start + bool(length)},{length}"
