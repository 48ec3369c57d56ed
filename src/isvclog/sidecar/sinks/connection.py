"""Connections to the sink of a log URL, or to another address in its place, and the answers that come back."""

import asyncio
import socket
from asyncio.trsock import TransportSocket
from collections.abc import Callable
from functools import cached_property
from typing import Protocol, cast

import httptools

from isvclog.httpserver import Address
from isvclog.kserve.agent.settings import AgentSettings
from isvclog.kserve.golang.httpclient import outgoing
from isvclog.kserve.golang.net import split_host_port
from isvclog.kserve.golang.redirect import is_redirect
from isvclog.kserve.golang.url import URL
from isvclog.kserve.logger.sender import sink_target
from isvclog.kserve.logger.tls import CA_DIR
from isvclog.records import NamedTuple
from isvclog.redact.gate import SecretRedaction
from isvclog.sidecar.messages import write_message
from isvclog.sidecar.sinks.network_errors import connect_error, read_error
from isvclog.sidecar.sinks.trust import Trust, Verification, system_roots

_DIAL_SECONDS, _HANDSHAKE_SECONDS = 30, 10
"""The limits of Go's default transport; a transport that the agent makes for its CA file has none."""
_NO_LIMIT = 24 * 3600
_MOST_HEADER = 10 << 20
"""Go's own limit for the header of an answer, in bytes."""
_MOST_BODY = 64 << 10
"""The size in bytes up to which the body of an answer is read, so that its connection can be used again."""


class SinkOptions(NamedTuple):
    """A replacement for the sink of the log URL, and the place of its CA file.

    Connections go to the address `instead`, if there is one. `tls` says whether they speak TLS, None for as the log URL
    says; what is verified is always the host of the log URL. `ca_dir` is the folder of the CA file.
    """

    instead: Address | None = None
    tls: bool | None = None
    ca_dir: str = CA_DIR


class SendError(Exception):
    """No connection was made; the message is Go's."""


class EventSender(Protocol):
    """The side that sends over a connection and takes the answer."""

    def answered(self, status: int, head: bytes) -> None:
        """Take the status of the answer; `head` starts with its header."""

    def fail(self, reason: str) -> None:
        """Take that there is no answer."""


class LogSink:
    """The sink of a log URL, with what it takes to connect to it."""

    def __init__(self, settings: AgentSettings, options: SinkOptions, report: Callable[[str], None]) -> None:
        self._settings = settings
        self._options = options
        self._is_https = settings.url.scheme == "https"
        has_tls = self._is_https if options.tls is None else options.tls
        self.trust = Trust(settings, options.ca_dir, report) if has_tls else None

    @cached_property
    def url(self) -> URL:
        """The URL to which the SDK sends; raises Undeliverable, as encoding an event does, if there is none."""
        return sink_target(self._settings.url)

    async def connect(self, url: URL, sender: EventSender) -> "SinkConnection":
        """Connect to the sink, or to where it redirects. Raises SendError, or Undeliverable if the CA file is empty."""
        address = outgoing(url, {}).address
        is_sink = address == outgoing(self.url, {}).address
        host, port = self._dialed(address, is_sink)
        verification = self._verification(url, is_sink)
        name = url.hostname().strip("[]")
        has_limits = verification is None or verification.kept_seconds is None
        try:
            async with asyncio.timeout(_DIAL_SECONDS if has_limits else None):
                _, connection = await asyncio.get_running_loop().create_connection(
                    lambda: SinkConnection(sender, name, verification),
                    host,
                    port,
                    ssl=verification.context if verification else None,
                    server_hostname=split_address(address)[0] if verification else None,
                    ssl_handshake_timeout=(_HANDSHAKE_SECONDS if has_limits else _NO_LIMIT) if verification else None,
                )
        except (OSError, UnicodeError, asyncio.IncompleteReadError) as error:
            raise SendError(connect_error(error, address, name)) from None
        return connection

    def _dialed(self, address: str, is_sink: bool) -> tuple[str, int]:
        return self._options.instead if is_sink and self._options.instead else split_address(address)

    def _verification(self, url: URL, is_sink: bool) -> Verification | None:
        if is_sink:
            return self.trust.verification() if self.trust else None
        if url.scheme != "https":
            return None
        # The client that the agent made for the log URL follows the redirect as well.
        return self.trust.verification() if self.trust and self._is_https else system_roots()


def split_address(address: str) -> tuple[str, int]:
    """Split an address that Go dials; one without a host is this machine."""
    split = split_host_port(address)
    assert split is not None, "an address that Go can dial has a port"
    return split[0] or "127.0.0.1", int(split[1])


def shown_url(url: URL) -> str:
    """Write a URL for a message, without its secrets."""
    return SecretRedaction().value("url", url.string())


class SinkConnection(asyncio.Protocol):
    """One connection to a sink. It is `usable` for another event while both sides keep it open."""

    __slots__ = (
        "_complete", "_head", "_host", "_kept_until", "_last", "_parser", "_received", "_sender", "_sending",
        "_status", "_transport", "usable", "verification",
    )  # fmt: skip

    def __init__(self, sender: EventSender, host: str, verification: Verification | None) -> None:
        self._sender = sender
        self._host = host
        self._parser = httptools.HttpResponseParser(self)
        self._sending = self._complete = False
        self._head = b""
        self._status = self._received = 0
        self._last = b"", 0
        self.usable = False
        self.verification = verification
        seconds = verification.kept_seconds if verification else None
        self._kept_until = None if seconds is None else asyncio.get_running_loop().time() + seconds

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self._transport = cast("asyncio.Transport", transport)
        keep_alive(transport.get_extra_info("socket"))
        self.usable = True

    def is_verified(self, verification: Verification) -> bool:
        """Check whether the certificate of this connection was verified in this way, and not long ago."""
        now = asyncio.get_running_loop().time()
        return verification is self.verification and (self._kept_until is None or now < self._kept_until)

    def send(self, head: bytes, body: bytes) -> None:
        """Send one request."""
        self._sending = True
        self._status = self._received = 0
        write_message(self._transport, head, body)

    def abort(self) -> None:
        """Close at once."""
        self._sending = self.usable = False
        self._transport.abort()

    def data_received(self, data: bytes) -> None:
        """Take a part of the answer."""
        if not self._sending:  # nothing was asked
            self.abort()
            return
        last, status = self._last
        if data == last and not self._received:  # most answers are like the one before
            self._sending = False
            self._sender.answered(status, data)
            return
        self._head = data if not self._received else self._head + data if not self._status else self._head
        self._received += len(data)
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            self._answer()
        except httptools.HttpParserError as error:
            self._end(f"net/http: HTTP/1.x transport connection broken: malformed HTTP response: {error}")
        else:
            if self._complete:
                self._take_answer()
            else:
                self._wait_for_more()

    def on_headers_complete(self) -> None:
        """Keep the status."""
        if self._complete:
            self.usable = False  # an answer that nobody asked for
        else:
            self._status = self._parser.get_status_code()

    def on_message_complete(self) -> None:
        """Take the end of an answer, or of one with a status from 100 to 199, which announces another one."""
        if self._status >= 200:
            self._complete = True
            self.usable = self.usable and self._parser.should_keep_alive()
        elif self._status != 101:
            self._status = 0

    def _take_answer(self) -> None:
        self._sending = self._complete = False
        if not self.usable:
            self._transport.close()
        elif self._received == len(self._head):
            self._last = self._head, self._status
        self._sender.answered(self._status, self._head)

    def _wait_for_more(self) -> None:
        """Give up the rest of an answer that the agent does not read either, or that is too long."""
        status = self._status
        if status < 200:
            if self._received > _MOST_HEADER:
                self._end(f"net/http: server response headers exceeded {_MOST_HEADER} bytes; aborted")
        elif status < 300 or is_redirect(status) or self._received > _MOST_BODY + len(self._head):
            self._answer()

    def _answer(self) -> None:
        """Report the status of an answer whose body is not read to its end; the connection cannot be used again."""
        self.abort()
        self._sender.answered(self._status, self._head)

    def connection_lost(self, error: Exception | None) -> None:
        """Report a connection that ends before its answer."""
        if self._sending and self._status >= 200:
            self._answer()
        else:
            self._end(read_error(error, self._host))

    def _end(self, reason: str) -> None:
        self.usable = False
        self._transport.abort()
        if self._sending:
            self._sending = False
            self._sender.fail(reason)


def keep_alive(made: socket.socket | TransportSocket | None) -> None:
    """Let TCP find out that the other side is gone, as Go does: after two to three minutes of silence."""
    if made is None or made.family == socket.AF_UNIX:
        return
    made.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in (("TCP_KEEPIDLE", 15), ("TCP_KEEPINTVL", 15), ("TCP_KEEPCNT", 9)):
        if hasattr(socket, name):
            made.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)
