"""Splitting of a file into documents, and skipping of documents, without parsing.

A line that starts with `---` or `...` ends a document everywhere: also in a block scalar, and between quotes it is an
error. So bytes can be cut there, and only documents with a word that the caller looks for are read as YAML.
"""

import re
from collections.abc import Iterator, Sequence
from heapq import merge

from isvclog.patterns import late_pattern

# Literals first, then the look behind: an expression that starts with `^` is twenty times slower.
_START = late_pattern(rb"---(?<![^\r\n]---)(?=[ \t\r\n]|\Z)")
_END = late_pattern(rb"\.\.\.(?<![^\r\n]\.\.\.)(?=[ \t\r\n]|\Z)")
_LINE_BREAK = late_pattern(rb"\r\n?|\n|\Z")
_CONTENT = late_pattern(rb"(?:^|(?<=\r))(?!%)[ \t]*[^\s#]", re.MULTILINE)
# With these a double-quoted scalar spells or joins letters, and with the tag any scalar does.
_SPELLING = late_pattern(rb"\\[xuU\r\n]")
_ESCAPE = late_pattern(rb"\\(?:x(..)|u(....)|U(........)|(\r\n?|\n)[ \t]*|.)", re.DOTALL)
_BINARY_TAG = late_pattern(rb"!\S{0,40}binary")


def split_documents(data: bytes) -> Iterator[tuple[int, int, int]]:
    """Yield number (from 1), first byte and end of each document, with its `---` line and what is above that.

    Comments and directives alone are no document; nothing between two `---` lines is an empty document.
    """
    number = start = 0
    explicit = False
    for mark in merge(_START.finditer(data), _END.finditer(data), key=re.Match.start):
        at = mark.start()
        starts = mark[0] == b"---"
        end = at if starts else _line_end(data, at)
        found = explicit or _CONTENT.search(data, start, at) is not None
        if found:
            number += 1
            yield number, start, end
        if found or not starts:
            start = end
        explicit = starts
    if explicit or _CONTENT.search(data, start):
        yield number + 1, start, len(data)


def _line_end(data: bytes, position: int) -> int:
    match = _LINE_BREAK.search(data, position)
    return match.end() if match else len(data)


def count_lines(data: bytes, start: int, end: int) -> int:
    """Count the line breaks in a stretch: LF, CRLF and lone CR."""
    return data.count(b"\n", start, end) + data.count(b"\r", start, end) - data.count(b"\r\n", start, end)


def may_contain(data: bytes, keywords: Sequence[bytes], start: int = 0, end: int | None = None) -> bool:
    """Check whether a scalar in a stretch of UTF-8 may contain one of the keywords. Only False is certain.

    Keywords are ASCII words without blanks, slashes or quotes. Without keywords the result is True.
    """
    end = len(data) if end is None else end
    if not keywords or any(data.find(needle, start, end) >= 0 for needle in keywords):
        return True
    if _BINARY_TAG.search(data, start, end):
        return True
    if not _SPELLING.search(data, start, end):
        return False
    spelled = _ESCAPE.sub(_letter, data[start:end])
    return any(needle in spelled for needle in keywords)


def _letter(escape: re.Match[bytes]) -> bytes:
    digits = escape[1] or escape[2] or escape[3]
    if digits is None:
        return b"" if escape[4] else escape[0]
    try:
        code = int(digits, 16)
    except ValueError:
        return escape[0]
    return bytes((code,)) if 0 <= code < 128 else b"?"  # `\x-1` is read as a number, too
