"""One line per finding, for pipes and editors: `path:line:column: severity: message [rule]`.

Where there are no lines, as in a cluster, it is `namespace/name:key.path: severity: message [rule]`.
"""

from collections.abc import Iterator

from isvclog.findings import Finding
from isvclog.report.escape import printable
from isvclog.report.location import format_location
from isvclog.report.result import RunResult


def concise(run: RunResult) -> Iterator[str]:
    """The findings of a run, one line each and nothing else.

    Programs read the form, so a fix is not mentioned: it would change it.
    """
    for checked in run:
        for finding in checked.findings:
            yield concise_line(finding) + "\n"


def concise_line(finding: Finding) -> str:
    """The finding in one line, without its end; control characters are escaped, so a line stays a line."""
    return f"{printable(format_location(finding))}: {finding.severity}: {printable(finding.message)} [{finding.rule}]"
