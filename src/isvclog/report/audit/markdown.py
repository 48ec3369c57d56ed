"""An audit as a GitHub Markdown table for a wiki page or a comment, with the differences listed below it."""

from collections.abc import Iterator

from isvclog.audit.model import Audit, Row, audit_summary
from isvclog.findings import Severity, counted
from isvclog.report.escape import escape_markdown, mark_names, markdown_code
from isvclog.report.formats import FormatSettings

_HEADER = ("Context", "Namespace", "Name", "Component", "Logger", "Sink", "Annotations", "Pods", "Findings", "State")


def write(audit: Audit, settings: FormatSettings) -> Iterator[str]:
    """Yield the table row by row, then a list of differences and failures, and the totals.

    The list also names components with a logger that could not be compared.
    """
    yield f"| {' | '.join(_HEADER)} |\n|{'---|' * len(_HEADER)}\n"
    details: list[str] = []
    for row in audit:
        yield f"| {' | '.join(_cells(row))} |\n"
        details += _details(row)
    details += [f"- {markdown_code(failure.context)} {mark_names(failure.sentence)}\n" for failure in audit.failures]
    if details:
        yield "\n"
        yield from details
    yield f"\n{escape_markdown(audit_summary(audit))}\n"


def _cells(row: Row) -> Iterator[str]:
    yield from map(markdown_code, (row.context, row.namespace, row.name))
    yield from (
        escape_markdown(row.component),
        escape_markdown(row.mode or "on") if row.logger else "off",
        markdown_code(row.sink),
    )
    yield ", ".join(map(markdown_code, row.keys))
    yield "" if row.pods is None else str(row.pods)
    yield ", ".join(counted(count, str(level)) for level in reversed(Severity) if (count := row.count(level)))
    state = row.state.value
    yield f"**{state}**" if row.differences else state


def _details(row: Row) -> Iterator[str]:
    where = f"- {markdown_code(row.place)} {escape_markdown(row.component)}:"
    for difference in row.differences:
        yield f"{where} {mark_names(difference.sentence)} {mark_names(difference.remedy)}\n"
    if row.note and row.logger:
        yield f"{where} not compared: {escape_markdown(row.note)}\n"
