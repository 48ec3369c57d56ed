"""Findings as diagnostics of the protocol."""

import re
from collections.abc import Iterator

from lsprotocol import types

from isvclog.editor.documents import Checked, OpenDocument
from isvclog.editor.pages import Pages
from isvclog.findings import NOWHERE, Finding, Severity, Span
from isvclog.keypath import KeyPath, value_at
from isvclog.manifest import Object
from isvclog.suppressions import UNUSED

SOURCE = "isvclog"
_SEVERITIES = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
    Severity.INFO: types.DiagnosticSeverity.Information,
}
_PLACED = re.compile(r":(\d+):(\d+): ")


def to_diagnostics(document: OpenDocument, checked: Checked, pages: Pages) -> list[types.Diagnostic]:
    """Convert the findings of a check."""
    if checked.project.problem:
        return [_message(f"Nothing is checked, because the project file cannot be used: {checked.project.problem}")]
    if checked.result.failure:
        return [_message(checked.result.failure)]
    return [diagnostic(document, found, shown, pages) for found, shown in checked.pairs()]


def diagnostic(document: OpenDocument, found: Finding, shown: Finding, pages: Pages) -> types.Diagnostic:
    """Convert one finding; its texts are those of `shown`, which is masked."""
    href = pages.rule(found.rule)
    return types.Diagnostic(
        range=document.lines.first_line(found.span),
        message=f"{shown.message} {shown.remedy}".rstrip(),
        severity=_SEVERITIES[found.severity],
        code=found.rule,
        code_description=types.CodeDescription(href) if href else None,
        source=SOURCE,
        tags=[types.DiagnosticTag.Unnecessary] if found.rule == UNUSED else None,
        related_information=list(_related(document, found)) or None,
    )


def left_out(document: OpenDocument) -> types.Diagnostic:
    """Say that a document is not checked while it is edited."""
    size = len(document.source.data) / 1024 / 1024
    reason = "it takes too long" if document.is_too_slow else f"it has {size:.1f} MiB"
    text = f"This document is not checked while it is edited, because {reason}. Run `isvclog lint` instead."
    return _message(text, types.DiagnosticSeverity.Information)


def project_diagnostic(document: OpenDocument, problem: str) -> types.Diagnostic:
    """Convert the error of a project file, at its place if the sentence names one."""
    place = _PLACED.match(problem, len(document.name)) if problem.startswith(document.name) else None
    if place is None:
        return _message(problem)
    line, column = int(place[1]), int(place[2])
    end = max(len(document.lines.text(line - 1)) + 1, column)
    at = document.lines.range(Span(line, column, line, end))
    return types.Diagnostic(at, problem[place.end() :], types.DiagnosticSeverity.Error, source=SOURCE)


def _message(text: str, severity: types.DiagnosticSeverity = types.DiagnosticSeverity.Error) -> types.Diagnostic:
    start = types.Position(0, 0)
    return types.Diagnostic(types.Range(start, start), text, severity, source=SOURCE)


def _related(document: OpenDocument, found: Finding) -> Iterator[types.DiagnosticRelatedInformation]:
    """Yield the other end of a finding about an annotation: its value, or the lists that name it."""
    if not found.span.exists or found.path[-2:-1] not in (("metadataAnnotations",), ("annotations",)):
        return
    obj = next((each for each in document.objects.get(found.document, ()) if each.label == found.object), None)
    if obj is None:
        return
    for path, message in _ends(obj, found.path):
        span = obj.span(path)
        if span not in (NOWHERE, found.span):
            location = types.Location(document.uri, document.lines.range(span))
            yield types.DiagnosticRelatedInformation(location, message)


def _ends(obj: Object, path: KeyPath) -> Iterator[tuple[KeyPath, str]]:
    value = value_at(obj.data, path)
    if path[-2] == "metadataAnnotations" and isinstance(value, str):
        annotation: KeyPath = ("metadata", "annotations", value)
        if obj.has(annotation):
            yield annotation, "The value of the annotation."
    elif path[:-1] == ("metadata", "annotations"):
        for place in listed(obj, "metadataAnnotations"):
            if value_at(obj.data, place) == path[-1]:
                yield place, "The logger lists it here."


def listed(obj: Object, field: str) -> Iterator[KeyPath]:
    """Yield the paths of the items of a list in the logger of each component."""
    spec = obj.data.get("spec")
    for component in spec if isinstance(spec, dict) else ():
        path: KeyPath = ("spec", component, "logger", field)
        items = value_at(obj.data, path)
        for index in range(len(items) if isinstance(items, list) else 0):
            yield (*path, index)
