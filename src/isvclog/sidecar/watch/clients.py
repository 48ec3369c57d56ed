"""Limits for clients: how long they may take, and how many connections there are.

A look at all connections now and then costs less than timers: nothing happens for a request.
"""

import asyncio
import selectors
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, MutableSet
from typing import Protocol, TypeVar

from isvclog.records import NamedTuple
from isvclog.sidecar.counters import Counters
from isvclog.sidecar.proxy import SidecarClient

HEAD, BODY, IDLE, READS = "head", "body", "idle", "reads"
"""The phases of a connection, as its `progress` returns them; each has a limit."""
YOUNG = 1.0
"""The age in seconds below which a connection is not closed as idle."""
_OTHER_FILES = 128
_LOOKS = 5
_LONGEST_PAUSE = 5.0
_SHARE = 20
"""Of this many connections, one is closed when there are too many: a look for each one would take too long."""
EVICTED, REFUSED = "evicted", "refused"
_Selector = getattr(
    selectors, "PollSelector", selectors.SelectSelector
)  # without a file of its own; Windows has no poll


class HasDescriptor(Protocol):
    """An open connection."""

    def fileno(self) -> int:
        """Return the file descriptor."""


Reachable = TypeVar("Reachable", bound=HasDescriptor)


class ClientLimits(NamedTuple):
    """The limits for clients, None for none; times are in seconds.

    With more than so many `connections` idle ones are closed, and with twice as many new ones are refused.
    `header_seconds` is for a whole header, from its first byte or from the beginning of the connection; the default is
    that of the agent (knative.dev/pkg/network.NewServer). `stall_seconds` is for a client that sends nothing more of a
    body, or reads nothing of its answer. `idle_seconds` is for connections between requests.
    """

    connections: int | None = None
    header_seconds: float | None = 60
    idle_seconds: float | None = None
    stall_seconds: float | None = None

    def seconds(self, phase: str) -> float | None:
        """Return how long a connection may wait for something."""
        if phase == HEAD:
            return self.header_seconds
        return self.idle_seconds if phase == IDLE else self.stall_seconds if phase in (BODY, READS) else None

    def describe(self, phase: str) -> str:
        """Say what a client did that was disconnected."""
        what = {
            HEAD: "sent no complete header within",
            IDLE: "sent no request for",
            BODY: "sent nothing more of a request for",
            READS: "read nothing of an answer for",
        }
        return f"{what[phase]} {self.seconds(phase):g} s"


BOUNDED_CLIENTS = ClientLimits(connections=2_000, header_seconds=10, idle_seconds=75, stall_seconds=20)
"""The limits of `--bounded`."""


def fitting(limits: ClientLimits, files: int) -> ClientLimits:
    """Lower the number of connections to what a process can have that may open so many files.

    A client that is being answered takes two, one of them for the model, and for a while there are twice as many.
    """
    most = (files - _OTHER_FILES) // 4
    if limits.connections is None or limits.connections <= most:
        return limits
    return limits._replace(connections=max(1, most))


class _Seen(NamedTuple):
    phase: str
    request: object
    number: int
    since: float


class ClientWatch:
    """Closes connections that exceed a limit. `clients` are those that are open."""

    def __init__(
        self,
        limits: ClientLimits,
        clients: MutableSet[SidecarClient],
        counters: Counters,
        report: Callable[[str], None],
    ) -> None:
        self.limits = limits
        self._clients = clients
        self._counters = counters
        self._report = report
        self._seen: dict[SidecarClient, _Seen] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._crowded = False
        self._next_eviction = 0.0

    def start(self) -> None:
        """Begin to look at the connections."""
        shortest = min((limit for limit in self.limits[1:] if limit is not None), default=None)
        if shortest is not None:
            pause = min(shortest / _LOOKS, _LONGEST_PAUSE)
            self._timer = asyncio.get_running_loop().call_later(pause, self._look_again)

    def stop(self) -> None:
        """Stop looking."""
        if self._timer is not None:
            self._timer.cancel()

    def _look_again(self) -> None:
        self.look()
        self.start()

    def look(self) -> None:
        """Look at all connections, and close those that wait for too long."""
        now = asyncio.get_running_loop().time()
        seen: dict[SidecarClient, _Seen] = {}
        closed: Counter[str] = Counter()
        for client in list(self._clients):
            before = self._seen.get(client)
            seen[client] = entry = _look(client, before, now)
            limit = self.limits.seconds(entry.phase)
            if limit is not None and now - entry.since >= limit:
                closed[entry.phase] += 1
                self._close(client)
        self._seen = seen
        self._crowded = self._crowded and len(self._clients) >= (self.limits.connections or 0)
        self._counters.closed += closed
        for phase, count in closed.items():
            self._report(f"disconnected {count:,} {_clients(count)} that {self.limits.describe(phase)}")

    def make_room(self, newcomer: SidecarClient) -> None:
        """Close connections that have been idle for long, as there are too many, or else refuse the new one.

        A young connection is about to send its request: it is let be until there are twice as many as there may be.
        """
        most = self.limits.connections
        assert most is not None
        evicted = self._evict()
        if evicted:
            self._tell_crowded("those that have been idle longest are closed")
            self._counters.closed[EVICTED] += evicted
        elif len(self._clients) > 2 * most:
            self._tell_crowded("none is idle: new ones are refused")
            self._counters.closed[REFUSED] += 1
            newcomer.refuse()
            self._clients.discard(newcomer)

    def _tell_crowded(self, consequence: str) -> None:
        if not self._crowded:
            self._crowded = True
            self._report(f"more than {self.limits.connections:,} connections, the limit of --bounded: {consequence}")

    def _evict(self) -> int:
        now = asyncio.get_running_loop().time()
        if now < self._next_eviction:
            return 0
        self.look()
        idle = [
            client for client, seen in self._seen.items() if seen.phase in (IDLE, HEAD) and now - seen.since >= YOUNG
        ]
        idle.sort(key=lambda client: self._seen[client].since)
        evicted = silent(idle)[: max(1, len(self._clients) // _SHARE)]
        for client in evicted:
            self._close(client)
        if not evicted:
            self._next_eviction = now + YOUNG / 2  # a look at thousands for each new one would take all the time
        return len(evicted)

    def _close(self, client: SidecarClient) -> None:
        self._clients.discard(client)  # which it does itself only when the loop comes to it
        client.abort()


class LimitedClients(MutableSet[SidecarClient]):
    """The open connections, the oldest first; each one more than `most` calls `make_room`."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._clients: dict[SidecarClient, None] = {}
        self.make_room: Callable[[SidecarClient], None] | None = None

    def __contains__(self, client: object) -> bool:
        return client in self._clients

    def __iter__(self) -> Iterator[SidecarClient]:
        return iter(self._clients)

    def __len__(self) -> int:
        return len(self._clients)

    def add(self, client: SidecarClient) -> None:
        """Add a connection."""
        self._clients[client] = None
        if len(self._clients) > self._most and self.make_room is not None:
            self.make_room(client)

    def discard(self, client: SidecarClient) -> None:
        """Forget a connection."""
        self._clients.pop(client, None)


def silent(clients: Iterable[Reachable]) -> list[Reachable]:
    """List the connections on which nothing has arrived that was not read yet, such as a request."""
    selector = _Selector()
    clients = [client for client in clients if client.fileno() >= 0]
    for client in clients:
        selector.register(client.fileno(), selectors.EVENT_READ)
    readable = {key.fd for key, _ in selector.select(0)}
    return [client for client in clients if client.fileno() not in readable]


def _look(client: SidecarClient, before: _Seen | None, now: float) -> _Seen:
    phase, request, number = client.progress()
    if before is not None and before.phase == phase and before.request is request and before.number == number:
        return before
    return _Seen(phase, request, number, now)


def _clients(count: int) -> str:
    return "client" if count == 1 else "clients"
