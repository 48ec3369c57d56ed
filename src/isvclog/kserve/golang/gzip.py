"""Go's `compress/gzip`: every member of a gzip file, checked more strictly than by Python's own module."""

import zlib

from isvclog.kserve.golang.errors import GoError

_MAGIC = b"\x1f\x8b\x08"
_EXTRA, _NAME, _COMMENT, _HEADER_CHECKSUM = 4, 8, 16, 2
_LONGEST_TEXT = 512
_LONGEST_HEADER = 1 << 17


class GzipError(GoError):
    """The data is not a gzip file, is damaged, or ends too early."""


def decompress(data: bytes) -> bytes:
    """Decompress all members as `gzip.Reader` does; no data gives no content. Raises GzipError.

    Padding after the last member is an error, and the checksum of a header is verified.
    """
    content = bytearray()
    while data:
        data = data[_header_size(data) :]
        member, data = _inflate(data)
        content += member
    return bytes(content)


class GzipReader:
    """Decompresses data as it arrives. What comes before damaged data is still good, as it is for Go's reader."""

    __slots__ = ("_checksum", "_inflater", "_pending", "_size", "error")

    def __init__(self) -> None:
        self.error = ""
        """The reason why the rest cannot be read, empty while there is none."""
        self._pending = b""
        """A part of a header, or of the eight bytes after a member."""
        self._inflater: zlib._Decompress | None = None
        self._checksum = self._size = 0

    def feed(self, data: bytes) -> bytes:
        """Return the content of the next data."""
        content: list[bytes] = []
        self._pending += data
        try:
            while self._pending and self._read_member(content):
                pass
        except (GzipError, zlib.error) as error:
            self.error, self._pending = str(error), b""
        return b"".join(content)

    def finish(self) -> str:
        """Return the reason why the content is incomplete, empty if it is not."""
        return self.error or ("unexpected EOF" if self._inflater is not None or self._pending else "")

    def _read_member(self, content: list[bytes]) -> bool:
        """Read what is there of one member; return False if more must come first."""
        if self._inflater is None and not self._read_header():
            return False
        inflater = self._inflater
        assert inflater is not None
        if not inflater.eof:
            piece = inflater.decompress(self._pending)
            self._checksum = zlib.crc32(piece, self._checksum)
            self._size += len(piece)
            content.append(piece)
            self._pending = inflater.unused_data
        if not inflater.eof or len(self._pending) < 8:
            return False
        if self._pending[:8] != _ending(self._checksum, self._size):
            raise GzipError("gzip: invalid checksum")
        self._inflater, self._pending = None, self._pending[8:]
        return True

    def _read_header(self) -> bool:
        data = self._pending
        if len(data) >= 3 and not data.startswith(_MAGIC):
            raise GzipError("gzip: invalid header")
        try:
            size = _header_size(data)
        except GzipError:
            if len(data) > _LONGEST_HEADER:
                raise
            return False
        if size > len(data):
            return False
        self._pending = data[size:]
        self._inflater = zlib.decompressobj(-zlib.MAX_WBITS)
        self._checksum = self._size = 0
        return True


def _ending(checksum: int, size: int) -> bytes:
    return checksum.to_bytes(4, "little") + (size % (1 << 32)).to_bytes(4, "little")


def _inflate(data: bytes) -> tuple[bytes, bytes]:
    """Decompress one member; return its content and the data after it."""
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        content = inflater.decompress(data)
    except zlib.error as error:
        raise GzipError(f"flate: {error}") from None
    rest = inflater.unused_data
    if not inflater.eof or len(rest) < 8:
        raise GzipError("unexpected EOF")
    if rest[:8] != _ending(zlib.crc32(content), len(content)):
        raise GzipError("gzip: invalid checksum")
    return content, rest[8:]


def _header_size(data: bytes) -> int:
    if len(data) < 10:
        raise GzipError("unexpected EOF")
    if not data.startswith(_MAGIC):
        raise GzipError("gzip: invalid header")
    flags, at = data[3], 10
    if flags & _EXTRA:
        at += 2 + int.from_bytes(data[at : at + 2], "little")
    for flag in (_NAME, _COMMENT):
        if flags & flag:
            end = data.find(b"\0", at, at + _LONGEST_TEXT)
            if end < 0:
                raise GzipError("gzip: invalid header")
            at = end + 1
    if flags & _HEADER_CHECKSUM:
        if data[at : at + 2] != (zlib.crc32(data[:at]) & 0xFFFF).to_bytes(2, "little"):
            raise GzipError("gzip: invalid header")
        at += 2
    return at
