"""An audit as one JSON document with one row per line. `schemas/audit.schema.json` describes it."""

from collections.abc import Iterator
from typing import Any

from isvclog.audit.model import Audit, Row
from isvclog.drift import ComponentState, Difference
from isvclog.lint.json_text import dumps
from isvclog.report.findings.json import finding_data
from isvclog.report.formats import FormatSettings

SCHEMA_VERSION = 1
"""Version of the form. It rises if a reader of the old form could misread the new one; added members do not count."""


def write(audit: Audit, settings: FormatSettings) -> Iterator[str]:
    """Yield `{"schemaVersion": 1, "rows": [...], "failures": [...], "summary": {...}}`, in ASCII."""
    yield f'{{"schemaVersion": {SCHEMA_VERSION}, "rows": ['
    separator = "\n"
    for row in audit:
        yield separator + "  " + dumps(_row(row))
        separator = ",\n"
    failures = [{"context": failure.context, "message": failure.sentence} for failure in audit.failures]
    states = {state.value: audit.states[state] for state in ComponentState}
    counts = {f"{severity}s": count for severity, count in audit.severities.items()}
    summary = {"inferenceServices": audit.services, "components": audit.rows, "states": states, **counts}
    yield f'\n], "failures": {dumps(failures)}, "summary": {dumps(summary)}}}\n'


def _row(row: Row) -> dict[str, Any]:
    return {
        "context": row.context,
        "namespace": row.namespace,
        "name": row.name,
        "component": row.component,
        "logger": row.logger,
        "sink": row.sink,
        "mode": row.mode,
        "metadataAnnotations": list(row.keys),
        "state": row.state.value,
        "pods": row.pods,
        "note": row.note,
        "differences": list(map(_difference, row.differences)),
        "findings": list(map(finding_data, row.findings)),
    }


def _difference(difference: Difference) -> dict[str, Any]:
    return {
        "cause": difference.cause.value,
        "state": difference.cause.state.value,
        "revision": difference.revision,
        "pods": difference.pods,
        "fields": list(difference.fields),
        "annotations": list(difference.keys),
        "message": difference.sentence,
        "remedy": difference.remedy,
    }
