"""The header of an HTTP/1.1 message as `Reader.ReadMIMEHeader` of Go's `net/textproto` reads it."""

from isvclog.kserve.golang.errors import GoError
from isvclog.kserve.golang.http import canonical_header, valid_header_name, valid_header_value
from isvclog.kserve.golang.strings import from_bytes

Header = dict[str, list[str]]
"""Canonical names with their values in order of arrival (`http.Header`)."""


class HeaderError(GoError):
    """The header is malformed, or the data ends inside it."""


def read_mime_header(data: bytes) -> tuple[Header, bytes]:
    """Parse the header up to its empty line; return it and the data after it. Raises HeaderError.

    Lines may end with a bare newline, and a line that starts with a space or a tab continues the one before. A name may
    have spaces here (then it is not made canonical); most callers reject it later.
    """
    if data.startswith((b" ", b"\t")):
        raise HeaderError("malformed MIME header initial line: " + from_bytes(_line(data, 0)[0]))
    header: Header = {}
    line, at = _line(data, 0)
    while line:
        if b":" not in line:
            raise HeaderError(f"malformed MIME header: missing colon: {from_bytes(line)}")
        line = line.strip(b" \t")
        while data.startswith((b" ", b"\t"), at):
            more, at = _line(data, at)
            line += b" " + more.strip(b" \t")
        name, value = map(from_bytes, line.split(b":", 1))
        if not valid_header_name(name.replace(" ", "")) or not valid_header_value(value):
            raise HeaderError("malformed MIME header line: " + from_bytes(line))
        header.setdefault(canonical_header(name), []).append(value.lstrip(" \t"))
        line, at = _line(data, at)
    return header, data[at:]


def trim(text: str) -> str:
    """Trim ASCII white space at both ends, as `textproto.TrimString` does."""
    return text.strip(" \t\n\r")


def _line(data: bytes, at: int) -> tuple[bytes, int]:
    """Return the line that starts at `at`, and the offset of the next one."""
    end = data.find(b"\n", at)
    if end < 0:
        raise HeaderError("unexpected EOF")
    return data[at:end].removesuffix(b"\r"), end + 1
