"""Everything that validation reports about an object."""

from collections.abc import Iterator, Mapping
from typing import Any

from isvclog.changes import Replace
from isvclog.findings import Finding, Fix, Severity, code
from isvclog.keypath import pointer, value_at
from isvclog.kserve.apis.admission import is_complete
from isvclog.kserve.apis.constants import API_VERSION
from isvclog.kserve.apis.kinds import has_no_logger
from isvclog.kserve.apis.releases import Release
from isvclog.kserve.apis.schema import service_schema
from isvclog.kserve.apis.usual_fields import has_usual_fields
from isvclog.manifest import Duplicate, Object
from isvclog.manifest.editing.fixes import with_edits
from isvclog.rules.manifest import DUPLICATE_KEY, UNKNOWN_API_VERSION
from isvclog.rules.rule import Issue, Rule, locate
from isvclog.validate.documents import api_issue, empty_fields, foreign_issue, is_foreign, missing_api_version, too_new
from isvclog.validate.fields import unknown_field
from isvclog.validate.places import misplaced, rooted_components
from isvclog.validate.python_objects import is_dumped, python_object
from isvclog.validate.values import bad_value, missing
from isvclog.validate.violations import Violation, violations

# A tag, an anchor or an alias before, or in place of, the value.
_DECORATED = ("!", "&", "*")


def validate_object(
    obj: Object, release: Release, *, patch: bool = False, rest: Severity | None = None
) -> list[Finding]:
    """Validate an InferenceService: findings in the order of the text.

    Of KServe's other kinds, only a `logger` is reported, because they have none; other objects give no findings.

    A service that has no model and is not from a cluster can only be a patch with some of its fields (kustomize,
    `kubectl patch`), so missing fields are not reported. `patch` says that the file is a patch even though it does not
    look like one. `rest` is the severity of what the API server refuses outside of loggers, None to leave that out.
    """
    if obj.kind != "InferenceService" and not is_dumped(obj.data):
        return _validate_other(obj)
    if found := python_object(obj) or foreign_issue(obj.api_version, obj.data):
        return [locate(obj, *found)]
    if is_foreign(obj.api_version):
        return []
    findings = [_duplicate(obj, duplicate) for duplicate in obj.duplicates]
    for rule, issue in _known_issues(obj, release, patch, rest):
        findings.append(locate(obj, rule, issue._replace(fix=with_edits(issue.fix, obj))))
    return sorted(findings, key=lambda finding: (finding.span, pointer(finding.path)))


def _validate_other(obj: Object) -> list[Finding]:
    if not has_no_logger(obj.kind, obj.api_version):
        return []
    from isvclog.validate.kinds import loggers_of_other_kinds

    return [locate(obj, rule, issue) for rule, issue in loggers_of_other_kinds(obj.kind, obj.data)]


def _known_issues(obj: Object, release: Release, patch: bool, rest: Severity | None) -> list[tuple[Rule, Issue]]:
    if not obj.may_have_placeholders:
        return _all_issues(obj, release, patch, rest)
    from isvclog.validate.placeholders import known_issues, templated

    issues = known_issues(obj, release, lambda filled: _all_issues(filled, release, patch, rest))
    return [*issues, found] if (found := templated(obj)) else issues


def _all_issues(obj: Object, release: Release, patch: bool, rest: Severity | None) -> list[tuple[Rule, Issue]]:
    issues = list(_api_issues(obj, patch))
    if any(rule is UNKNOWN_API_VERSION or obj.api_version.endswith("/v1alpha2") for rule, _ in issues):
        return issues  # another version has its loggers elsewhere
    usual = has_usual_fields(obj.data, release)
    issues += _issues(obj, release, patch, usual)
    if rest is not None and obj.api_version in ("", API_VERSION) and not usual:
        from isvclog.validate.refused import refused_fields

        requires_all = not patch and is_complete(obj.data)
        reported = {issue.path for _, issue in issues}
        issues += refused_fields(obj.data, release, rest, reported, requires_all=requires_all)
    return issues


def _api_issues(obj: Object, patch: bool) -> Iterator[tuple[Rule, Issue]]:
    if not obj.api_version and not patch and not obj.is_live and is_complete(obj.data):
        yield missing_api_version()
    elif found := api_issue(obj.api_version):
        yield found


def _issues(obj: Object, release: Release, patch: bool, usual: bool) -> Iterator[tuple[Rule, Issue]]:
    data, rooted = obj.data, rooted_components(obj.data)
    spec = data["spec"] if isinstance(data.get("spec"), dict) else {}
    requires_all = not patch and is_complete(data)
    for violation in _all_violations(data, rooted, release):
        if violation.keyword == "additionalProperties":
            yield unknown_field(violation.path, value_at(data, violation.path[:-1]), release)
        elif violation.keyword != "required":
            value = value_at(data, violation.path)
            rule, issue = bad_value(violation, value)
            yield rule, _with_quotes(issue, value, obj)
        elif requires_all:
            yield missing(violation)
    if not usual:  # usual fields are where they belong
        yield from misplaced(data)
    yield from too_new(spec, release)
    if requires_all:
        yield from empty_fields(spec)


def _with_quotes(issue: Issue, value: Any, obj: Object) -> Issue:
    """Add the fix that quotes the value, if quotes are all that a number or a boolean needs."""
    text = obj.written(issue.path)
    if not issue.remedy.startswith("Quote it") or not isinstance(value, int | float) or text.startswith(_DECORATED):
        return issue
    return issue._replace(fix=Fix("Quote it.", (Replace(issue.path, text),)))


def _all_violations(data: Mapping[str, Any], rooted: Mapping[str, Any], release: Release) -> Iterator[Violation]:
    """Yield the violations of the document, and those of its root-level components if they were below `spec`."""
    schema = service_schema(release)
    yield from violations(schema, data)
    for violation in violations(schema, {"spec": rooted}) if rooted else ():
        yield violation._replace(path=violation.path[1:])


def _duplicate(obj: Object, duplicate: Duplicate) -> Finding:
    message = (
        f"{code(str(duplicate.path[-1]))} is already set in line {duplicate.first.line}: "
        "some tools keep only the last one, others reject the file."
    )
    # Each of several repeated keys has the same path, so the position comes from the reader.
    found = locate(obj, DUPLICATE_KEY, Issue(duplicate.path, message, "Keep one of them."))
    return found._replace(span=duplicate.span)
