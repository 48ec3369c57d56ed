"""Requests as they came: the bytes, in the order in which the sender wrote them."""

from collections.abc import Iterator

from isvclog.redact.gate import redaction_for
from isvclog.report.escape import printable
from isvclog.report.formats import FormatSettings
from isvclog.sink.items import RejectedRequest, SinkItem, Unpaired, Unreadable
from isvclog.sink.masking import mask_request


def write(item: SinkItem, settings: FormatSettings) -> Iterator[str | bytes]:
    """Yield the bytes of a request; for a terminal, which would obey control characters, escaped text.

    The framing of chunks is left out. The events of a batch share one request, which is shown for each of them.
    """
    if isinstance(item, Unpaired | Unreadable):
        return
    gate = redaction_for(settings.reveal)
    request = mask_request(item.request if isinstance(item, RejectedRequest) else item.event.request, gate)
    wire = request.head() + request.body
    if settings.terminal:
        shown = wire.decode("utf-8", "backslashreplace").replace("\r\n", "\n")
        yield "\n".join(map(printable, shown.split("\n"))) + "\n\n"
    else:
        yield wire
    if gate.has_hidden:
        settings.on_hidden()
