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
    """Apply the suggestions of one file, each once, and of two that overlap the first one."""
    edits: list[tuple[int, int, bytes]] = []
    for diagnostic in diagnostics:
        for suggestion in diagnostic.get("suggestions", ()):
            start, end = suggestion_range(data, suggestion)
            if all(end <= other[0] or start >= other[1] for other in edits if other[:2] != (start, end)) and not any(
                other[:2] == (start, end) for other in edits
            ):
                edits.append((start, end, suggestion["text"].encode()))
    for start, end, text in sorted(edits, reverse=True):
        data = data[:start] + text + data[end:]
    return data
