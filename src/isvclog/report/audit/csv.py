"""An audit as CSV (RFC 4180), for spreadsheets: one line per component below a header that never changes its order.

A spreadsheet reads a cell that begins with `=`, `+`, `-` or `@` as a formula, so such a cell gets an apostrophe in
front. A spreadsheet that takes `;`, `,` or a tab for the separator finds cells inside ours, so there the apostrophe is
behind the separator. Control characters are written as Python escapes them: a line break inside a cell becomes `\\n`.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator

from isvclog.audit.model import Audit, Row
from isvclog.findings import Severity
from isvclog.report.escape import printable
from isvclog.report.formats import FormatSettings

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
    "remedies",
)
"""Names of the columns. New columns are added at the end."""
# Their full-width forms count for spreadsheets in East Asia.
_FORMULA = re.compile(r"(?:\A|(?<=[;,\t]))(?=[\s\"']*[=+\-@\uff1d\uff0b\uff0d\uff20])")


def write(audit: Audit, settings: FormatSettings) -> Iterator[str]:
    """Yield the header, then one line per row. Keys are separated by blanks, as are sentences."""
    yield _line(HEADER)
    for row in audit:
        yield _line(_cells(row))


def _cells(row: Row) -> Iterator[str]:
    yield from (row.context, row.namespace, row.name, row.component, "on" if row.logger else "off", row.mode, row.sink)
    yield " ".join(row.keys)
    yield from (str(row.count(severity)) for severity in reversed(Severity))
    yield from (row.state.value, "" if row.pods is None else str(row.pods))
    yield " ".join(difference.sentence for difference in row.differences) or row.note
    yield " ".join(difference.remedy for difference in row.differences)


def _line(cells: Iterable[str]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(map(_safe, cells))
    return line.getvalue()


def _safe(cell: str) -> str:
    return _FORMULA.sub("'", printable(cell))
