"""Pieces of SQL that are safe whatever the names in a manifest are."""

from collections.abc import Callable, Iterator

from isvclog.events.shape import EventShape
from isvclog.lint.json_text import dumps
from isvclog.report.event_schemas.fields import EventColumn, event_columns, title

TABLE = "kserve_events"
"""The name of the table."""


def enclosed(text: str, mark: str) -> str:
    """Write a text between quotation marks, with those inside doubled: an identifier or a literal of standard SQL."""
    return f"{mark}{text.replace(mark, mark * 2)}{mark}"


def create_table(
    shape: EventShape, notes: tuple[str, ...], define: Callable[[EventColumn], str], ending: str = ""
) -> Iterator[str]:
    """Yield the statement that creates the table, below comments; `define` writes a column, `ending` follows all."""
    yield from _comment_lines(f"{title(shape)}.", *notes)
    yield f"CREATE TABLE {TABLE} (\n"
    yield ",\n".join(f"  {define(each)}" for each in event_columns(shape))
    yield f"\n){ending};\n"


def _comment_lines(*sentences: str) -> Iterator[str]:
    """Yield sentences as comments of one line each; what could end the line or steer a terminal is escaped."""
    for sentence in sentences:
        yield f"-- {dumps(sentence)[1:-1].replace(chr(92) + chr(34), chr(34))}\n"
