"""The head of an answer, and what of it is passed on."""

from functools import lru_cache

from isvclog.kserve.agent.proxy import HOP_BY_HOP
from isvclog.records import NamedTuple

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
    """Read the header of an answer of the model. Of several equal names, the first counts, as in Go's Header.Get."""
    kept: Fields = []
    first: dict[bytes, bytes] = {}
    for field in fields:
        if _is_watched(field[0]):
            name = field[0].lower()
            first.setdefault(name, field[1])
            if name in _DROPPED:
                continue
        kept.append(field)
    length = first.get(b"content-length", b"")
    return AnswerHead(
        kept,
        _lines(kept),
        int(length) if length.isdigit() else None,
        first.get(b"content-type", b""),
        first.get(b"content-encoding", b"").lower() == b"gzip",
    )


def own_head(fields: Fields, length: int) -> AnswerHead:
    """Build the head of an answer that does not come from the model."""
    return AnswerHead(fields, _lines(fields), length)


def _lines(fields: Fields) -> bytes:
    return b"".join(b"%s: %s\r\n" % field for field in fields)


@lru_cache(maxsize=1024)
def _is_watched(name: bytes) -> bool:
    return name.lower() in _WATCHED
