"""The head of an answer, and what of it is passed on."""

from functools import lru_cache
from typing import NamedTuple

from isvclog.kserve.agent.proxy import HOP_BY_HOP

_DROPPED = frozenset(name.lower().encode() for name in HOP_BY_HOP) | {b"content-length"}
_WATCHED = _DROPPED | {b"content-type", b"content-encoding"}

Fields = list[tuple[bytes, bytes]]


class AnswerHead(NamedTuple):
    """The header of an answer.

    `fields` are those that are passed on, and `lines` the same as HTTP/1.1 has them. `length` is that of the body in
    bytes, None if it is not known.
    """

    fields: Fields
    lines: bytes
    length: int | None
    content_type: bytes = b""
    is_gzip: bool = False

    def inflated(self) -> "AnswerHead":
        """Return the head for a body that is no gzip any more."""
        fields = [field for field in self.fields if field[0].lower() != b"content-encoding"]
        return AnswerHead(fields, _lines(fields), None, self.content_type)


def read_head(fields: Fields) -> AnswerHead:
    """Read the header of an answer of the model."""
    kept: Fields = []
    length: int | None = None
    content_type: bytes | None = None
    encoding: bytes | None = None
    for field in fields:
        name, value = field
        if not _is_watched(name):
            kept.append(field)
            continue
        lower = name.lower()
        if lower == b"content-length":
            length = int(value) if value.isdigit() else None
        elif lower == b"content-type" and content_type is None:
            content_type = value
        elif lower == b"content-encoding" and encoding is None:
            encoding = value.lower()
        if lower not in _DROPPED:
            kept.append(field)
    return AnswerHead(kept, _lines(kept), length, content_type or b"", encoding == b"gzip")


def own_head(fields: Fields, length: int) -> AnswerHead:
    """Build the head of an answer that does not come from the model."""
    return AnswerHead(fields, _lines(fields), length)


def _lines(fields: Fields) -> bytes:
    return b"".join(b"%s: %s\r\n" % field for field in fields)


@lru_cache(maxsize=1024)
def _is_watched(name: bytes) -> bool:
    return name.lower() in _WATCHED
