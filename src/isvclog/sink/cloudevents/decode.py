"""The events in a request: the content type decides in which of the three modes they came."""

from isvclog.httpserver import HttpRequest
from isvclog.sink.cloudevents.binary import decode_binary
from isvclog.sink.cloudevents.events import SinkEvent
from isvclog.sink.cloudevents.spec import FORMATS, InvalidEvent
from isvclog.sink.cloudevents.structured import decode_batch, decode_structured

_CLOUDEVENTS = "application/cloudevents"
_BATCH = "application/cloudevents-batch"


def decode_request(request: HttpRequest, received_ns: int) -> list[SinkEvent]:
    """Decode the events of a request, received at a time in Unix nanoseconds. Raises InvalidEvent."""
    media_type = request.header(b"content-type").decode("latin-1").partition(";")[0].strip().lower()
    if not media_type.startswith(_CLOUDEVENTS):
        return [decode_binary(request, received_ns)]
    if media_type == f"{_BATCH}+json":
        return decode_batch(request, received_ns)
    if media_type == f"{_CLOUDEVENTS}+json":
        return [decode_structured(request, received_ns)]
    raise InvalidEvent(
        f"the event format {media_type[:80]!a} is not known here; send application/cloudevents+json, "
        f"application/cloudevents-batch+json, or binary mode",
        FORMATS,
        415,
    )
