"""One JSON document per run, for programs. `schemas/findings.schema.json` describes it."""

import json
from collections.abc import Iterator
from typing import Any

from isvclog.filenames import shown_name
from isvclog.findings import Edit, Finding, Fix, Span
from isvclog.keypath import pointer
from isvclog.lint.results import RunResult
from isvclog.redact.url_mask import edit_text
from isvclog.report.formats import FormatSettings

SCHEMA_VERSION = 1
"""Version of the form. It rises if a reader of the old form could misread the new one; added members do not count."""


def write(run: RunResult, settings: FormatSettings) -> Iterator[str]:
    """Yield `{"schemaVersion": 1, "findings": [...], "failures": [...], "summary": {...}}`, with one finding per line.

    The text is ASCII: all other characters and all control characters are escaped as in JSON.
    """
    yield f'{{"schemaVersion": {SCHEMA_VERSION}, "findings": ['
    separator = "\n"
    for checked in run:
        for finding in checked.findings:
            yield separator + "  " + dumps(finding_data(finding))
            separator = ",\n"
    counts = {f"{severity}s": count for severity, count in run.severities.items()}
    summary = {"files": run.files, "inferenceServices": run.services, **counts}
    yield f'\n], "failures": {dumps(run.failures)}, "summary": {dumps(summary)}}}\n'


def finding_data(finding: Finding) -> dict[str, Any]:
    """Convert a finding to the plain data that the document has for it."""
    return {
        "file": shown_name(finding.file),
        **_place(finding.span),
        "severity": str(finding.severity),
        "rule": finding.rule,
        "message": finding.message,
        "remedy": finding.remedy,
        "pointer": pointer(finding.path),
        "object": finding.object,
        "document": finding.document,
        "fingerprint": finding.fingerprint,
        "fix": finding.fix and _fix(finding.fix),
    }


def _fix(fix: Fix) -> dict[str, Any]:
    return {"title": fix.title, "safe": fix.safe, "edits": [_edit(fix, edit) for edit in fix.edits]}


def _edit(fix: Fix, edit: Edit) -> dict[str, Any]:
    return {**_place(edit.span), "text": edit_text(fix, edit)}


def _place(span: Span) -> dict[str, int | None]:
    line, column, end_line, end_column = span if span.exists else (None, None, None, None)
    return {"line": line, "column": column, "endLine": end_line, "endColumn": end_column}


def dumps(value: object) -> str:
    """Encode the value as one line of printable ASCII JSON in which no CI system finds a command (see `printable`)."""
    return json.dumps(value).replace("\x7f", "\\u007f").replace("##", "\\u0023\\u0023")
