"""A server: it listens, looks after its connections once a second, and ends."""

import asyncio
import errno
import socket
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress

from isvclog.errors import IsvclogError
from isvclog.httpserver.address import Address, is_local_name
from isvclog.httpserver.connection import HttpConnection
from isvclog.httpserver.limits import HttpLimits
from isvclog.httpserver.messages import Handler, HttpRequest
from isvclog.httpserver.state import ServerState

_SWEEP_SECONDS = 1.0
_BACKLOG = 1_024
_DAYS = "Mon Tue Wed Thu Fri Sat Sun".split()
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


class HttpServer:
    """A server of one handler.

    `counts` counts what clients did wrong and what was done about it: connections refused because there are too many,
    requests that were malformed, too large or too slow, and clients that did not read. `on_refused` is called with the
    status and the reason of each refusal.
    """

    def __init__(
        self,
        handler: Handler,
        limits: HttpLimits | None = None,
        on_refused: Callable[[int, str], None] = lambda status, reason: None,
    ) -> None:
        self._state = ServerState(handler, limits or HttpLimits(), on_refused)
        self.address = Address("", 0)
        self._server: asyncio.Server | None = None
        self._sweep: asyncio.TimerHandle | None = None

    @property
    def counts(self) -> Counter[str]:
        """The numbers of refused and slow clients, by reason."""
        return self._state.counts

    async def start(self, address: Address) -> Address:
        """Listen, and return the address with the port that was taken.

        Raises IsvclogError if the address is in use, not this machine's, or not permitted.
        """
        loop = asyncio.get_running_loop()
        try:
            self._server = await loop.create_server(
                lambda: HttpConnection(self._state, loop), address.host, address.port, backlog=_BACKLOG
            )
        except OSError as error:
            raise IsvclogError(f"cannot listen on {address}: {explain_listen_error(error)}.") from None
        self.address = address._replace(port=self._server.sockets[0].getsockname()[1])
        self._look_after(loop)
        return self.address

    async def close(self, grace: float = 5) -> None:
        """Stop listening, let requests finish for `grace` seconds, and cut what is left."""
        if self._server:
            self._server.close()
        connections = self._state.connections
        for connection in list(connections):
            connection.finish()
        if connections:
            empty = asyncio.Event()
            self._state.on_empty = empty.set
            with suppress(TimeoutError):
                await asyncio.wait_for(empty.wait(), grace)
        for connection in list(connections):
            connection.abort()
        if self._sweep:
            self._sweep.cancel()

    def is_for_us(self, request: HttpRequest) -> bool:
        """Check the Host header of a request against DNS rebinding, for what a browser may show."""
        return is_local_name(request.header(b"host"), self.address)

    def _look_after(self, loop: asyncio.AbstractEventLoop) -> None:
        """End the connections that are out of time. One timer for all costs a request nothing."""
        self._state.date = _date_field()
        now = loop.time()
        for connection in list(self._state.connections):
            connection.check(now)
        self._sweep = loop.call_later(_SWEEP_SECONDS, self._look_after, loop)


def explain_listen_error(error: OSError) -> str:
    """Explain why an address cannot be listened on, and what to do."""
    if error.errno == errno.EADDRINUSE:
        return "another program listens there; stop it, or choose another port (0 means any free port)"
    if error.errno == errno.EACCES:
        return "ports below 1024 need special permission; choose a higher one"
    # Since Python 3.13, asyncio raises an error without a number if it could bind no address.
    if error.errno in (errno.EADDRNOTAVAIL, None) or isinstance(error, socket.gaierror):
        return "this machine has no such address; 127.0.0.1 is its loopback address"
    return f"{error.strerror or error}; choose another address"


def _date_field() -> bytes:
    now = time.gmtime()
    day = f"{_DAYS[now.tm_wday]}, {now.tm_mday:02} {_MONTHS[now.tm_mon - 1]} {now.tm_year}"
    return f"Date: {day} {now.tm_hour:02}:{now.tm_min:02}:{now.tm_sec:02} GMT\r\n".encode("ascii")
