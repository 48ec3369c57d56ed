"""Previewed events, sent to a sink byte for byte."""

import http.client
import socket

from isvclog.errors import IsvclogError
from isvclog.httpserver import Address
from isvclog.records import NamedTuple

_SECONDS = 30
_MOST_TEXT = 300


class SinkAnswer(NamedTuple):
    """The answer of a sink: its status and reason phrase, and the beginning of its body if that is text."""

    status: int
    reason: str
    text: str

    @property
    def is_accepted(self) -> bool:
        """True if the sink took the event."""
        return 200 <= self.status < 300


def send_event(address: Address, wire: bytes) -> SinkAnswer:
    """Send the bytes of a request over a connection of its own. Raises IsvclogError if there is no answer."""
    try:
        with socket.create_connection(address, _SECONDS) as connection:
            connection.sendall(wire)
            response = http.client.HTTPResponse(connection, method="POST")
            with response:
                response.begin()
                text = _text(response.read(_MOST_TEXT * 4))
                return SinkAnswer(response.status, response.reason, text)
    except TimeoutError:
        raise IsvclogError(f"{address} does not answer within {_SECONDS} s; is it a sink?") from None
    except (OSError, http.client.HTTPException) as error:
        reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
        raise IsvclogError(f"the event gets no answer from {address}: {reason}; start a sink there.") from None


def _text(body: bytes) -> str:
    """Decode the beginning of a body in one line; empty if it is no text, such as compressed data."""
    try:
        text = " ".join(body.decode().split())
    except UnicodeDecodeError:
        return ""
    return text if len(text) <= _MOST_TEXT else f"{text[:_MOST_TEXT]}..."
