"""Sentences about loggers without an event, for formats that contain events only."""

from collections.abc import Iterable, Iterator

from isvclog.diagnosis.causes import diagnose
from isvclog.kserve.exchange_result import ExchangeResult, ServicePreview
from isvclog.report.preview.redaction import redact_message


def explain_silence(services: Iterable[ServicePreview]) -> Iterator[str]:
    """Yield one sentence for each service or component without an event, with the reason and the remedy."""
    for item in services:
        if item.rejected is not None:
            place = ":".join(map(str, (item.file, *(item.rejected_at or ()))))
            yield f"{place}: {item.label}: rejected: {item.rejected}."
        for part in item.silent:
            yield f"{item.label}: {part.name} has no logger."
        for result in item.results:
            if sentence := _reason(result):
                yield f"{item.label}: {result.prediction.component.name}: {sentence}"


def _reason(result: ExchangeResult) -> str:
    diagnosis = diagnose(result)
    if diagnosis is not None:
        sentence = "; ".join(filter(None, (diagnosis.because, diagnosis.remedy)))
        return f"{redact_message(sentence, result)}."
    return "" if result.delivery.events else "records go to object storage; see -o text or -o json."
