"""The events that `preview` predicts for an InferenceService, as expectations."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from isvclog.diagnosis.causes import diagnose
from isvclog.errors import IsvclogError
from isvclog.findings import code
from isvclog.httpserver import HttpRequest
from isvclog.kserve.apis.installation import Installation
from isvclog.kserve.exchange_result import ExchangeResult
from isvclog.kserve.logger.events import CloudEvent
from isvclog.preview.model import Preview, PreviewRequest, preview_files
from isvclog.sink.cloudevents.binary import decode_binary
from isvclog.sink.cloudevents.events import SinkEvent
from isvclog.sink.expected.expectations import compare_members

_OF_EACH_EVENT = frozenset("id time recordedtime datacontenttype annotations metadata".split())
"""Attributes that differ from request to request, or that are compared in another way."""


class PredictedEvent:
    """An event as KServe's agent would send it; id, times, content type, data and header values are left open."""

    def __init__(self, label: str, event: CloudEvent, listed_headers: Collection[str]) -> None:
        self.label = label
        headers = [(name.encode(), value.encode("utf-8", "surrogateescape")) for name, value in event.headers]
        self._event = decode_binary(HttpRequest(b"POST", b"/", b"1.1", headers, event.body), 0)
        self.half = self._event.half
        self._listed = listed_headers

    def compare(self, event: SinkEvent) -> list[str]:
        """Return a sentence for each difference."""
        expected = self._event
        found = compare_members("the attribute", _fixed(event), _fixed(expected))
        for name in ("id", "time", "recordedtime", "metadata"):
            if (name in event.attributes) != (name in expected.attributes):
                state = "is not expected" if name in event.attributes else "is missing"
                found.append(f"the attribute {code(name)} {state}")
        found += compare_members("the annotation", event.annotations, expected.annotations)
        found += [
            f"the header {code(name)} is not in metadataHeaders" for name in event.metadata if name not in self._listed
        ]
        if event.mode != "binary":
            found.append(f"it came in {event.mode} mode, and KServe sends binary mode")
        return found


def predicted_events(path: str, installation: Installation) -> list[PredictedEvent]:
    """Predict the events of the InferenceServices in a file. Raises IsvclogError if there will be none."""
    preview = preview_files([path], None, installation, PreviewRequest(new_id=lambda: "1"))
    if preview.failures:
        raise IsvclogError(preview.failures[0])
    if not preview.services:
        raise IsvclogError(f"{path} has no InferenceService; name a file with one, or an expected event as JSON.")
    if events := list(_predicted(preview)):
        return events
    reasons = [found.because for result in _results(preview) if (found := diagnose(result))]
    because = reasons[0] if reasons else "it has no logger that sends CloudEvents"
    raise IsvclogError(f"{path}: no event can be expected: {because}; `isvclog preview -f {path}` explains it.")


def _results(preview: Preview) -> Iterator[ExchangeResult]:
    for service in preview.services:
        yield from service.results


def _predicted(preview: Preview) -> Iterator[PredictedEvent]:
    for service in preview.services:
        for result in service.results:
            settings = result.prediction.settings
            listed = settings.metadata_headers or () if settings else ()
            for event in result.delivery.events:
                half = event.type.rpartition(".")[2]
                label = f"the {half} event of {service.label}, {result.prediction.component.name}"
                yield PredictedEvent(label, event, listed)


def _fixed(event: SinkEvent) -> Mapping[str, Any]:
    return {name: value for name, value in event.attributes.items() if name not in _OF_EACH_EVENT}
