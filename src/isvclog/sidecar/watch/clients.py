"""Limits for clients: how long they may take, and how many connections there are.

A look at all connections now and then costs less than timers: nothing happens for a request.
"""

import asyncio
import select
from collections import Counter
from collections.abc import Callable, Iterator, MutableSet
from typing import NamedTuple

from isvclog.sidecar.counters import Counters
from isvclog.sidecar.proxy import Connection

HEAD, BODY, IDLE, READS = "head", "body", "idle", "reads"
"""What a connection can be waiting for (`progress` of its class); each has a limit."""
_OTHER_FILES = 128
_LOOKS = 5
_LONGEST_PAUSE = 5.0
_SHARE = 20
"""Of this many connections, one is closed when there are too many: a look for each one would take too long."""
EVICTED, REFUSED = "evicted", "refused"


class ClientLimits(NamedTuple):
    """The limits for clients, None for none; times are in seconds.

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

    A client that is being answered takes two: one is for the model.
    """
    most = (files - _OTHER_FILES) // 2
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
        self, limits: ClientLimits, clients: MutableSet[Connection], counters: Counters, report: Callable[[str], None]
    ) -> None:
        self.limits = limits
        self._clients = clients
        self._counters = counters
        self._report = report
        self._seen: dict[Connection, _Seen] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._crowded = False

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
        seen: dict[Connection, _Seen] = {}
        closed: Counter[str] = Counter()
        for client in list(self._clients):
            before = self._seen.get(client)
            seen[client] = entry = _look(client, before, now)
            limit = self.limits.seconds(entry.phase)
            if limit is not None and now - entry.since >= limit:
                closed[entry.phase] += 1
                self._close(client)
        self._seen = seen
        self._crowded = self._crowded and len(self._clients) == self.limits.connections
        self._counters.closed += closed
        for phase, count in closed.items():
            self._report(f"disconnected {count:,} {_clients(count)} that {self.limits.describe(phase)}")

    def make_room(self, newcomer: Connection) -> None:
        """Close the connections that have been idle longest, as there are too many, or else refuse the new one."""
        evicted = self._evict(newcomer)
        if not evicted:
            newcomer.refuse()
            self._clients.discard(newcomer)
        if not self._crowded:
            self._crowded = True
            how = "those that have been idle longest are closed" if evicted else "all are busy: new ones are refused"
            self._report(f"{self.limits.connections:,} connections are open, the limit of --bounded; {how}")
        self._counters.closed[EVICTED if evicted else REFUSED] += evicted or 1

    def _evict(self, newcomer: Connection) -> int:
        now = asyncio.get_running_loop().time()
        looked = ((client, _look(client, self._seen.get(client), now)) for client in self._clients)
        idle = [
            (seen.since, client) for client, seen in looked if seen.phase in (IDLE, HEAD) and client is not newcomer
        ]
        idle.sort(key=lambda item: item[0])
        count = max(1, len(self._clients) // _SHARE)
        for _, client in idle[:count]:
            self._close(client)
        return len(idle[:count])

    def _close(self, client: Connection) -> None:
        self._clients.discard(client)  # which it does itself only when the loop comes to it
        client.abort()


class LimitedClients(MutableSet[Connection]):
    """The open connections, the oldest first, which are never more than `most`: another one calls `make_room`."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._clients: dict[Connection, None] = {}
        self.make_room: Callable[[Connection], None] | None = None

    def __contains__(self, client: object) -> bool:
        return client in self._clients

    def __iter__(self) -> Iterator[Connection]:
        return iter(self._clients)

    def __len__(self) -> int:
        return len(self._clients)

    def add(self, client: Connection) -> None:
        """Add a connection."""
        self._clients[client] = None
        if len(self._clients) > self._most and self.make_room is not None:
            self.make_room(client)

    def discard(self, client: Connection) -> None:
        """Forget a connection."""
        self._clients.pop(client, None)


def _silent(clients: list[Connection]) -> Iterator[Connection]:
    """Yield the connections on which nothing has arrived that was not read yet, such as a request."""
    poll = select.poll()
    clients = [client for client in clients if client.fileno() >= 0]
    for client in clients:
        poll.register(client.fileno(), select.POLLIN)
    readable = {descriptor for descriptor, _ in poll.poll(0)}
    return (client for client in clients if client.fileno() not in readable)


def _look(client: Connection, before: _Seen | None, now: float) -> _Seen:
    phase, request, number = client.progress()
    if before is not None and before.phase == phase and before.request is request and before.number == number:
        return before
    return _Seen(phase, request, number, now)


def _clients(count: int) -> str:
    return "client" if count == 1 else "clients"
