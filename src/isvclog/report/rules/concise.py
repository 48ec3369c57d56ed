"""The list of rules for pipes, one line per rule."""

from collections.abc import Iterator, Sequence

from isvclog.report.formats import FormatSettings
from isvclog.report.rules.table import column_widths, padded_cells
from isvclog.rules.catalogue import Description


def write(rules: Sequence[Description], settings: FormatSettings) -> Iterator[str]:
    """Yield the lines, in columns: name, severity, kind of fix or `-`, releases, summary."""
    widths = column_widths(rules)
    for rule in rules:
        yield "  ".join(padded_cells(rule, widths)) + f"  {rule.summary}\n"
