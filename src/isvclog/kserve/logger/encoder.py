"""The bytes of the events of one agent: what all of them have in common is encoded once.

The event itself is defined by `build_event`. The encoder makes a template of an event of it, with a place for each
value that differs from one to the next.
"""

import re
from contextlib import suppress
from functools import lru_cache

from isvclog.kserve.agent.settings import AgentSettings
from isvclog.kserve.golang import json as gojson
from isvclog.kserve.golang.http import valid_header_value
from isvclog.kserve.golang.mime import MimeError, parse_media_type
from isvclog.kserve.golang.strings import to_bytes
from isvclog.kserve.golang.time import format_rfc3339_nano
from isvclog.kserve.logger.events import REQUEST, RESPONSE, LogRequest, build_event
from isvclog.kserve.logger.sender import Undeliverable

_PLAIN = re.compile(r"[!-~](?:[ -~]*[!-~])?").fullmatch
_PLACES = {
    # In wire order. The line of a content type is left out if there is none.
    "Content-Length": b"Content-Length: %d\r\n",
    "Ce-Id": b"Ce-Id: %b\r\n",
    "Ce-Metadata": b"Ce-Metadata: %b\r\n",
    "Ce-Recordedtime": b"Ce-Recordedtime: %b\r\n",
    "Ce-Time": b"Ce-Time: %b\r\n",
    "Content-Type": b"%b",
}


class EventEncoder:
    """Encodes the events of one agent."""

    __slots__ = ("_templates", "settings")

    def __init__(self, settings: AgentSettings) -> None:
        self.settings = settings
        self._templates: dict[str, bytes] = {}
        """A template for each event type; none if the agent is too old for the places, or cannot send any event."""
        if settings.release.has("recordedtime") and settings.release.has("metadataHeaders"):
            with suppress(Undeliverable):  # `build_event` says why, for each event
                self._templates = {event_type: self._template(event_type) for event_type in (REQUEST, RESPONSE)}

    def _template(self, event_type: str) -> bytes:
        sample = LogRequest(self.settings, event_type, "id", "text/plain", {}, b"", 0)
        event = build_event(sample, recorded_ns=0)
        lines = [_constant(f"POST {event.target} HTTP/1.1")]
        lines += [_PLACES.get(name) or _constant(f"{name}: {value}") for name, value in event.headers]
        return b"".join([*lines, b"\r\n"])

    def encode_head(self, logged: LogRequest, *, recorded_ns: int) -> bytes:
        """Encode what comes before the body in the HTTP/1.1 request of an event.

        Raises Undeliverable if the agent drops it.
        """
        template = self._templates.get(logged.type)
        content_type = _content_type_line(logged.content_type)
        metadata = b"{}" if logged.metadata == {} else _metadata(logged)
        plain = logged.status is None and _PLAIN(logged.id)
        if template is None or content_type is None or metadata is None or not plain:
            return build_event(logged, recorded_ns=recorded_ns).head()
        return template % (
            len(logged.body),
            logged.id.encode(),
            metadata,
            format_rfc3339_nano(recorded_ns).encode(),
            format_rfc3339_nano(logged.occurred_ns).encode(),
            content_type,
        )


def _constant(line: str) -> bytes:
    return to_bytes(line).replace(b"%", b"%%") + b"\r\n"


def _metadata(logged: LogRequest) -> bytes | None:
    """Encode the metadata; None if `build_event` must decide."""
    text = gojson.marshal(logged.metadata)
    return to_bytes(text) if valid_header_value(text) else None


@lru_cache(maxsize=256)
def _content_type_line(text: str) -> bytes | None:
    """Encode the header line of a content type, empty if there is none; None if `build_event` must decide."""
    if not text:
        return b""
    try:
        if _PLAIN(text):
            parse_media_type(text)
            return f"Content-Type: {text}\r\n".encode()
    except MimeError:
        pass
    return None
