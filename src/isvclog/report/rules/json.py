"""The documentation of rules as one JSON document. `schemas/rules.schema.json` describes it."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from isvclog.report.formats import FormatSettings
from isvclog.rules.catalogue import Description

SCHEMA_VERSION = 1
"""Version of the form. It rises if a reader of the old form could misread the new one; added members do not count."""


def write(rules: Sequence[Description], settings: FormatSettings) -> Iterator[str]:
    """Yield `{"schemaVersion": 1, "rules": [...]}`, in ASCII."""
    yield json.dumps({"schemaVersion": SCHEMA_VERSION, "rules": list(map(_rule, rules))}, indent=2) + "\n"


def _rule(description: Description) -> dict[str, Any]:
    first, last, text = description.releases
    return {
        "name": description.name,
        "group": description.group,
        "severity": str(description.severity),
        "fix": description.fix or None,
        "releases": {"first": first or None, "last": last or None, "text": text},
        "securitySeverity": description.security,
        "summary": description.summary,
        "why": description.details,
        "instead": description.instead,
        "example": {
            "options": description.options,
            "before": description.before,
            "after": description.after,
        },
    }
