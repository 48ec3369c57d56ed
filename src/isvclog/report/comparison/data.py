"""A comparison as plain data for JSON and YAML, without secrets unless they are revealed."""

from typing import Any

from isvclog.preview.comparison import PreviewComparison, PreviewedState
from isvclog.report.comparison.shown import (
    ChangeKind,
    ShownChange,
    ShownFact,
    ShownLogger,
    ShownService,
    shown_sentences,
    shown_services,
    totals,
)
from isvclog.report.formats import FormatSettings
from isvclog.report.preview.data import valid_text

SCHEMA_VERSION = 1
"""Version of the form, which `schemas/preview-diff.schema.json` describes; added members do not change it."""


def comparison_data(comparison: PreviewComparison, settings: FormatSettings) -> dict[str, Any]:
    """Build `{"schemaVersion": 1, "changes": true, "old": ..., "new": ..., "services": [...], "summary": ...}`."""
    services = shown_services(comparison, settings)
    counts = {kind.value: sum(each.change is kind for each in services) for kind in _COUNTED}
    found = {
        "schemaVersion": SCHEMA_VERSION,
        "kserveVersion": comparison.release.name,
        "changes": bool(services),
        "old": _state(comparison.old, settings),
        "new": _state(comparison.new, settings),
        "services": [_service(service) for service in services],
        "summary": {**counts, "unchanged": comparison.unchanged, "message": totals(services, comparison)},
    }
    cleaned: dict[str, Any] = valid_text(found)
    return cleaned


_COUNTED = (ChangeKind.CHANGED, ChangeKind.ADDED, ChangeKind.REMOVED)


def _state(state: PreviewedState, settings: FormatSettings) -> dict[str, Any]:
    return {
        "place": state.name,
        "notes": shown_sentences(state.notes, settings),
        "failures": shown_sentences(state.preview.failures, settings),
    }


def _service(service: ShownService) -> dict[str, Any]:
    (old_file, new_file), (old, new) = service.files, service.rejected
    return {
        "object": service.label,
        "change": service.change.value,
        "old": {"file": old_file, "rejected": old or None} if old_file else None,
        "new": {"file": new_file, "rejected": new or None} if new_file else None,
        "components": [_logger(logger) for logger in service.loggers],
    }


def _logger(logger: ShownLogger) -> dict[str, Any]:
    old, new = logger.logging
    return {
        "component": logger.component,
        "canary": logger.canary or None,
        "old": {"logging": old, "message": logger.old},
        "new": {"logging": new, "message": logger.new, "remedy": logger.remedy or None},
        "changes": [_change(change) for change in logger.changes],
    }


def _change(change: ShownChange) -> dict[str, Any]:
    return {
        "kind": change.kind.value,
        "name": change.name,
        "change": change.change.value,
        "masked": change.is_masked,
        "old": _fact(change.old),
        "new": _fact(change.new),
    }


def _fact(fact: ShownFact | None) -> dict[str, Any] | None:
    if fact is None:
        return None
    return {
        "value": fact.value,
        "known": fact.is_known,
        "arrives": fact.arrives if fact.is_known else None,
        "status": fact.status or None,
        "message": fact.message or None,
    }
