"""Predicted events, compared with expected ones as the sink compares those that come."""

from collections.abc import Iterable, Iterator

from isvclog.httpserver.messages import HttpRequest
from isvclog.kserve.golang.strings import to_bytes
from isvclog.kserve.logger.events import CloudEvent
from isvclog.sink.cloudevents.binary import decode_binary
from isvclog.sink.cloudevents.spec import InvalidEvent
from isvclog.sink.expected.expectations import Expectations


def compare_predicted(events: Iterable[CloudEvent], expectations: Expectations) -> Iterator[str]:
    """Yield a sentence for each difference, and for each expected event that is not predicted."""
    for event in events:
        headers = [(to_bytes(name), to_bytes(value)) for name, value in event.headers]
        half = event.type.rpartition(".")[2]
        try:
            sent = decode_binary(HttpRequest(b"POST", to_bytes(event.target), b"HTTP/1.1", headers, event.body), 0)
        except InvalidEvent as error:
            yield f"the {half} event is not a valid CloudEvent: {error}."
            continue
        for sentence in expectations.differences(sent):
            yield f"the {half} event differs: {sentence}."
    for label in expectations.missing():
        yield f"{label} is expected, but no event matches it."
