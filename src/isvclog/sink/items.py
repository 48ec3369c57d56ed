"""The items that a sink reports, in the order in which they happen."""

from collections.abc import Sequence
from typing import TypeAlias

from isvclog.httpserver import HttpRequest
from isvclog.records import NamedTuple
from isvclog.sink.cloudevents.events import SinkEvent
from isvclog.sink.cloudevents.spec import Section


class Received(NamedTuple):
    """A valid event, and how it was answered.

    `number` counts requests and events from 1. `partner` is the number of the other half of the exchange, if that came
    before. `refusal` says why the event was answered as a failure, which is tried out or comes from a receiver behind
    the sink. `differences` are sentences about what is not as expected.
    """

    number: int
    event: SinkEvent
    status: int
    partner: int | None = None
    refusal: str = ""
    differences: Sequence[str] = ()


class RejectedRequest(NamedTuple):
    """A request without a valid event. `section` is None if the specification has nothing to do with it."""

    number: int
    request: HttpRequest
    received_ns: int
    status: int
    reason: str
    section: Section | None


class Unreadable(NamedTuple):
    """Something that is no HTTP request that the sink could read. `status` is the answer's."""

    number: int
    received_ns: int
    status: int
    reason: str


class Unpaired(NamedTuple):
    """A request or response event whose other half did not come in `seconds`, and sentences about why that can be."""

    number: int
    event: SinkEvent
    missing: str
    seconds: float
    causes: Sequence[str]


SinkItem: TypeAlias = Received | RejectedRequest | Unreadable | Unpaired
