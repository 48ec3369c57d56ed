"""Findings for tests of what becomes of them, from validation, which needs no rules."""

from datetime import date

from isvclog.findings import Finding
from isvclog.kserve.apis.releases import NEWEST
from isvclog.manifest import Object, Source, load
from isvclog.validate.objects import validate_object

TODAY = date(2030, 1, 15)
KNOWN = frozenset(
    "unknown-field invalid-mode missing-mode duplicate-key unknown-to-release wrong-type misplaced-field "
    "unparsable-manifest unused-ignore expired-ignore".split()
)


def found(source: Source) -> tuple[list[Finding], list[str]]:
    """What validation says of a file, and the labels of its services."""
    findings: list[Finding] = []
    labels: list[str] = []
    for item in load(source, (b"InferenceService",)):
        if isinstance(item, Object):
            findings += validate_object(item, NEWEST)
            labels += [item.label] if item.kind == "InferenceService" else []
        else:
            findings.append(item)
    return findings, labels
