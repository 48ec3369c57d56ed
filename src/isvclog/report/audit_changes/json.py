"""The changes since an earlier audit as one JSON document with one change per line.

`schemas/audit-changes.schema.json` describes it.
"""

from collections.abc import Iterator
from typing import Any

from isvclog.audit.comparison import AuditChange, AuditComparison
from isvclog.lint.json_text import dumps
from isvclog.report.findings.json import finding_data
from isvclog.report.formats import FormatSettings

SCHEMA_VERSION = 1
"""Version of the form. It rises if a reader of the old form could misread the new one; added members do not count."""


def write(comparison: AuditComparison, settings: FormatSettings) -> Iterator[str]:
    """Yield `{"schemaVersion": 1, "changes": [...], "failures": [...], "summary": {...}}`, in ASCII."""
    yield f'{{"schemaVersion": {SCHEMA_VERSION}, "changes": ['
    separator = "\n"
    for change in comparison:
        yield separator + "  " + dumps(_change(change))
        separator = ",\n"
    failures = [{"context": failure.context, "message": failure.sentence} for failure in comparison.audit.failures]
    summary = {
        "components": comparison.audit.rows,
        **{kind.value: number for kind, number in comparison.kinds.items()},
        "states": comparison.moved,
        **{f"new{str(severity).capitalize()}s": number for severity, number in comparison.severities.items()},
        "resolvedFindings": comparison.resolved,
        "notCompared": comparison.unknown,
    }
    yield f'\n], "failures": {dumps(failures)}, "summary": {dumps(summary)}}}\n'


def _change(change: AuditChange) -> dict[str, Any]:
    context, namespace, name, component = change.key
    return {
        "change": change.kind.value,
        "context": context,
        "namespace": namespace,
        "name": name,
        "component": component,
        "stateBefore": change.before or None,
        "state": change.state or None,
        "newFindings": list(map(finding_data, change.new)),
        "resolvedFindings": [finding._asdict() for finding in change.resolved],
    }
