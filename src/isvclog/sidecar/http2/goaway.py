"""GOAWAY frames, which the library h2 takes for the end of a connection: streams that have begun go on after one."""

from h2.errors import ErrorCodes
from h2.exceptions import FrameTooLargeError

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
_HEADER_SIZE = 9
_GOAWAY = 7
_MAX_FRAME = 16_384
"""The size in bytes that a frame may have: the default, which is never raised here."""


class GoawayFilter:
    """Takes the GOAWAY frames out of what a peer sends, and passes all other bytes on."""

    __slots__ = ("_rest",)

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> tuple[bytes, list[int]]:
        """Return the other frames that are complete, and the last stream that each GOAWAY frame names.

        Raises FrameTooLargeError, for which h2 would wait for all of the frame.
        """
        data = self._rest + data
        passed: list[bytes] = []
        last_streams: list[int] = []
        at = len(PREFACE) if data.startswith(PREFACE) else 0
        passed.append(data[:at])
        while len(data) - at >= _HEADER_SIZE:
            length = int.from_bytes(data[at : at + 3], "big")
            end = at + _HEADER_SIZE + length
            if length > _MAX_FRAME:
                raise FrameTooLargeError("not HTTP/2, or a frame larger than was allowed")
            if end > len(data):
                break
            if data[at + 3] == _GOAWAY and length >= 8:
                payload = at + _HEADER_SIZE
                last_streams.append(int.from_bytes(data[payload : payload + 4], "big") & 0x7FFF_FFFF)
            else:
                passed.append(data[at:end])
            at = end
        self._rest = data[at:]
        return b"".join(passed), last_streams


def goaway(last_stream: int) -> bytes:
    """Encode a frame that says that no stream after this one will be served."""
    payload = last_stream.to_bytes(4, "big") + int(ErrorCodes.NO_ERROR).to_bytes(4, "big")
    return len(payload).to_bytes(3, "big") + bytes((_GOAWAY, 0, 0, 0, 0, 0)) + payload
