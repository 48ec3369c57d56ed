"""Go's `net/http`: where the body of an HTTP/1.1 message ends (`transfer.go`), in requests and responses.

The functions remove from the header what Go removes from it.
"""

from isvclog.kserve.golang.chunked import ChunkError, read_chunks
from isvclog.kserve.golang.errors import GoError
from isvclog.kserve.golang.http import canonical_header
from isvclog.kserve.golang.strconv import quote
from isvclog.kserve.golang.textproto import Header, HeaderError, read_mime_header, trim
from isvclog.records import NamedTuple

NO_TRAILERS = ("Transfer-Encoding", "Trailer", "Content-Length")
"""Names that may not be trailers after a body."""

_BUFFER = 4096


class TransferError(GoError):
    """The message is malformed, or ends before its body does."""


def is_chunked(header: Header) -> bool:
    """Remove `Transfer-Encoding`, and return True if the body is chunked, the only encoding that Go knows.

    Any other encoding raises TransferError.
    """
    encodings = header.pop("Transfer-Encoding", None)
    if encodings is None:
        return False
    if len(encodings) > 1:
        raise TransferError(f"too many transfer encodings: [{' '.join(map(quote, encodings))}]")
    if not encodings[0].isascii() or encodings[0].lower() != "chunked":
        raise TransferError(f"unsupported transfer encoding: {quote(encodings[0])}")
    return True


def content_length(header: Header) -> int | None:
    """Read the announced length in bytes; None if there is none. Several equal values become one.

    Different or invalid values raise TransferError.
    """
    lengths = header.get("Content-Length")
    if not lengths:
        return None
    if len(lengths) > 1:
        header["Content-Length"] = [trim(lengths[0])]
        if len({trim(length) for length in lengths}) > 1:
            got = f"[{' '.join(map(quote, lengths))}]"
            raise TransferError(f"http: message cannot contain multiple Content-Length headers; got {got}")
    digits = trim(lengths[0])
    if not digits:
        raise TransferError('invalid empty Content-Length ""')
    if parse_length(digits) is None:
        raise TransferError(f"bad Content-Length {quote(digits)}")
    return parse_length(digits)


def parse_length(text: str) -> int | None:
    """Parse a length as `strconv.ParseUint(text, 10, 63)` does; None if Go returns an error."""
    if not text.isascii() or not text.isdigit() or len(text.lstrip("0")) > 19 or int(text) >= 1 << 63:
        return None
    return int(text)


def announced_trailers(header: Header) -> list[str]:
    """Remove `Trailer`, and list its names in canonical form. Go reads it only if the body is chunked.

    A name that may not be a trailer raises TransferError.
    """
    elements = (trim(name) for value in header.pop("Trailer", ()) for name in value.split(","))
    names = [canonical_header(name) for name in elements if name]
    for name in names:
        if name in NO_TRAILERS:
            raise TransferError(f"bad trailer key {quote(name)}")
    return names


class Body(NamedTuple):
    """The body of a request. `trailers` are the fields after chunks, None if there are none; `names` those announced or
    sent.
    """

    content: bytes = b""
    names: tuple[str, ...] = ()
    trailers: Header | None = None


def read_body(header: Header, data: bytes) -> Body:
    """Read the body of a request. Without a length or chunks it is empty. Raises TransferError."""
    chunked, length = is_chunked(header), content_length(header)
    if not chunked:
        body = data[: length or 0]
        if len(body) < (length or 0):
            raise TransferError("unexpected EOF")
        return Body(body)
    header.pop("Content-Length", None)
    announced = announced_trailers(header)
    try:
        body, rest = read_chunks(data)
        trailers = _read_trailer(rest)
    except (ChunkError, HeaderError) as error:
        raise TransferError(str(error)) from None
    return Body(body, tuple(dict.fromkeys([*announced, *trailers])), trailers)


def _read_trailer(data: bytes) -> Header:
    """Parse the trailer after the last chunk. Go looks for its empty line only as far as its buffer reaches."""
    if data.startswith(b"\r\n"):
        return {}
    if b"\r\n\r\n" not in data[:_BUFFER]:
        if len(data) < _BUFFER:
            raise TransferError("unexpected EOF")
        raise TransferError("http: suspiciously long trailer after chunked body")
    return read_mime_header(data)[0]
