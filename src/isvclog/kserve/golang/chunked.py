"""The chunked transfer coding as Go's `net/http/internal` reads it."""

from isvclog.kserve.golang.errors import GoError

_LONGEST_LINE = 4096
_MOST_OVERHEAD = 16 * 1024
_HEX = b"0123456789abcdefABCDEF"


class ChunkError(GoError):
    """The coding is malformed, or the data ends before the last chunk."""


def read_chunks(data: bytes) -> tuple[bytes, bytes]:
    """Decode chunks; return the payload, and the data after the line of the last chunk (trailers and an empty line).

    Raises ChunkError. Lines must end with CRLF, extensions are dropped, and it is an error if there is much more
    overhead than payload.
    """
    payload = bytearray()
    overhead = at = 0
    while True:
        line, at = _line(data, at)
        size = _size(line)
        overhead = max(0, overhead + len(line) + 2 - 16 - 2 * size)
        if overhead > _MOST_OVERHEAD:
            raise ChunkError("chunked encoding contains too much non-data")
        if size == 0:
            return bytes(payload), data[at:]
        end = at + size
        payload += data[at:end]
        if len(data) < end + 2:
            raise ChunkError("unexpected EOF")
        if data[end : end + 2] != b"\r\n":
            raise ChunkError("malformed chunked encoding")
        at = end + 2


def _line(data: bytes, at: int) -> tuple[bytes, int]:
    """Return the line that starts at `at`, and the offset of the next one."""
    end = data.find(b"\n", at, at + _LONGEST_LINE)
    if end < 0:
        raise ChunkError("header line too long" if len(data) - at >= _LONGEST_LINE else "unexpected EOF")
    line = data[at:end]
    if b"\r" not in line:
        raise ChunkError("chunked line ends with bare LF")
    if line.index(b"\r") != len(line) - 1:
        raise ChunkError("invalid CR in chunked line")
    return line[:-1], end + 1


def _size(line: bytes) -> int:
    digits = line.rstrip(b" \t").partition(b";")[0]
    if not digits:
        raise ChunkError("empty hex number for chunk length")
    if digits.strip(_HEX):
        raise ChunkError("invalid byte in chunk length")
    if len(digits) > 16:
        raise ChunkError("http chunk length too large")
    return int(digits, 16)
