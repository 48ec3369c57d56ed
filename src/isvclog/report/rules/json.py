"""The documentation of rules as one JSON document. `schemas/rules.schema.json` describes it."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from isvclog.report.formats import FormatSettings
from isvclog.rules.catalogue import Description
from isvclog.rules.symptoms import Symptom

SCHEMA_VERSION = 1
"""Version of the form. It rises if a reader of the old form could misread the new one; added members do not count."""


def write(pages: Sequence[Description | Symptom], settings: FormatSettings) -> Iterator[str]:
    """Yield `{"schemaVersion": 1, "rules": [...]}`, in ASCII, with `symptoms` if there are any."""
    document: dict[str, Any] = {"schemaVersion": SCHEMA_VERSION}
    if symptoms := [_symptom(page) for page in pages if isinstance(page, Symptom)]:
        document["symptoms"] = symptoms
    document["rules"] = [_rule(page) for page in pages if isinstance(page, Description)]
    yield json.dumps(document, indent=2) + "\n"


def _symptom(symptom: Symptom) -> dict[str, Any]:
    return {
        "name": symptom.name,
        "title": symptom.title,
        "first": [{"command": command, "shows": shows} for command, shows in symptom.first],
        "causes": [
            {"text": cause.text, "rules": cause.rules, "commands": cause.commands, "symptoms": cause.pages}
            for cause in symptom.causes
        ],
    }


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
