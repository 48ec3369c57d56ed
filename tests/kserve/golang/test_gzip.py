"""Gzip that arrives in parts reads as Go reads all of it at once."""

import gzip
import itertools
import zlib

from hypothesis import given
from hypothesis import strategies as st

from isvclog.kserve.golang.gzip import GzipError, GzipReader, decompress


def member(content: bytes, flags: int) -> bytes:
    """Compress with the optional parts of a header: extra, name, comment and checksum."""
    header = b"\x1f\x8b\x08" + bytes((flags,)) + bytes(6)
    header += b"\x03\x00abc" if flags & 4 else b""
    header += b"name\0" if flags & 8 else b""
    header += b"comment\0" if flags & 16 else b""
    header += (zlib.crc32(header) & 0xFFFF).to_bytes(2, "little") if flags & 2 else b""
    return header + gzip.compress(content)[10:]


members = st.lists(st.builds(member, st.binary(max_size=50), st.sampled_from((0, 2, 4, 8, 16, 30))), max_size=3)
damage = st.none() | st.tuples(st.integers(0, 200), st.integers(0, 255))


@given(members.map(b"".join), st.binary(max_size=3), damage, st.lists(st.integers(0, 300), max_size=5))
def test_parts_give_what_the_whole_gives(
    data: bytes, padding: bytes, damaged: tuple[int, int] | None, cuts: list[int]
) -> None:
    whole = bytearray(data + padding)
    if damaged and damaged[0] < len(whole):
        whole[damaged[0]] = damaged[1]
    try:
        expected: bytes | None = decompress(bytes(whole))
    except GzipError:
        expected = None
    reader = GzipReader()
    edges = sorted({0, len(whole), *(min(cut, len(whole)) for cut in cuts)})
    content = b"".join(reader.feed(bytes(whole[start:end])) for start, end in itertools.pairwise(edges))
    assert (reader.finish() == "") == (expected is not None)
    assert expected is None or content == expected
