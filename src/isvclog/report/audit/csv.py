"""An audit as CSV (RFC 4180), for spreadsheets: one line for each component, below a header that stays as it is.

A spreadsheet takes a cell that begins with `=`, `+`, `-` or `@` for a formula, so a cell that does gets an apostrophe
before it. Control characters are written as Python escapes them: a line break within a cell is `\\n`.
"""

import csv
import io
from collections.abc import Iterable, Iterator

from isvclog.findings import Severity
from isvclog.report.audit.rows import Audit, Row
from isvclog.report.escape import printable

HEADER = (
    "context",
    "namespace",
    "name",
    "component",
    "logger",
    "mode",
    "sink",
    "metadataAnnotations",
    "errors",
    "warnings",
    "infos",
    "state",
    "pods",
    "differences",
)
"""New columns come last."""
_FORMULA = ("=", "+", "-", "@")


def as_csv(audit: Audit) -> Iterator[str]:
    """The header and a line a row; keys are separated by blanks, as are the sentences about differences."""
    yield _line(HEADER)
    for row in audit:
        yield _line(_cells(row))


def _cells(row: Row) -> Iterator[str]:
    yield from (row.context, row.namespace, row.name, row.component, "on" if row.logger else "off", row.mode, row.sink)
    yield " ".join(row.keys)
    yield from (str(row.count(severity)) for severity in reversed(Severity))
    yield from (row.state.value, "" if row.pods is None else str(row.pods))
    yield " ".join(difference.sentence for difference in row.differences) or row.note


def _line(cells: Iterable[str]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(map(_safe, cells))
    return line.getvalue()


def _safe(cell: str) -> str:
    text = printable(cell)
    return f"'{text}" if text.startswith(_FORMULA) else text
