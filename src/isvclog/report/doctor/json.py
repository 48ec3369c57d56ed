"""The surroundings as one JSON document. `schemas/doctor.schema.json` describes it."""

from collections.abc import Iterator
from typing import Any

from isvclog.doctor.model import Checkup, ClusterCheck
from isvclog.lint.json_text import dumps
from isvclog.report.formats import FormatSettings

SCHEMA_VERSION = 1
"""Version of the form. It rises if a reader of the old form could misread the new one; added members do not count."""


def write(checkup: Checkup, settings: FormatSettings) -> Iterator[str]:
    """Yield the document, in ASCII."""
    data = {
        "schemaVersion": SCHEMA_VERSION,
        "isvclog": checkup.version,
        "python": checkup.python,
        "platform": checkup.platform,
        "packages": [
            {"name": each.name, "version": each.version or None, "extra": each.extra or None}
            for each in checkup.packages
        ],
        "programs": [
            {"name": each.name, "isInstalled": each.is_installed, "version": each.version or None}
            for each in checkup.programs
        ],
        "project": {"file": checkup.project, "error": checkup.project_error or None} if checkup.project else None,
        "cluster": _cluster(checkup.cluster),
    }
    yield dumps(data, indent=2) + "\n"


def _cluster(check: ClusterCheck) -> dict[str, Any]:
    kserve = check.kserve
    return {
        "kubeconfigs": list(check.files),
        "context": check.context or None,
        "namespace": check.namespace or None,
        "login": check.login or None,
        "wasAsked": check.was_asked,
        "error": check.error or None,
        "kserve": kserve and {"version": kserve.release, "origin": kserve.origin or None},
        "notes": list(check.notes),
        "permissions": [
            {
                "verb": each.verb,
                "resource": each.resource,
                "namespace": each.namespace or None,
                "name": each.name or None,
                "purpose": each.purpose,
                "isAllowed": each.is_allowed,
            }
            for each in check.permissions
        ],
    }
