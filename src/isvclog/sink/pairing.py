"""Pairs of a request event and its response event.

KServe's logger gives both the same id and the same source, although the specification calls events with both alike
duplicates: only the type tells them apart. A transformer and a predictor have the same source, too.
"""

from collections.abc import Iterator
from typing import TypeAlias

from isvclog.records import NamedTuple
from isvclog.sink.cloudevents.events import SinkEvent

MOST_WAITING = 10_000
"""Events that wait for their other half; above, the oldest is given up, so that memory stays bounded."""

_EXCHANGE = ("source", "id", "namespace", "inferenceservicename", "component")
_OTHER = {"request": "response", "response": "request"}

Key: TypeAlias = tuple[str, ...]


class Waiting(NamedTuple):
    """An event whose other half has not come; `since` is a time in seconds."""

    number: int
    event: SinkEvent
    since: float


class Pairing:
    """The events that wait. Ids that a client uses again pair in the order in which they come."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.pairs = 0
        self._waiting: dict[tuple[Key, str, int], Waiting] = {}
        self._refused: dict[tuple[Key, str], str] = {}
        self._oldest: dict[tuple[Key, str], list[int]] = {}

    def __len__(self) -> int:
        return len(self._waiting)

    def add(self, number: int, event: SinkEvent, now: float) -> int | None:
        """Pair an event; return the number of its other half if that came before."""
        if not event.half:
            return None
        key = _key(event)
        if numbers := self._oldest.get((key, _OTHER[event.half])):
            found = self._take(key, _OTHER[event.half], numbers[0])
            self.pairs += 1
            return found.number
        self._waiting[key, event.half, number] = Waiting(number, _identity(event), now)
        self._oldest.setdefault((key, event.half), []).append(number)
        if len(self._waiting) > MOST_WAITING:
            self._take(*next(iter(self._waiting)))
        return None

    def refuse(self, event: SinkEvent, reason: str) -> None:
        """Remember that this sink refused an event, as the cause of what is missing later."""
        if event.half:
            self._refused[_key(event), event.half] = reason
            if len(self._refused) > MOST_WAITING:
                del self._refused[next(iter(self._refused))]

    def expired(self, now: float) -> Iterator[tuple[Waiting, str, list[str]]]:
        """Take what waited too long: the event, the half that is missing, and why that can be."""
        while self._waiting:
            (key, half, number), waiting = next(iter(self._waiting.items()))
            if now - waiting.since < self.seconds:
                return
            self._take(key, half, number)
            missing = _OTHER[half]
            refused = self._refused.get((key, missing))
            yield waiting, missing, [refused] if refused else _causes(missing, waiting.event)

    def _take(self, key: Key, half: str, number: int) -> Waiting:
        numbers = self._oldest[key, half]
        numbers.remove(number)
        if not numbers:
            del self._oldest[key, half]
        return self._waiting.pop((key, half, number))


def _identity(event: SinkEvent) -> SinkEvent:
    """Keep what names an event, because large bodies and headers would add up while it waits."""
    attributes = {name: event.attributes[name] for name in (*_EXCHANGE, "type") if name in event.attributes}
    return event._replace(attributes=attributes, data=None, request=event.request._replace(headers=(), body=b""))


def _key(event: SinkEvent) -> Key:
    return tuple(map(event.text, _EXCHANGE))


def _causes(missing: str, event: SinkEvent) -> list[str]:
    """List why KServe's logger may not have sent the other half (pkg/logger, all measured)."""
    common = [
        "it still waits in the agent: all five workers may wait for a slow sink, and they have no time-out",
        "the agent dropped it: it sends each event only once, and loses those that wait when the pod stops",
    ]
    if missing == "request":
        return ["the logger's mode is `response`", "the sink was started after the request", *common]
    causes = [
        "the model's status was not 200: only 200 is logged",
        "the logger's mode is `request`",
        "the model is still answering: a stream is logged once, at its end",
    ]
    batched = "with a batcher, KServe logs no responses to paths that end in `:predict`"
    return [*causes[:2], batched, causes[2], *common]
