"""Workflow commands of GitHub Actions, which become annotations of a commit and of the lines of a pull request."""

from collections.abc import Iterator

from isvclog.filenames import STDIN
from isvclog.findings import Finding, Severity
from isvclog.lint.results import RunResult, run_summary
from isvclog.report.escape import printable
from isvclog.report.findings.location import format_location, in_repository, rendered_note, reported_place
from isvclog.report.formats import FormatSettings

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def write(run: RunResult, settings: FormatSettings) -> Iterator[str]:
    """Yield one line per unreadable file and per finding, worst first, then one line of totals.

    GitHub shows only ten annotations of a kind, so nothing is printed before all findings are known. Unlike the
    annotation, the log does not show the position of a finding, so the message contains it, and the object's name.
    """
    findings = [finding for checked in run for finding in checked.findings]
    for failure in run.failures:
        yield _command("error", {"title": "unreadable-file"}, failure)
    for finding in sorted(findings, key=lambda finding: -finding.severity):
        yield _annotation(finding)
    if settings.summary:
        yield printable(run_summary(run)) + "\n"


def _annotation(finding: Finding) -> str:
    file, span = reported_place(finding)
    message = f"{format_location(finding)}: {finding.message}{rendered_note(finding)} {finding.remedy}".rstrip()
    message += f" ({finding.object})" if finding.object else ""
    properties: dict[str, str | int] = {}
    if file != STDIN and span.exists:
        properties = {"file": in_repository(file) or file, "line": span.line, "endLine": span.end_line}
        if span.line == span.end_line:  # GitHub rejects columns with more than one line
            properties |= {"col": span.column, "endColumn": span.end_column}
    return _command(_COMMANDS[finding.severity], properties | {"title": finding.rule}, message)


def _command(name: str, properties: dict[str, str | int], message: str) -> str:
    written = ",".join(f"{key}={_escaped_property(str(value))}" for key, value in properties.items())
    return f"::{name} {written}::{_escaped(message)}\n"


def _escaped(text: str) -> str:
    """Escape a message as @actions/core does, after making it printable."""
    return printable(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escaped_property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")
