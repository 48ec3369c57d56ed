"""The common part of both ends of HTTP/2: bytes in and out, and bodies within the windows of flow control."""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Any, cast

from h2 import events
from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.errors import ErrorCodes
from h2.exceptions import FrameTooLargeError, ProtocolError
from h2.settings import SettingCodes, Settings

from isvclog.kserve.golang.httpserver import MAX_HEADER_BYTES
from isvclog.sidecar.answers import Fields
from isvclog.sidecar.http2.goaway import GoawayFilter

STREAM_WINDOW = 1 << 20
"""The receive window of a stream, in bytes: the default of Go's server."""
_DEFAULT_WINDOW = 65_535
_MAX_HEADER_LIST = MAX_HEADER_BYTES + 320
_MAX_UNREAD = 10_000
"""Frames from a peer that reads none of the answers to them (Go's `maxQueuedControlFrames`)."""


class Outbound:
    """The part of a message that is still to be sent on one stream."""

    __slots__ = ("chunks", "ended", "size", "trailers")

    def __init__(self) -> None:
        self.chunks: deque[memoryview] = deque()
        self.size = 0
        self.ended = False
        self.trailers: Fields = []


class Http2Connection(asyncio.Protocol):
    """One connection. Subclasses name the methods that take events, by the class of the event."""

    def __init__(self, settings: dict[SettingCodes, int], *, to_model: bool, window: int) -> None:
        self.h2 = H2Connection(
            H2Configuration(
                client_side=to_model,
                header_encoding=None,
                # Fields are checked as Go does it, which ends one stream and not the connection.
                validate_inbound_headers=False,
                normalize_inbound_headers=False,
                validate_outbound_headers=False,
                normalize_outbound_headers=False,
            )
        )
        common = {SettingCodes.INITIAL_WINDOW_SIZE: STREAM_WINDOW, SettingCodes.MAX_HEADER_LIST_SIZE: _MAX_HEADER_LIST}
        self.h2.local_settings = Settings(client=to_model, initial_values=common | settings)
        self.h2.decoder.max_header_list_size = _MAX_HEADER_LIST
        self._window = window
        self._filter = GoawayFilter()
        self._outbound: dict[int, Outbound] = {}
        self._unread = 0
        self.writing_paused = False
        self._handlers: dict[type[events.Event], Callable[[Any], None]] = {
            events.WindowUpdated: self._window_updated,
            events.RemoteSettingsChanged: self._settings_changed,
        }

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport, and send the settings."""
        self.transport = cast("asyncio.Transport", transport)
        self.h2.initiate_connection()
        self.h2.increment_flow_control_window(self._window - _DEFAULT_WINDOW)
        self.write()

    def data_received(self, data: bytes) -> None:
        """Take frames."""
        try:
            frames, last_streams = self._filter.feed(data)
        except FrameTooLargeError as error:
            self.end(str(error), ErrorCodes.FRAME_SIZE_ERROR)
            return
        try:
            arrived = self.h2.receive_data(frames)
        except ProtocolError as error:
            self.end(str(error))
            return
        if self.writing_paused:
            self._unread += len(arrived)
            if self._unread > _MAX_UNREAD:
                self.end("the peer reads no answers", ErrorCodes.ENHANCE_YOUR_CALM)
                return
        for event in arrived:
            handler = self._handlers.get(type(event))
            if handler is not None and not self.transport.is_closing():
                handler(event)
        for last_stream in last_streams:
            self.peer_leaves(last_stream)
        self.write()

    def peer_leaves(self, last_stream: int) -> None:
        """Take that the peer serves no stream after this one."""

    def end(self, reason: str, code: ErrorCodes | None = None) -> None:
        """Close the connection because of an error, and tell the peer the code; without one, h2 has told it."""
        if code is not None:
            self.h2.close_connection(code)
        self.write()
        self.transport.close()
        self.ended(reason)

    def ended(self, reason: str) -> None:
        """Take that no stream goes on."""

    def write(self) -> None:
        """Send what h2 has ready."""
        data = self.h2.data_to_send()
        if data and not self.transport.is_closing():
            self.transport.write(data)

    def pause_writing(self) -> None:
        """Take that the peer reads slowly."""
        self.writing_paused = True

    def resume_writing(self) -> None:
        """Take that the peer has read."""
        self.writing_paused = False
        self._unread = 0

    # Bodies

    def send_body(self, stream: int, data: bytes) -> None:
        """Send a part of a body, as soon as the peer's windows allow it."""
        outbound = self._outbound.setdefault(stream, Outbound())
        outbound.chunks.append(memoryview(data))
        outbound.size += len(data)
        self._send_allowed(stream, outbound)

    def end_body(self, stream: int, trailers: Fields) -> None:
        """End a stream with these trailers after what is still to be sent."""
        outbound = self._outbound.setdefault(stream, Outbound())
        outbound.ended, outbound.trailers = True, trailers
        self._send_allowed(stream, outbound)

    def unsent(self, stream: int) -> int:
        """Return how many bytes of a body wait for the peer."""
        outbound = self._outbound.get(stream)
        return outbound.size if outbound is not None else 0

    def forget(self, stream: int) -> None:
        """Send nothing more on a stream."""
        self._outbound.pop(stream, None)

    def _send_allowed(self, stream: int, outbound: Outbound) -> None:
        chunks = outbound.chunks
        while chunks:
            allowed = min(self.h2.local_flow_control_window(stream), self.h2.max_outbound_frame_size)
            if allowed <= 0:
                return
            chunk = chunks.popleft()
            if len(chunk) > allowed:
                chunks.appendleft(chunk[allowed:])
                chunk = chunk[:allowed]
            outbound.size -= len(chunk)
            last = outbound.ended and not chunks and not outbound.trailers
            self.h2.send_data(stream, chunk.tobytes(), end_stream=last)
            if last:
                del self._outbound[stream]
                return
        if outbound.ended:
            del self._outbound[stream]
            if outbound.trailers:
                self.h2.send_headers(stream, outbound.trailers, end_stream=True)
            else:
                self.h2.end_stream(stream)

    def _window_updated(self, event: events.WindowUpdated) -> None:
        if event.stream_id:
            streams = [event.stream_id] if event.stream_id in self._outbound else []
        else:
            streams = list(self._outbound)
        self._send_more(streams)

    def _settings_changed(self, _: events.RemoteSettingsChanged) -> None:
        self._send_more(list(self._outbound))

    def _send_more(self, streams: list[int]) -> None:
        for stream in streams:
            self._send_allowed(stream, self._outbound[stream])
            self.sent_more(stream)

    def sent_more(self, stream: int) -> None:
        """Take that the peer has made room for a stream."""
