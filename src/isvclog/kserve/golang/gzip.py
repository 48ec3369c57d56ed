"""Go's `compress/gzip`: every member of a gzip file, checked more strictly than by Python's own module."""

import zlib

from isvclog.kserve.golang.errors import GoError

_EXTRA, _NAME, _COMMENT, _HEADER_CHECKSUM = 4, 8, 16, 2
_LONGEST_TEXT = 512


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
    checksum = zlib.crc32(content).to_bytes(4, "little") + (len(content) % (1 << 32)).to_bytes(4, "little")
    if rest[:8] != checksum:
        raise GzipError("gzip: invalid checksum")
    return content, rest[8:]


def _header_size(data: bytes) -> int:
    if len(data) < 10:
        raise GzipError("unexpected EOF")
    if not data.startswith(b"\x1f\x8b\x08"):
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
