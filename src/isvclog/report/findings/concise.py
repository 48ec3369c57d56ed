"""One line per finding, for pipes and editors: `path:line:column: severity: message (kind/namespace/name) [rule]`.

An object of a cluster has no lines: its form begins with `namespace/name:key.path`.
"""

from collections.abc import Iterator

from isvclog.findings import Finding
from isvclog.lint.results import RunResult
from isvclog.report.escape import printable
from isvclog.report.findings.location import format_location, rendered_note
from isvclog.report.formats import FormatSettings


def write(run: RunResult, settings: FormatSettings) -> Iterator[str]:
    """Yield the findings of a run, one line each and nothing else.

    Programs read this form, so fixes are not mentioned: they would change it.
    """
    for checked in run:
        for finding in checked.findings:
            yield concise_line(finding) + "\n"


def concise_line(finding: Finding, *, named: bool = True) -> str:
    """Format the finding as one line, without a line break at its end; control characters are escaped.

    The line has the name of the object only if `named`.
    """
    name = f" ({finding.object})" if named and finding.object else ""
    message = printable(f"{finding.message}{rendered_note(finding)}{name}")
    return f"{printable(format_location(finding))}: {finding.severity}: {message} [{finding.rule}]"
