"""Validation of an InferenceService's logger by the schema of a KServe release, with issues in the user's words.

Everything reported here is certain without knowing the installation. Mistakes that the API accepts and that have an
effect later are for the rules of `lint`.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from isvclog.changes import Replace
from isvclog.findings import Finding, Fix, Severity, code
from isvclog.keypath import pointer, value_at
from isvclog.kserve.apis.admission import is_complete
from isvclog.kserve.apis.releases import Release
from isvclog.kserve.apis.schema import service_schema
from isvclog.manifest import Duplicate, Object
from isvclog.manifest.editing.fixes import with_edits
from isvclog.validate.complaints import Complaint
from isvclog.validate.documents import api_complaint, empty_fields, is_service_kind, too_new
from isvclog.validate.fields import unknown_field
from isvclog.validate.places import misplaced, rooted_components
from isvclog.validate.values import bad_value, missing
from isvclog.validate.violations import Violation, violations

# A tag, an anchor or an alias before, or in place of, the value.
_DECORATED = ("!", "&", "*")


def validate_object(obj: Object, release: Release, *, patch: bool = False) -> list[Finding]:
    """Validate an InferenceService: findings in the order of the text, none for objects of other kinds.

    A service that has no model and is not from a cluster can only be a patch with some of its fields (kustomize,
    `kubectl patch`), so missing fields are not reported. `patch` says that the file is a patch even though it does not
    look like one.
    """
    if not is_service_kind(obj.kind, obj.api_version):
        return []
    findings = [_duplicate(obj, duplicate) for duplicate in obj.duplicates]
    findings += [_placed(obj, complaint) for complaint in _complaints(obj, release, patch)]
    return sorted(findings, key=lambda finding: (finding.span, pointer(finding.path)))


def _complaints(obj: Object, release: Release, patch: bool) -> Iterator[Complaint]:
    if complaint := api_complaint(obj.api_version):
        yield complaint
        if not obj.api_version.endswith("/v1beta1"):
            return  # another version has its loggers elsewhere
    data, rooted = obj.data, rooted_components(obj.data)
    spec = data["spec"] if isinstance(data.get("spec"), dict) else {}
    whole = not patch and is_complete(data)
    for violation in _all_violations(data, rooted, release):
        if violation.keyword == "additionalProperties":
            yield unknown_field(violation.path, value_at(data, violation.path[:-1]), release)
        elif violation.keyword != "required":
            value = value_at(data, violation.path)
            yield _with_quotes(bad_value(violation, value), value, obj)
        elif whole:
            yield missing(violation)
    yield from misplaced(data)
    yield from too_new(spec, release)
    if whole:
        yield from empty_fields(spec)


def _with_quotes(complaint: Complaint, value: Any, obj: Object) -> Complaint:
    """Add the fix that quotes the value, if quotes are all that a number or a boolean needs."""
    text = obj.written(complaint.path)
    if not complaint.remedy.startswith("Quote it") or not isinstance(value, int | float) or text.startswith(_DECORATED):
        return complaint
    return complaint._replace(fix=Fix("Quote it.", (Replace(complaint.path, text),)))


def _all_violations(data: Mapping[str, Any], rooted: Mapping[str, Any], release: Release) -> Iterator[Violation]:
    """Yield the violations of the document, and those of its root-level components if they were below `spec`."""
    schema = service_schema(release)
    yield from violations(schema, data)
    for violation in violations(schema, {"spec": rooted}) if rooted else ():
        yield violation._replace(path=violation.path[1:])


def _placed(obj: Object, complaint: Complaint) -> Finding:
    span = (obj.key_span if complaint.at_key else obj.span)(complaint.path)
    return Finding(
        file=obj.file,
        span=span,
        severity=complaint.severity,
        rule=complaint.rule,
        message=complaint.message,
        remedy=complaint.remedy,
        path=complaint.path,
        object=obj.label,
        document=obj.document,
        fix=with_edits(complaint.fix, obj),
    )


def _duplicate(obj: Object, duplicate: Duplicate) -> Finding:
    message = (
        f"{code(str(duplicate.path[-1]))} is already there in line {duplicate.first.line}: "
        "some tools keep only the last one, others refuse the file."
    )
    return Finding(
        file=obj.file,
        span=duplicate.span,
        severity=Severity.ERROR,
        rule="duplicate-key",
        message=message,
        remedy="Keep one of them.",
        path=duplicate.path,
        object=obj.label,
        document=obj.document,
    )
