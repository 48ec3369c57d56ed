"""The sink itself: what happens to a request, from its bytes to its answer."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

from isvclog.errors import IsvclogError
from isvclog.httpserver import HttpRequest, HttpResponse
from isvclog.httpserver.messages import Answer
from isvclog.lint.json_text import dumps
from isvclog.records import NamedTuple
from isvclog.sink.cloudevents.decode import decode_request
from isvclog.sink.cloudevents.events import SinkEvent
from isvclog.sink.cloudevents.spec import InvalidEvent, Section
from isvclog.sink.failures import Failures
from isvclog.sink.items import Received, RejectedRequest, SinkItem, Unpaired, Unreadable
from isvclog.sink.pairing import Pairing

_EVENTLESS = frozenset((b"GET", b"HEAD", b"DELETE", b"TRACE"))
_WELCOME = b"This is isvclog sink. Send CloudEvents by POST.\n"
_TEXT = (b"Content-Type", b"text/plain; charset=utf-8")
_PROBLEM = (b"Content-Type", b"application/problem+json")


class Checks(Protocol):
    """Expectations of events."""

    def differences(self, event: SinkEvent) -> Sequence[str]:
        """Compare an event with what is expected; return a sentence for each difference."""

    def is_expected(self, half: str) -> bool:
        """Check whether there can be such events at all: `request` or `response`."""


class EventStore(Protocol):
    """A place where events are kept."""

    def add(self, event: SinkEvent) -> None:
        """EventStore an event."""


class Forwarder(Protocol):
    """A receiver behind the sink."""

    async def send(self, request: HttpRequest) -> tuple[int, str]:
        """Pass a request on; return the status of the answer, and why there is none."""


class SinkSettings(NamedTuple):
    """The tasks of a sink besides showing events. `enough` ends it after so many requests and events."""

    failures: Failures = Failures()
    pair_seconds: float = 10
    checks: Checks | None = None
    store: EventStore | None = None
    forwarder: Forwarder | None = None
    enough: int | None = None


class EventSink:
    """A sink. `report` is called with each item, in order; `counts` has their numbers by kind, `number` all of them."""

    def __init__(self, settings: SinkSettings, report: Callable[[SinkItem], None]) -> None:
        self.settings = settings
        self.counts: Counter[str] = Counter()
        self.pairing = Pairing(settings.pair_seconds)
        self.is_full = asyncio.Event()
        self.failure: IsvclogError | None = None
        self._report = report
        self.number = 0
        self._chance = random.Random()

    def handle(self, request: HttpRequest) -> Answer | Awaitable[Answer]:
        """Answer a request: this is the handler of the server."""
        if request.method == b"OPTIONS":
            return _handshake(request)
        if request.method in _EVENTLESS and not request.header(b"ce-id"):
            return HttpResponse(405, [_TEXT, (b"Allow", b"POST, PUT, PATCH, OPTIONS")], _WELCOME)
        received_ns = time.time_ns()
        if oversized := self.settings.failures.oversized(request):
            return self._in_time(self._reject(request, received_ns, 431, oversized, None))
        try:
            events = decode_request(request, received_ns)
        except InvalidEvent as error:
            return self._in_time(self._reject(request, received_ns, error.status, error.reason, error.section))
        status, refusal = self.settings.failures.answer(self._chance)
        if self.settings.forwarder and not refusal:
            return self._forward(request, events, self.settings.forwarder)
        return self._in_time(self._accept(events, status, refusal))

    @property
    def failed(self) -> bool:
        """True if something came that is invalid, or that is not as expected."""
        return any(self.counts[kind] for kind in ("invalid", "oversized", "unreadable", "different"))

    def expire(self, now: float) -> None:
        """Report events whose other half did not come; `now` is in seconds, as `time.monotonic` counts."""
        for waiting, missing, causes in self.pairing.expired(now):
            if self.settings.checks and not self.settings.checks.is_expected(missing):
                continue
            self.counts[f"missing {missing}"] += 1
            self._report(Unpaired(waiting.number, waiting.event, missing, self.pairing.seconds, causes))

    def _accept(self, events: Sequence[SinkEvent], status: int, refusal: str) -> HttpResponse:
        """Report valid events, and build the answer: `status`, and the reason if the events are refused."""
        now = time.monotonic()
        for event in events:
            number = self._next_number()
            if refusal:
                self.counts["refused"] += 1
                self.pairing.refuse(event, refusal)
                self._report(Received(number, event, status, refusal=refusal))
                continue
            self.counts["accepted"] += 1
            differences = self.settings.checks.differences(event) if self.settings.checks else ()
            self.counts["different"] += bool(differences)
            if self.settings.store:
                try:
                    self.settings.store.add(event)
                except IsvclogError as error:
                    return self._fail(error)
            partner = self.pairing.add(number, event, now)
            self._report(Received(number, event, status, partner, differences=differences))
        return HttpResponse(status, [_TEXT], f"{refusal}\n".encode()) if refusal else HttpResponse(status)

    def refuse(self, status: int, reason: str) -> None:
        """Report what the server refused before it was a request."""
        self.counts["unreadable"] += 1
        self._report(Unreadable(self._next_number(), time.time_ns(), status, reason))

    def _fail(self, error: IsvclogError) -> HttpResponse:
        """End the sink, because it cannot do its job any more."""
        self.failure = error
        self.is_full.set()
        return HttpResponse(500, [_TEXT], b"The event cannot be stored.\n", close=True)

    def _reject(
        self, request: HttpRequest, received_ns: int, status: int, reason: str, section: Section | None
    ) -> HttpResponse:
        """Report a request without a valid event, and build the answer (RFC 9457)."""
        self.counts["invalid" if section else "oversized"] += 1
        self._report(RejectedRequest(self._next_number(), request, received_ns, status, reason, section))
        problem = {
            "type": section.url if section else "about:blank",
            "title": "Invalid CloudEvent" if section else "Request Header Fields Too Large",
            "status": status,
            "detail": f"{reason} ({section.title})." if section else f"{reason}.",
        }
        return HttpResponse(status, [_PROBLEM], f"{dumps(problem)}\n".encode("ascii"))

    async def _forward(self, request: HttpRequest, events: Sequence[SinkEvent], forwarder: Forwarder) -> Answer:
        """Pass the request on first: its sender gets the status of the receiver behind this sink."""
        status, problem = await forwarder.send(request)
        response = self._accept(events, status, problem)
        await asyncio.sleep(self.settings.failures.delay)
        return response

    def _in_time(self, response: HttpResponse) -> Answer | Awaitable[Answer]:
        return _delayed(response, self.settings.failures.delay) if self.settings.failures.delay else response

    def _next_number(self) -> int:
        self.number += 1
        if self.number == self.settings.enough:
            self.is_full.set()
        return self.number


async def _delayed(response: HttpResponse, seconds: float) -> HttpResponse:
    await asyncio.sleep(seconds)
    return response


def _handshake(request: HttpRequest) -> HttpResponse:
    """Allow a sender that asks before it sends (CloudEvents webhooks 1.0.2, section 4)."""
    origin = request.header(b"webhook-request-origin")
    allowed = [(b"WebHook-Allowed-Origin", origin), (b"WebHook-Allowed-Rate", b"*")] if origin else []
    return HttpResponse(200, [(b"Allow", b"POST"), *allowed])
