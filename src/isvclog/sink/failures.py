"""Failures to try out: what a sink answers when it is slow, broken, or does not accept large headers."""

import random

from isvclog.httpserver import HttpRequest
from isvclog.records import NamedTuple


class Failures(NamedTuple):
    """The failures of a sink.

    `rate` is the share of requests, from 0 to 1, that are answered with `status` (503), None for all of them if there
    is a status. `delay` is the time in seconds before an answer. `header_bytes` is the largest header accepted, by
    `kind` of sink ("nginx").
    """

    rate: float | None = None
    status: int | None = None
    delay: float = 0
    header_bytes: int | None = None
    kind: str = ""

    def answer(self, chance: random.Random) -> tuple[int, str]:
        """Choose the status for a valid event; return it with the reason, which is empty if the event is accepted."""
        if self.rate is None and self.status is None:
            return 200, ""
        if self.rate is not None and chance.random() >= self.rate:
            return 200, ""
        status = self.status or 503
        option = "--fail-rate" if self.rate is not None else "--status"
        return status, "" if 200 <= status < 300 else f"this sink refused it with status {status} because of {option}"

    def oversized(self, request: HttpRequest) -> str:
        """Describe what is too large about the headers of a request; empty if nothing is.

        Servers limit one line or all headers; the largest line is compared, and all of them for kinds that add them up.
        """
        if self.header_bytes is None:
            return ""
        sizes = [(len(key) + len(value) + 4, key) for key, value in request.headers]
        size, name = max(sizes, default=(0, b""))
        total = sum(size for size, _ in sizes)
        who = f"{self.kind} accepts" if self.kind else "this sink accepts"
        limit = f"more than the {self.header_bytes:,} that {who}"
        if size > self.header_bytes:
            return f"the header {name.decode('ascii')} has {size:,} bytes, {limit}; KServe's agent loses such an event"
        if total > self.header_bytes and self.kind in _IN_ALL:
            return f"the headers have {total:,} bytes in all, {limit}; KServe's agent loses such an event"
        return ""


_IN_ALL = frozenset(("tomcat", "node", "uvicorn", "quarkus", "istio", "knative"))
