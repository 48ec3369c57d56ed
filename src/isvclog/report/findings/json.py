"""One JSON document per run, for programs. `schemas/findings.schema.json` describes it."""

from collections.abc import Iterator
from typing import Any

from isvclog.filenames import shown_name
from isvclog.findings import Edit, Finding, Fix, SourcePlace, Span
from isvclog.keypath import pointer
from isvclog.lint.json_text import dumps
from isvclog.lint.results import RunResult
from isvclog.report.formats import FormatSettings

SCHEMA_VERSION = 1
"""Version of the form. It rises if a reader of the old form could misread the new one; added members do not count."""


def write(run: RunResult, settings: FormatSettings) -> Iterator[str]:
    """Yield `{"schemaVersion": 1, "findings": [...], "failures": [...], "summary": {...}}`, with one finding per line.

    Suppressed findings are in a list of their own, so that no program takes one for a finding that counts.
    The text is ASCII: all other characters and all control characters are escaped as in JSON.
    """
    yield f'{{"schemaVersion": {SCHEMA_VERSION}, "findings": ['
    separator = "\n"
    suppressed: list[Finding] = []
    for checked in run:
        suppressed += checked.suppressed
        for finding in checked.findings:
            yield separator + "  " + dumps(finding_data(finding))
            separator = ",\n"
    if settings.show_suppressed:
        yield '\n], "suppressed": ['
        yield ",".join(f"\n  {dumps(finding_data(finding))}" for finding in suppressed)
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
        **({"origin": _origin(finding.origin)} if finding.origin else {}),
        **({"suppression": finding.suppression._asdict()} if finding.suppression else {}),
    }


def _origin(origin: SourcePlace) -> dict[str, Any]:
    values = origin.values and {"file": origin.values[0], **_place(origin.values[1])}
    return {
        "file": origin.file,
        **_place(origin.span),
        "exact": origin.is_exact,
        "values": values,
        "valuesFiles": origin.shown_by,
    }


def _fix(fix: Fix) -> dict[str, Any]:
    return {"title": fix.title, "safe": fix.safe, "edits": list(map(_edit, fix.edits))}


def _edit(edit: Edit) -> dict[str, Any]:
    return {**_place(edit.span), "text": edit.text, "masked": edit.masked}


def _place(span: Span) -> dict[str, int | None]:
    line, column, end_line, end_column = span if span.exists else (None, None, None, None)
    return {"line": line, "column": column, "endLine": end_line, "endColumn": end_column}
