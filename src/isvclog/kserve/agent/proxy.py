"""The agent's reverse proxy: which requests reach the model, and what the logger sees of the answer.

Source: net/http/httputil.ReverseProxy with Knative's NewAutoTransport, which is net/http for HTTP/1.1 and x/net/http2
for HTTP/2 (Go 1.25), and pkg/batcher.
"""

from isvclog.kserve.agent.http_exchange import Response
from isvclog.kserve.golang.errors import GoError
from isvclog.kserve.golang.gzip import decompress
from isvclog.kserve.golang.http import canonical_header, valid_header_name, valid_header_value, valid_host
from isvclog.kserve.golang.httpserver import ServerRequest, has_token
from isvclog.kserve.golang.strings import to_bytes
from isvclog.kserve.golang.textproto import Header, read_mime_header, trim
from isvclog.kserve.golang.transfer import (
    NO_TRAILERS,
    TransferError,
    announced_trailers,
    content_length,
    is_chunked,
    parse_length,
)


def logged_response(received: ServerRequest, response: Response | None, batcher: bool) -> bytes | None:
    """Return the body of the response event, or None if the agent logs no response.

    `response` is None if the model refused the connection. `batcher` is True if a batcher hides the answers to
    `:predict`.
    """
    if response is None or response.status != 200 or not _passes(received):
        return None
    if batcher and received.path.endswith(":predict"):
        # The batcher answers without WriteHeader, so the status that the logger sees stays 0.
        return None
    try:
        header, body = (_read_http2 if received.http2 else _read_http1)(received, response)
        return decompress(body) if body and _asks_for_gzip(received) and _is_gzip(header) else body
    except GoError:
        return None


def _passes(received: ServerRequest) -> bool:
    """Check whether the proxy sends the request to the model at all; the request is logged before that."""
    if not all(valid_header_name(name) and name not in NO_TRAILERS for name in received.trailers):
        return False
    if received.http2:
        if received.trailers and not received.body:
            return False  # it arrives but never ends: x/net/http2 announces trailers and sends none
        # Other characters than ASCII become punycode.
        return valid_host("".join(filter(str.isascii, received.host)))
    upgrading = has_token(received.header.get("Connection", ()), "Upgrade")
    return not upgrading or all(" " <= char <= "~" for char in received.get("Upgrade"))


def _asks_for_gzip(received: ServerRequest) -> bool:
    """Check whether the agent's transport asks for gzip and decompresses the answer.

    It does if the client asks neither for an encoding nor for a part of the answer.
    """
    header = received.header
    if received.method == "HEAD":
        return False
    if received.http2:
        return "Accept-Encoding" not in header and "Range" not in header
    # The proxy drops what `Connection` lists.
    dropped = {canonical_header(trim(name)) for value in header.get("Connection", ()) for name in value.split(",")}
    return not any(received.get(name) for name in {"Accept-Encoding", "Range"} - dropped)


def _is_gzip(header: Header) -> bool:
    encoding = header.get("Content-Encoding", [""])[0]
    return encoding.isascii() and encoding.lower() == "gzip"


def _read_http1(received: ServerRequest, response: Response) -> tuple[Header, bytes]:
    """Parse the answer's header and body; raise a GoError if the proxy answers 502 instead, or breaks off."""
    head = to_bytes("".join(f"{name}: {value}\r\n" for name, value in response.headers) + "\r\n")
    header, body = read_mime_header(head + response.body)
    chunked, length = is_chunked(header), content_length(header)
    if chunked:
        announced_trailers(header)
    if received.method == "HEAD":
        return header, b""
    if not chunked:
        if len(body) < (length or 0):
            raise TransferError("unexpected EOF")
        return header, body[:length]
    if response.truncated:
        raise TransferError("unexpected EOF")
    return header, body


def _read_http2(received: ServerRequest, response: Response) -> tuple[Header, bytes]:
    header: Header = {}
    for name, value in response.headers:
        if not valid_header_name(name) or not valid_header_value(value):
            raise TransferError(f"stream error: invalid header field {name}")
        header.setdefault(canonical_header(name), []).append(value)
    if received.method == "HEAD":
        return header, b""
    lengths = header.get("Content-Length", [])
    length = parse_length(lengths[0]) if len(lengths) == 1 else None
    if response.truncated or length not in (None, len(response.body)):
        raise TransferError("unexpected EOF")
    return header, response.body
