"""A reader of suggestions in the Reviewdog Diagnostic Format: columns are bytes from 1, and an end is exclusive."""

from typing import Any


def apply_suggestion(data: bytes, suggestion: dict[str, Any]) -> bytes:
    """Replace the range of a suggestion in the bytes of a file."""
    start, end = suggestion_range(data, suggestion)
    return data[:start] + suggestion["text"].encode() + data[end:]


def suggestion_range(data: bytes, suggestion: dict[str, Any]) -> tuple[int, int]:
    """The offsets of the range of a suggestion in the bytes of a file."""
    lines = data.splitlines(keepends=True)

    def offset(place: dict[str, int]) -> int:
        return sum(map(len, lines[: place["line"] - 1])) + place["column"] - 1

    return offset(suggestion["range"]["start"]), offset(suggestion["range"]["end"])


def apply_all(data: bytes, diagnostics: list[dict[str, Any]]) -> bytes:
    """Apply the suggestions for one file; of those that overlap, or are about the same place, the first one."""
    taken: dict[tuple[int, int], bytes] = {}
    for diagnostic in diagnostics:
        for suggestion in diagnostic.get("suggestions", ()):
            start, end = suggestion_range(data, suggestion)
            if (start, end) not in taken and all(end <= other[0] or start >= other[1] for other in taken):
                taken[start, end] = suggestion["text"].encode()
    for (start, end), text in sorted(taken.items(), reverse=True):
        data = data[:start] + text + data[end:]
    return data
