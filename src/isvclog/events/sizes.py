"""The bytes of one event or record: what the agent adds to a payload, and the part of each listed name in it."""

from collections.abc import Sequence

from isvclog.events.shape import ANNOTATION, HEADER
from isvclog.kserve.agent.store import CLOUDEVENTS
from isvclog.kserve.golang import json as gojson
from isvclog.kserve.golang.http import written_value
from isvclog.kserve.golang.strings import to_bytes
from isvclog.kserve.logger.dispatcher import choose_sink, record_of, store_batch
from isvclog.kserve.logger.events import LogRequest, build_event
from isvclog.kserve.logger.records import Upload
from isvclog.kserve.logger.sender import Undeliverable
from isvclog.records import NamedTuple

SAMPLE_NS = 1_767_323_045_123_456_789
"""A time with nine digits behind the point, as nine of ten have."""

ASSUMED_VALUE = "00000000-0000-4000-8000-000000000000"
"""The value of a listed header that is not given, and the id of an event: a UUID."""


class NameSize(NamedTuple):
    """The bytes of one annotation or header in each event, with its quotation marks and a comma."""

    name: str
    kind: str
    size: int
    is_assumed: bool


class EventSize(NamedTuple):
    """The bytes of one event: all that is sent on the connection. `payload` are those of the body of the exchange.

    For a record they are its bytes in the object, where a payload is in base64.
    """

    type: str
    payload: int
    total: int
    names: Sequence[NameSize]

    @property
    def overhead(self) -> int:
        """The bytes that are not the payload: headers, or the other fields of a record and its base64."""
        return self.total - self.payload


def event_size(logged: LogRequest, payload: int | None, assumed: Sequence[str]) -> EventSize | None:
    """Measure what a log request becomes; None if it is dropped.

    `payload` is the length of its body where that is another one than that of `logged`. No such body is made.
    `assumed` are listed headers that the request does not have here, and are taken to be as long as a UUID.
    """
    length = len(logged.body) if payload is None else payload
    empty = logged._replace(body=b"")
    if logged.metadata is not None:
        empty = empty._replace(metadata={**logged.metadata, **dict.fromkeys(assumed, (ASSUMED_VALUE,))})
    if choose_sink(logged.settings) == CLOUDEVENTS:
        try:
            head = len(build_event(empty, recorded_ns=SAMPLE_NS).head())
        except Undeliverable:
            return None
        total = head - len("0") + len(str(length)) + length
    else:
        record = _record_bytes(empty)
        if record is None:
            return None
        total = record + -(-length // 3) * 4
    return EventSize(logged.type, length, total, _names(empty, assumed))


def _record_bytes(empty: LogRequest) -> int | None:
    """Return the bytes of a record without a payload, or None if it is dropped; in CSV without the row of names."""
    stored = store_batch(empty.settings, [record_of(empty)])
    if not isinstance(stored, Upload):
        return None
    size = len(to_bytes(stored.data))
    return size - len(stored.data.partition("\n")[0]) - 1 if stored.format != "json" else size


def _names(logged: LogRequest, assumed: Sequence[str]) -> list[NameSize]:
    store = logged.settings.store
    is_csv = store is not None and store.format != "json"

    def size(name: str, value: gojson.Value) -> int:
        """Count the bytes of a member with its comma; one of the braces takes the place of the last comma.

        CSV doubles quotation marks.
        """
        text = written_value(gojson.marshal({name: value}))
        return len(to_bytes(text)) - 1 + (text.count('"') if is_csv else 0)

    headers = {name: list(values) for name, values in (logged.metadata or {}).items()}
    return [
        *(NameSize(name, ANNOTATION, size(name, value), False) for name, value in logged.settings.annotations.items()),
        *(NameSize(name, HEADER, size(name, values), name in assumed) for name, values in headers.items()),
    ]
