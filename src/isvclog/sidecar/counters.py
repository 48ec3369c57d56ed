"""Counts of the sidecar. They are plain integers: an event costs four additions, and one thread needs no lock."""

from collections import Counter

from isvclog.kserve.logger.events import REQUEST, RESPONSE

TYPES = {REQUEST: "request", RESPONSE: "response"}
SENT, REJECTED, FAILED, UNDELIVERABLE, DROPPED = "sent", "rejected", "failed", "undeliverable", "dropped"
OUTCOMES = (SENT, REJECTED, FAILED, UNDELIVERABLE, DROPPED)
"""The outcomes of an event: the sink answered with 2xx, with another status, or not at all; the agent's client refuses
to send it; a limit of `--bounded` dropped it."""


class Counters:
    """Counts of one sidecar.

    `events` counts by event type and outcome, `due` by event type, `drops` those dropped by event type and limit.
    `closed` counts the connections of clients that were closed, by reason. `encoded` is the number
    of events that were encoded with their metadata, and `encoding_ns` the time that it took.
    """

    __slots__ = ("closed", "drops", "due", "encoded", "encoding_ns", "events", "exchanges", "retries")

    def __init__(self) -> None:
        self.exchanges = 0
        self.retries = 0
        self.encoded = 0
        self.encoding_ns = 0
        self.due: Counter[str] = Counter()
        self.events: Counter[tuple[str, str]] = Counter()
        self.drops: Counter[tuple[str, str]] = Counter()
        self.closed: Counter[str] = Counter()
