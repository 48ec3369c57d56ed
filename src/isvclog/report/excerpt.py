"""The line of a manifest that a finding is about, with what it points at marked, and no secret in it.

Values of annotations or environment variables may be secret, and a finding beside one must not copy it into a CI log.
What is shown:

* of a finding in a logger, or about `apiVersion` or `kind`, the whole line; but if that has braces, and may thus hold
  an object with annotations, only the marked text, and only if it has no braces itself;
* of any other finding, and of one in a document that could not be parsed, where nobody can tell what is under what,
  only the key of the line;
* in no case the user, the password and the values of the parameters of a URL.
"""

import re
from typing import NamedTuple

from isvclog.findings import Finding
from isvclog.report.columns import MIN_WIDTH, text_width
from isvclog.report.escape import printable
from isvclog.report.exposure import CUT, is_harmless, without_credentials

MAX_WIDTH = 160

_KEY = re.compile(r"\s*(?:- +)*[^\s{}][^{}]*?:(?=\s|$)")


class Excerpt(NamedTuple):
    """A line to show, and where the caret stands below it: how many columns in, and how many columns wide."""

    line: str
    indent: int
    length: int


def excerpt(finding: Finding, line: str, width: int | None = None) -> Excerpt:
    """What to show of `line`, the text (without line break) where the finding starts, in at most `width` columns."""
    before, marked, after = (_shown(part) for part in _parts(finding, line))
    width = max(MIN_WIDTH, min(width or MAX_WIDTH, MAX_WIDTH))
    if text_width(before + marked + after) > width:
        # Most of the room goes to what is marked, a third at most to what leads there.
        before = _last(before, max(width // 3, width - text_width(marked + after)))
        marked = _first(marked, width - text_width(before))
        after = _first(after, width - text_width(before + marked))
    # Once more, for what only the parts together make a command of.
    return Excerpt(printable((before + marked + after).rstrip()), text_width(before), max(1, text_width(marked)))


def _parts(finding: Finding, line: str) -> tuple[str, str, str]:
    """The line before, in and after the mark, with `CUT` for what is not shown."""
    span = finding.span
    start = min(span.column - 1, len(line))
    end = min(span.end_column - 1, len(line)) if span.end_line == span.line else len(line)
    if not is_harmless(finding.path):
        key = _KEY.match(line)
        visible = key.end() if key else len(line) - len(line.lstrip())
        rest = f" {CUT}" if key else CUT
        if visible >= len(line.rstrip()):
            return line[:start], line[start:end], line[end:]
        if start >= visible:
            return line[:visible] + rest[: -len(CUT)], CUT, ""
        return line[:start], line[start : min(end, visible)], line[min(end, visible) : visible] + rest
    if "{" in line or "}" in line:
        marked = line[start:end]
        if "{" in marked or "}" in marked:
            return "", CUT, ""
        return f"{CUT} " if start else "", marked, f" {CUT}" if end < len(line) else ""
    return line[:start], line[start:end], line[end:]


def _shown(text: str) -> str:
    return printable(without_credentials(text).replace("\t", "    "))


def _first(text: str, width: int) -> str:
    """The start of the text in at most `width` columns, ending in `CUT` if that is not all."""
    if text_width(text) <= width:
        return text
    room, kept = width - len(CUT), ""
    for char in text:
        room -= text_width(char)
        if room < 0:
            break
        kept += char
    return (kept + CUT)[:width]


def _last(text: str, width: int) -> str:
    """The end of the text, likewise."""
    return _first(text[::-1], width)[::-1]
