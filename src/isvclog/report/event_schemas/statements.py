"""Pieces of SQL that are safe whatever the names in a manifest are."""

from collections.abc import Iterator

from isvclog.lint.json_text import dumps

TABLE = "kserve_events"
"""The name of the table."""


def enclosed(text: str, mark: str) -> str:
    """Write a text between quotation marks, with those inside doubled: an identifier or a literal of standard SQL."""
    return f"{mark}{text.replace(mark, mark * 2)}{mark}"


def comment_lines(*sentences: str) -> Iterator[str]:
    """Yield sentences as comments of one line each; what could end the line or steer a terminal is escaped."""
    for sentence in sentences:
        yield f"-- {dumps(sentence)[1:-1].replace(chr(92) + chr(34), chr(34))}\n"
