"""One line per finding, for pipes and editors: `path:line:column: severity: message [rule]`."""

from collections.abc import Iterator

from isvclog.report.escape import printable
from isvclog.report.result import Run


def concise(run: Run) -> Iterator[str]:
    """The findings of a run, one line each and nothing else; control characters are escaped, so a line stays a line."""
    for checked in run:
        for finding in checked.findings:
            line, column, *_ = finding.span
            place = f"{printable(finding.file)}:{line}:{column}"
            yield f"{place}: {finding.severity}: {printable(finding.message)} [{finding.rule}]\n"
