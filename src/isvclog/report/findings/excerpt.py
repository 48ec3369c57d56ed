"""The line of a manifest that a finding is about, with the relevant part marked and without secrets.

Values of annotations or environment variables may be secret, and a finding next to one must not copy it into a CI log.
This is shown:

* for a finding in a logger, or about `apiVersion` or `kind`: the whole line. If the line has braces, it may contain an
  object with annotations: then only the marked text is shown, and only if it has no braces itself;
* for a finding about another field of the spec: the key of the line, and its value if that is a number or one word of
  plain letters. The values of annotations, labels, variables and arguments are not shown;
* for any other finding, and for one in a document that could not be parsed, so that nobody knows which value belongs to
  which key: only the key of the line;
* never: what the gate masks.

If secrets are revealed, the whole line is shown.
"""

from collections.abc import Sequence

from isvclog.findings import Finding
from isvclog.keypath import KeyPath
from isvclog.patterns import late_pattern
from isvclog.records import NamedTuple
from isvclog.redact.gate import Redaction
from isvclog.redact.masks import REDACTED
from isvclog.redact.places.place import Place, merged, without_places
from isvclog.report.columns import MIN_WIDTH, first_columns, last_columns, text_width
from isvclog.report.escape import printable

MAX_WIDTH = 160

_ELLIPSIS = "..."
_KEY = late_pattern(r"\s*(?:- +)*(?!- )[^\s{}][^{}]*?:(?=\s|$)")
# In a document that cannot be read, a quotation mark may end a text that began in another line.
_SURE_KEY = late_pattern(r"\s*(?:- +)*(?:(?P<quote>[\"'])[^\s{}\"']+(?P=quote)|[^\s{}\"'-][^{}\"']*?)\s*:(?=\s|$)")
# A value that is one plain word: no white space, separators of parameters, credentials of a URL, or flow collections.
_WORD = late_pattern(r"\s*(?P<quote>[\"']?)(?P<value>-?[A-Za-z0-9][A-Za-z0-9._:/-]{0,252})(?P=quote),?(?=\s*$|\s+#)")
_SETTINGS = frozenset("annotations labels env envFrom args command".split())
"""Fields with texts of the user's own, in which people write secrets."""


class Excerpt(NamedTuple):
    """A line to show, and the position of the caret below it: the columns before it, and its width in columns."""

    line: str
    indent: int
    length: int


def excerpt(
    finding: Finding, line: str, width: int | None, redaction: Redaction, respelled: Sequence[Place] = ()
) -> Excerpt:
    """Build the excerpt of `line`, the text (without line break) where the finding starts.

    It has at most `width` columns, or `MAX_WIDTH` if that is None. `respelled` are places of secrets in the line that
    it does not show as they are.
    """
    hidden = merged([*redaction.places(line), *respelled])
    before, marked, after = map(_shown, _parts(finding, line, redaction, hidden))
    width = max(MIN_WIDTH, min(width or MAX_WIDTH, MAX_WIDTH))
    if text_width(before + marked + after) > width:
        # The marked text gets most of the columns, the text before it a third at most.
        before = _last(before, max(width // 3, width - text_width(marked + after)))
        marked = _first(marked, width - text_width(before))
        after = _first(after, width - text_width(before + marked))
    # Once more, for what only the parts together make a command of.
    return Excerpt(printable((before + marked + after).rstrip()), text_width(before), max(1, text_width(marked)))


def _parts(finding: Finding, line: str, redaction: Redaction, hidden: Sequence[Place]) -> tuple[str, str, str]:
    """Split the line into the text before, in and after the mark, with `REDACTED` for hidden text."""
    span = finding.span
    start = min(span.column - 1, len(line))
    end = min(span.end_column - 1, len(line)) if span.end_line == span.line else len(line)
    if not redaction.hides or _is_own_field(finding.path):
        if redaction.hides and ("{" in line or "}" in line):
            return _mark_only(line, start, end, hidden)
        return _cut(line, 0, start, hidden), _cut(line, start, end, hidden), _cut(line, end, len(line), hidden)
    key = (_KEY if finding.object else _SURE_KEY).match(line)
    if key is None:
        return _visible_only(line, len(line) - len(line.lstrip()), "", (start, end), hidden)
    visible = _end_of_word(line, key[0], finding.path, redaction) if finding.object else key.end()
    return _visible_only(line, visible, " ", (start, end), hidden)


def _is_own_field(path: KeyPath) -> bool:
    """Return True for `apiVersion`, `kind`, and a field of a logger, which is not below any `annotations`."""
    return path[:1] in (("apiVersion",), ("kind",)) or ("logger" in path and "annotations" not in path)


def _end_of_word(line: str, key: str, path: KeyPath, redaction: Redaction) -> int:
    """Find the end of the plain word that is the value of the key; the end of the key if there is none to show."""
    word = _WORD.match(line, len(key))
    names = {key.strip(" \t-:\"'"), *(name for name in path if isinstance(name, str))}
    if word is None or path[:1] != ("spec",) or not _SETTINGS.isdisjoint(names):
        return len(key)
    value = word["value"]
    return word.end() if all(redaction.value(name, value) == value for name in names) else len(key)


def _visible_only(
    line: str, visible: int, gap: str, mark: tuple[int, int], hidden: Sequence[Place]
) -> tuple[str, str, str]:
    """Hide everything behind the first `visible` characters of the line; `gap` is before the placeholder."""
    start, end = mark
    if visible >= len(line.rstrip()):
        return _cut(line, 0, start, hidden), _cut(line, start, end, hidden), _cut(line, end, len(line), hidden)
    if start >= visible:
        return _cut(line, 0, visible, hidden) + gap, REDACTED, ""
    marked_end = min(end, visible)
    after = _cut(line, marked_end, visible, hidden) + gap + REDACTED
    return _cut(line, 0, start, hidden), _cut(line, start, marked_end, hidden), after


def _mark_only(line: str, start: int, end: int, hidden: Sequence[Place]) -> tuple[str, str, str]:
    """Hide everything but the marked text, and the marked text as well if it may contain an object."""
    marked = line[start:end]
    if "{" in marked or "}" in marked:
        return "", REDACTED, ""
    before, after = f"{REDACTED} " if start else "", f" {REDACTED}" if end < len(line) else ""
    return before, _cut(line, start, end, hidden), after


def _cut(line: str, start: int, end: int, hidden: Sequence[Place]) -> str:
    """Return a part of the line, with the placeholder in place of what is hidden in it."""
    inside = [(max(first, start) - start, min(last, end) - start) for first, last in hidden if first < end > start]
    return without_places(line[start:end], [place for place in inside if place[0] < place[1]])


def _shown(text: str) -> str:
    return printable(text.replace("\t", "    "))


def _first(text: str, width: int) -> str:
    """Cut the text to its start in at most `width` columns; it ends with an ellipsis if something is missing."""
    if text_width(text) <= width:
        return text
    dots = _ELLIPSIS[: max(width, 0)]
    return first_columns(text, width - len(dots)) + dots if dots else ""


def _last(text: str, width: int) -> str:
    """Cut the text to its end in at most `width` columns; it begins with an ellipsis if something is missing."""
    if text_width(text) <= width:
        return text
    return _ELLIPSIS + last_columns(text, width - len(_ELLIPSIS))
