"""Report for GitLab Code Quality: https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format.

GitLab shows one location. `other_locations` is what the specification of Code Climate, of which the format is a part,
has for the others: https://github.com/codeclimate/platform/blob/master/spec/analyzers/SPEC.md#other-locations.
"""

import os
from collections.abc import Iterator
from typing import Any

from isvclog.filenames import STDIN, shown_name
from isvclog.findings import Finding, Severity, Span
from isvclog.keypath import dotted
from isvclog.lint.json_text import dumps
from isvclog.lint.results import RunResult
from isvclog.report.escape import printable
from isvclog.report.findings.identity import Identities
from isvclog.report.findings.location import in_repository, rendered_note, reported_place
from isvclog.report.formats import FormatSettings

_SEVERITIES = {Severity.ERROR: "critical", Severity.WARNING: "major", Severity.INFO: "info"}


def write(run: RunResult, settings: FormatSettings) -> Iterator[str]:
    """Yield a JSON list with one issue per line; a file that cannot be read is a blocker in its line 1.

    GitLab requires a path and a line for every issue: an object in a cluster gets line 1 of `namespace/name`, and its
    description begins with the key path. Fingerprints are unique, because GitLab shows one issue for each, and they do
    not change when lines move.
    """
    identities = Identities()
    separator = "[\n"
    for checked in run:
        issues = [_issue(finding, identities) for finding in checked.findings]
        if checked.failure:
            identity = identities.of_parts(checked.file, "unreadable-file")
            issues.append(_entry("unreadable-file", checked.failure, identity, "blocker", checked.file, 1, 1))
        for issue in issues:
            yield separator + "  " + dumps(issue)
            separator = ",\n"
    yield "[]\n" if separator == "[\n" else "\n]\n"


def _issue(finding: Finding, identities: Identities) -> dict[str, Any]:
    description = f"{finding.message}{rendered_note(finding)} {finding.remedy}".rstrip()
    severity, (file, span) = _SEVERITIES[finding.severity], reported_place(finding)
    if not span.exists:
        span = Span(1, 1, 1, 1)
        description = f"{dotted(finding.path)}: {description}" if finding.path else description
    identity = identities.of(finding)
    entry = _entry(finding.rule, description, identity, severity, file, span.line, span.end_line)
    if others := list(_other_places(finding)):
        entry["other_locations"] = [_location(name, other.line, other.end_line) for name, other in others]
    return entry


def _other_places(finding: Finding) -> Iterator[tuple[str, Span]]:
    """Yield the rendered place, if it is in a file, and the place of the value in a values file."""
    if finding.origin and os.path.isfile(finding.file):
        yield finding.file, finding.span
    if finding.origin and finding.origin.values:
        yield finding.origin.values


def _entry(
    rule: str, description: str, identity: str, severity: str, file: str, begin: int, end: int
) -> dict[str, Any]:
    return {
        "description": printable(description),
        "check_name": rule,
        "fingerprint": identity,
        "severity": severity,
        "location": _location(file, begin, end),
    }


def _location(file: str, begin: int, end: int) -> dict[str, Any]:
    path = "stdin" if file == STDIN else in_repository(file) or shown_name(file)
    return {"path": printable(path), "lines": {"begin": begin, "end": end}}
