"""The limits that keep a server's memory and connections bounded, whatever clients do."""

from isvclog.records import NamedTuple


class HttpLimits(NamedTuple):
    """Limits of a server: bytes, connections and seconds.

    A request must arrive within `receive_seconds`, and a second more for each `least_rate` bytes received, so that
    large bodies have time and slow-loris clients have none. A client that reads nothing of its answer for
    `stall_seconds` is disconnected, and a connection without a request after `idle_seconds`.
    """

    header_bytes: int = 1 << 20
    """Request line and headers together; Go's default."""
    body_bytes: int = 64 << 20
    connections: int = 1_000
    pipelined: int = 16
    """Requests of one connection that wait for an earlier answer; reading pauses above."""
    idle_seconds: float = 120
    """Longer than the 90 s for which clients in Go, such as KServe's agent, keep an idle connection: if the server
    ended it first, a request that is just being sent would be lost."""
    receive_seconds: float = 20
    least_rate: int = 1_024
    stall_seconds: float = 20
    linger_seconds: float = 2
    """Time to discard what a client still sends after a refused request: closing at once would lose the answer."""
