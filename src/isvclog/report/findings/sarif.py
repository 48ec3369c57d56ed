"""SARIF 2.1.0, the Static Analysis Results Interchange Format, for code scanning services and editors.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html. There are no snippets: they could contain secrets, and
readers show the file itself.
"""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from isvclog import __version__, home
from isvclog.findings import Finding, Fix, Severity, SourcePlace, Span, Suppression
from isvclog.keypath import pointer
from isvclog.lint.json_text import dumps
from isvclog.lint.results import RunResult
from isvclog.report.escape import printable
from isvclog.report.findings.identity import Identities
from isvclog.report.findings.location import in_repository, location_uri, reported_place
from isvclog.report.formats import Describe, FormatSettings

if TYPE_CHECKING:
    from isvclog.rules.catalogue import Description

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


def write(run: RunResult, settings: FormatSettings) -> Iterator[str]:
    """Yield one SARIF log with one run and one result per line.

    It ends with the rules that have results, because they are known only then.
    """
    rules: dict[str, Severity] = {}
    identities = Identities()
    yield f'{{"version": "2.1.0", "$schema": "{SCHEMA}", "runs": [{{"columnKind": "unicodeCodePoints", "results": ['
    separator = "\n"
    for checked in run:
        # Suppressed ones are last, so that the others have the same identities without them.
        for finding in (*checked.findings, *checked.suppressed):
            rules.setdefault(finding.rule, finding.severity)
            index = list(rules).index(finding.rule)
            result = _result(finding, index, identities.of(finding)) | _review(finding.suppression, settings)
            yield separator + "  " + dumps(result)
            separator = ",\n"
    yield f'\n], "tool": {dumps(_tool(rules, settings.describe))}, "invocations": [{dumps(_invocation(run))}]}}]}}\n'


def _tool(rules: Mapping[str, Severity], describe: Describe) -> dict[str, Any]:
    described = [_rule(name, severity, describe(name)) for name, severity in rules.items()]
    return {"driver": {"name": "isvclog", "version": __version__, "rules": described}}


def _invocation(run: RunResult) -> dict[str, Any]:
    notes = [{"level": "error", "message": _message(failure)} for failure in run.failures]
    return {"executionSuccessful": not (notes or run.is_interrupted()), "toolExecutionNotifications": notes}


def _rule(name: str, severity: Severity, known: "Description | None") -> dict[str, Any]:
    if known is None:
        title = {"text": name.replace("-", " ").capitalize() + "."}
        return {"id": name, "shortDescription": title, "defaultConfiguration": {"level": _LEVELS[severity]}}
    properties: dict[str, Any] = {"tags": list(known.tags)}
    if known.security_severity is not None:
        # GitHub reads the score of a rule with this tag only.
        properties = {"tags": list(dict.fromkeys(("security", *known.tags)))}
        properties["security-severity"] = f"{known.security_severity:.1f}"
    from isvclog.report.rules.markdown import remedy_markdown

    help_text = "\n\n".join(filter(None, (known.details, known.remedy)))
    address = home.rule_address(name)
    return {
        "id": name,
        **({"helpUri": address} if address else {}),
        "shortDescription": {"text": known.summary},
        "fullDescription": {"text": known.summary},
        "help": {"text": help_text, "markdown": remedy_markdown(known) or help_text},
        "defaultConfiguration": {"level": _LEVELS[known.severity]},
        "properties": properties,
    }


def _result(finding: Finding, rule_index: int, identity: str) -> dict[str, Any]:
    location: dict[str, Any] = {}
    file, span = reported_place(finding)
    if span.exists:
        location["physicalLocation"] = _physical(file, span)
    if finding.object:
        location["logicalLocations"] = [_logical(finding)]
    result = {
        "ruleId": finding.rule,
        "ruleIndex": rule_index,
        "level": _LEVELS[finding.severity],
        "message": _message(f"{finding.message} {finding.remedy}".rstrip()),
        "locations": [location],
        "partialFingerprints": {"isvclogIdentity/v1": identity},
    }
    if finding.origin:
        result["relatedLocations"] = list(_related(finding, finding.origin))
    if finding.fix and (change := _change(finding.file, finding.fix)):
        result["fixes"] = [{"description": _message(finding.fix.title), "artifactChanges": [change]}]
    return result


def _review(cause: Suppression | None, settings: FormatSettings) -> dict[str, Any]:
    """Say what people decided about a result: all results of a run have these members, or none has."""
    members: dict[str, Any] = {}
    if settings.has_baseline:
        members["baselineState"] = "unchanged" if cause and cause.kind == "baseline" else "new"
    if settings.show_suppressed:
        members["suppressions"] = [_suppression(cause)] if cause else []
    return members


def _suppression(cause: Suppression) -> dict[str, str]:
    kind = "inSource" if cause.kind == "comment" else "external"
    return {"kind": kind, **({"justification": printable(cause.reason)} if cause.reason else {})}


def _physical(file: str, span: Span) -> dict[str, Any]:
    return {"artifactLocation": _artifact(file), "region": _region(span)}


def _related(finding: Finding, origin: SourcePlace) -> Iterator[dict[str, Any]]:
    """Yield the rendered place, and the place in a values file that the value comes from."""
    yield {"id": 1, "message": {"text": "rendered text"}, "physicalLocation": _physical(finding.file, finding.span)}
    if origin.values:
        yield {"id": 2, "message": {"text": "value"}, "physicalLocation": _physical(*origin.values)}


def _logical(finding: Finding) -> dict[str, str]:
    """Describe the object and the path in it as a URI reference: `InferenceService/default/fraud#/spec/predictor`."""
    place = f"#{pointer(finding.path)}" if finding.path else ""
    kind = "member" if finding.path else "object"
    return {"fullyQualifiedName": printable(finding.object + place), "kind": kind}


def _change(file: str, fix: Fix) -> dict[str, Any] | None:
    """Describe what the fix does to the file; None if that is unknown or contains a masked secret."""
    replacements: list[dict[str, Any]] = []
    for edit in fix.edits:
        if edit.masked:
            return None
        inserted = {"insertedContent": {"text": edit.text}} if edit.text else {}
        replacements.append({"deletedRegion": _region(edit.span), **inserted})
    return {"artifactLocation": _artifact(file), "replacements": replacements} if replacements else None


def _artifact(file: str) -> dict[str, str]:
    base = {} if in_repository(file) is None else {"uriBaseId": "%SRCROOT%"}
    return {"uri": location_uri(file), **base}


def _region(span: Span) -> dict[str, int]:
    return {
        "startLine": span.line,
        "startColumn": span.column,
        "endLine": span.end_line,
        "endColumn": span.end_column,
    }


def _message(text: str) -> dict[str, str]:
    """Build a message of plain text in which nothing is a link: `[text](target)` would be one."""
    return {"text": printable(text).replace("](", "] (")}
