"""One JSON document per run, for programs. `schemas/findings.schema.json` describes it."""

import json
from collections.abc import Iterator
from typing import Any

from isvclog.findings import Finding
from isvclog.keypath import pointer
from isvclog.report.result import Run

SCHEMA_VERSION = 1
"""Rises when a reader of the old form could misread the new one; added members do not count."""


def as_json(run: Run) -> Iterator[str]:
    """`{"schemaVersion": 1, "findings": [...], "failures": [...], "summary": {...}}`, with a finding a line.

    The text is ASCII: everything else, and with it every control character, is escaped as JSON does.
    """
    yield f'{{"schemaVersion": {SCHEMA_VERSION}, "findings": ['
    separator = "\n"
    for checked in run:
        for finding in checked.findings:
            yield separator + "  " + _dumps(_finding(finding))
            separator = ",\n"
    counts = {f"{severity}s": count for severity, count in run.severities.items()}
    summary = {"files": run.files, "inferenceServices": run.services, **counts}
    yield f'\n], "failures": {_dumps(run.failures)}, "summary": {_dumps(summary)}}}\n'


def _finding(finding: Finding) -> dict[str, Any]:
    line, column, end_line, end_column = finding.span
    return {
        "file": finding.file,
        "line": line,
        "column": column,
        "endLine": end_line,
        "endColumn": end_column,
        "severity": str(finding.severity),
        "rule": finding.rule,
        "message": finding.message,
        "remedy": finding.remedy,
        "pointer": pointer(finding.path),
        "object": finding.object,
        "document": finding.document,
    }


def _dumps(value: object) -> str:
    return json.dumps(value).replace("\x7f", "\\u007f")
