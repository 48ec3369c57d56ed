"""One line per finding, for pipes and editors: `path:line:column: severity: message [rule]`.

An object of a cluster has no lines, so its form is `namespace/name:key.path: severity: message [rule]`.
"""

from collections.abc import Iterator

from isvclog.findings import Finding
from isvclog.lint.results import RunResult
from isvclog.report.escape import printable
from isvclog.report.findings.location import format_location
from isvclog.report.formats import FormatSettings


def write(run: RunResult, settings: FormatSettings) -> Iterator[str]:
    """Yield the findings of a run, one line each and nothing else.

    Programs read this form, so fixes are not mentioned: they would change it.
    """
    for checked in run:
        for finding in checked.findings:
            yield concise_line(finding) + "\n"


def concise_line(finding: Finding) -> str:
    """Format the finding as one line, without a line break at its end; control characters are escaped."""
    return f"{printable(format_location(finding))}: {finding.severity}: {printable(finding.message)} [{finding.rule}]"
