"""The state of a server that its connections share."""

from collections import Counter
from collections.abc import Callable
from typing import Protocol

from isvclog.httpserver.limits import HttpLimits
from isvclog.httpserver.messages import Handler


class OpenConnection(Protocol):
    """A connection, as the server looks after it."""

    def check(self, now: float) -> None:
        """End the connection if its time is over; `now` is the time of the loop in seconds."""

    def finish(self) -> None:
        """Close the connection as soon as the requests that arrived are answered."""

    def abort(self) -> None:
        """Cut the connection now."""


class ServerState:
    """The handler and the limits of a server, its connections, its counts, and the date as a header field.

    `on_refused` is called with the status and the reason when something is refused that is no complete request.
    """

    def __init__(self, handler: Handler, limits: HttpLimits, on_refused: Callable[[int, str], None]) -> None:
        self.handler, self.limits, self.on_refused = handler, limits, on_refused
        self.connections: set[OpenConnection] = set()
        self.counts: Counter[str] = Counter()
        self.date = b""
        self.on_empty: Callable[[], None] = lambda: None

    def forget(self, connection: OpenConnection) -> None:
        """Forget a connection that ended."""
        self.connections.discard(connection)
        if not self.connections:
            self.on_empty()
