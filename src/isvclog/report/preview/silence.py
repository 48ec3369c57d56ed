"""Sentences about loggers without an event and rejected manifests, for formats that contain events only."""

from collections.abc import Iterable, Iterator

from isvclog.diagnosis.causes import diagnose
from isvclog.diagnosis.notes import excluded_event
from isvclog.findings import enumerated
from isvclog.keypath import dotted
from isvclog.kserve.exchange_result import ExchangeResult, ServicePreview
from isvclog.preview.unknown import with_others
from isvclog.redact.gate import Redaction
from isvclog.report.preview.redaction import ExchangeRedaction, service_redaction
from isvclog.report.preview.unknown import NOT_RENDERED

STORED = "records go to object storage"
"""The reason of a logger that stores records in place of events."""

_MOST_PATHS = 5


def explain_refusals(services: Iterable[ServicePreview], reveal: bool) -> Iterator[str]:
    """Yield one sentence for each manifest that kubectl rejects because of its fields, with the remedy."""
    for item in services:
        gate = service_redaction(item, reveal)
        if reason := kubectl_rejection(item, gate):
            yield f"{gate.text(item.label)}: {reason}; other clients drop such fields. `isvclog lint` shows the fixes."


def kubectl_rejection(item: ServicePreview, gate: Redaction) -> str:
    """Name the fields for which kubectl rejects the manifest; empty if it accepts them."""
    if not item.is_refused:
        return ""
    paths = [dotted(path) for path in item.refused]
    for result in item.results:
        logger = result.prediction.logger
        paths += [f"{result.prediction.component.name}.logger.{field}" for field in (logger.pruned if logger else ())]
    paths += [f"{name}.{field}" for name, field in item.misspelled.items()]
    return f"kubectl rejects the manifest because of {enumerated([gate.text(path) for path in paths], _MOST_PATHS)}"


def explain_silence(
    services: Iterable[ServicePreview], reveal: bool, stored: str = f"{STORED}; see -o text or -o json."
) -> Iterator[str]:
    """Yield one sentence for each service or component without an event, with the reason and the remedy.

    `stored` is the sentence for a logger that stores records.
    """
    for item in services:
        gate = service_redaction(item, reveal)
        label = gate.text(item.label)
        if item.rejected is not None:
            place = ":".join(map(str, (item.file, *(item.rejected_at or ()))))
            yield f"{place}: {label}: rejected: {gate.sentence(str(item.rejected))}."
        for part in item.silent:
            meant = item.misspelled.get(part.name)
            yield f"{label}: {part.name} has no logger{f'; {gate.text(meant)} is not a field of it' if meant else ''}."
        for result, other in with_others(item):
            sentence = _reason(result, ExchangeRedaction(result, gate), stored)
            if result.delivery != other.delivery or not result.ends_like(other):
                sentence = f"its events are {NOT_RENDERED}."
            if sentence:
                yield f"{label}: {result.prediction.component.name}: {sentence}"


def _reason(result: ExchangeResult, view: ExchangeRedaction, stored: str) -> str:
    diagnosis = diagnose(result)
    if diagnosis is not None:
        sentence = "; ".join(filter(None, (diagnosis.because, diagnosis.remedy)))
        return f"{view.message(sentence)}."
    if sentence := excluded_event(result):
        return f"{sentence}."
    return "" if result.delivery.events else stored
