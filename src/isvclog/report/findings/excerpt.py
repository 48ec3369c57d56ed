"""The line of a manifest that a finding is about, with the relevant part marked and without secrets.

Values of annotations or environment variables may be secret, and a finding next to one must not copy it into a CI log.
This is shown:

* for a finding in a logger, or about `apiVersion` or `kind`: the whole line. If the line has braces, it may contain an
  object with annotations: then only the marked text is shown, and only if it has no braces itself;
* for any other finding, and for one in a document that could not be parsed, so that nobody knows which value belongs to
  which key: only the key of the line;
* never: the user, the password and the parameter values of a URL.
"""

import re
from typing import NamedTuple

from isvclog.findings import Finding
from isvclog.redact import REDACTED
from isvclog.redact.url_mask import is_harmless, without_credentials
from isvclog.report.columns import MIN_WIDTH, first_columns, last_columns, text_width
from isvclog.report.escape import printable

MAX_WIDTH = 160

_ELLIPSIS = "..."
_KEY = re.compile(r"\s*(?:- +)*[^\s{}][^{}]*?:(?=\s|$)")


class Excerpt(NamedTuple):
    """A line to show, and the position of the caret below it: the columns before it, and its width in columns."""

    line: str
    indent: int
    length: int


def excerpt(finding: Finding, line: str, width: int | None = None) -> Excerpt:
    """Build the excerpt of `line`, the text (without line break) where the finding starts.

    It has at most `width` columns, or `MAX_WIDTH` if that is None.
    """
    before, marked, after = (_shown(part) for part in _parts(finding, line))
    width = max(MIN_WIDTH, min(width or MAX_WIDTH, MAX_WIDTH))
    if text_width(before + marked + after) > width:
        # The marked text gets most of the columns, the text before it a third at most.
        before = _last(before, max(width // 3, width - text_width(marked + after)))
        marked = _first(marked, width - text_width(before))
        after = _first(after, width - text_width(before + marked))
    # Once more, for what only the parts together make a command of.
    return Excerpt(printable((before + marked + after).rstrip()), text_width(before), max(1, text_width(marked)))


def _parts(finding: Finding, line: str) -> tuple[str, str, str]:
    """Split the line into the text before, in and after the mark, with `REDACTED` for hidden text."""
    span = finding.span
    start = min(span.column - 1, len(line))
    end = min(span.end_column - 1, len(line)) if span.end_line == span.line else len(line)
    if not is_harmless(finding.path):
        return _key_only(line, start, end)
    if "{" in line or "}" in line:
        return _mark_only(line, start, end)
    return line[:start], line[start:end], line[end:]


def _key_only(line: str, start: int, end: int) -> tuple[str, str, str]:
    """Hide everything behind the key of the line, or the whole line if it has no key."""
    key = _KEY.match(line)
    visible = key.end() if key else len(line) - len(line.lstrip())
    gap = " " * bool(key)
    if visible >= len(line.rstrip()):
        return line[:start], line[start:end], line[end:]
    if start >= visible:
        return line[:visible] + gap, REDACTED, ""
    return line[:start], line[start : min(end, visible)], line[min(end, visible) : visible] + gap + REDACTED


def _mark_only(line: str, start: int, end: int) -> tuple[str, str, str]:
    """Hide everything but the marked text, and the marked text as well if it may contain an object."""
    marked = line[start:end]
    if "{" in marked or "}" in marked:
        return "", REDACTED, ""
    return f"{REDACTED} " if start else "", marked, f" {REDACTED}" if end < len(line) else ""


def _shown(text: str) -> str:
    return printable(without_credentials(text).replace("\t", "    "))


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
