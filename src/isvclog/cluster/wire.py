"""One request and its answer as bytes, within the limits of time and size."""

import json
import zlib
from collections.abc import Generator, Iterable
from typing import Any
from urllib.parse import urlencode

from isvclog import __version__
from isvclog.cluster.credentials import Login
from isvclog.cluster.limits import RequestLimits, SizeLimits, TooLarge
from isvclog.cluster.resources import RequestTarget
from isvclog.records import NamedTuple

MOST_BYTES = 64 << 20
"""The largest answer, after it has been decompressed."""
MOST_LINE = 16 << 20
"""The longest line of a stream."""

_CONNECT_SECONDS = 10.0
_SILENT_SECONDS = 60.0
"""After so many seconds without a byte, a connection ends. Only a stream may be silent for longer."""
_HEAD_SECONDS = _CONNECT_SECONDS + _SILENT_SECONDS + 20
"""The limit until an answer begins, if the user sets none: by then it is no silence, but a server that means harm."""
_BLOCK = 1 << 16
_FRAME = 1 << 20
"""The bytes that chunk sizes, trailers and the head of an answer may take."""


def shared_sizes(clusters: int) -> SizeLimits:
    """Return the limits of answers of so many clusters, of which several are in memory at the same time.

    etcd stores objects of 1.5 MiB at most, and the CustomResourceDefinition of KServe has 40,000 values. Pages of lists
    become smaller if they have to.
    """
    body = max(MOST_BYTES // (2 * clusters), 8 << 20)
    return SizeLimits(body, max(MOST_LINE // clusters, 2 << 20), values=80_000, wide=body // 4)


class ApiRequest(NamedTuple):
    """One request: a GET, or one with a body, which is the JSON `patch` or the object to `create`.

    `silence` is how many seconds a stream may take, and be silent for; 0 if the answer is not a stream.
    """

    target: RequestTarget
    query: tuple[tuple[str, str], ...] = ()
    patch: list[dict[str, Any]] | None = None
    silence: float = 0
    accept: str = "application/json"
    create: dict[str, Any] | None = None

    @property
    def method(self) -> str:
        """The HTTP method."""
        if self.create is not None:
            return "POST"
        return "GET" if self.patch is None else "PATCH"


class ApiAnswer(NamedTuple):
    """The head of an answer, whose body is still to be read: a response of urllib3, and the limits of the request."""

    response: Any
    limits: RequestLimits

    @property
    def status(self) -> int:
        """The HTTP status."""
        status: int = self.response.status
        return status


def open_answer(
    login: Login,
    request: ApiRequest,
    headers: Iterable[tuple[str, str]],
    timeout: float | None,
    sizes: SizeLimits | None = None,
) -> ApiAnswer:
    """Send a request, and return the answer before its body is read.

    `timeout` is in seconds, for the whole answer, or until a stream begins. Raises the exceptions of urllib3 and of the
    socket, TooLarge, and ValueError for a header that cannot be sent. That message quotes the header, so it must not
    be shown.
    """
    from urllib3 import Timeout

    query = "?" + urlencode(request.query) if request.query else ""
    limits = RequestLimits(timeout or request.silence or _HEAD_SECONDS, _wire_size(_most_bytes(sizes)))
    try:
        with limits.current():
            response = login.pool.urlopen(
                request.method,
                login.prefix + request.target.path + query,
                body=None if request.method == "GET" else json.dumps(request.create or request.patch).encode(),
                headers=_head(request, headers),
                timeout=Timeout(
                    connect=timeout or _CONNECT_SECONDS, read=request.silence or timeout or _SILENT_SECONDS
                ),
                retries=False,
                redirect=False,
                assert_same_host=False,  # a proxy for plain HTTP gets the whole URL
                preload_content=False,
                decode_content=False,
            )
    except BaseException as error:
        limits.end()
        raise _cause(error, limits) from None
    if request.silence or not timeout:
        limits.restart(request.silence or None)
    return ApiAnswer(response, limits)


def _head(request: ApiRequest, headers: Iterable[tuple[str, str]]) -> Any:
    from urllib3 import HTTPHeaderDict

    sent = HTTPHeaderDict({"Accept": request.accept, "User-Agent": f"isvclog/{__version__}"})
    if not request.silence:
        sent["Accept-Encoding"] = "gzip"
    if request.method != "GET":
        sent["Content-Type"] = "application/json" if request.create else "application/json-patch+json"
    for name, value in headers:
        sent.add(name, value)
    return sent


def read_body(answer: ApiAnswer, sizes: SizeLimits | None = None) -> bytearray:
    """Read the whole body, decompressed; empty if it cannot be decompressed. It may have `sizes.body` or 64 MiB.

    Raises TimeoutError when the time of the request is over, TooLarge, and the exceptions of urllib3.
    """
    response, limits = answer
    body = bytearray()
    try:
        decoder = _Decoder(response.headers.get("Content-Encoding") or "identity", _most_bytes(sizes))
        for block in response.stream(_BLOCK, decode_content=False):
            decoder.add(block, body)
    except BaseException as error:
        response.close()
        limits.end()
        if isinstance(error, zlib.error) and not limits.passed:
            return bytearray()
        raise _cause(error, limits) from None
    limits.end()
    if limits.passed:  # a body that ends with its connection may have been cut by us
        response.close()
        raise TimeoutError
    response.release_conn()
    return body


def _cause(error: BaseException, limits: RequestLimits) -> BaseException:
    """Return the error of a request: if its time was over, that is the cause of any other error of its connection."""
    if not limits.passed or isinstance(error, TooLarge):
        return error
    return TimeoutError()


class _Decoder:
    """The decompression of a body, which stops before it takes too much memory."""

    def __init__(self, encoding: str, most: int) -> None:
        self._most = most
        if encoding not in ("gzip", "identity"):
            raise zlib.error
        self._gzip = zlib.decompressobj(16 + zlib.MAX_WBITS) if encoding == "gzip" else None

    def add(self, block: bytes, body: bytearray) -> None:
        """Append the content of a block to the body. Raises TooLarge, and zlib.error."""
        while self._gzip and block:
            body += self._gzip.decompress(block, self._most + 1 - len(body))
            self._check_size(body)
            block = self._gzip.unconsumed_tail
            if self._gzip.eof:
                block = self._gzip.unused_data
                self._gzip = zlib.decompressobj(16 + zlib.MAX_WBITS)
        body += block
        self._check_size(body)

    def _check_size(self, body: bytearray) -> None:
        if len(body) > self._most:
            raise TooLarge("bytes")


def _most_bytes(sizes: SizeLimits | None) -> int:
    return sizes.body if sizes else MOST_BYTES


def _wire_size(content: int) -> int:
    """Return how many bytes a connection may deliver for content of this size, with what frames it."""
    return content + content // 4 + _FRAME


def read_lines(answer: ApiAnswer, sizes: SizeLimits | None = None) -> Generator[bytearray]:
    """Yield the lines of a stream as they arrive. One may have `sizes.line` or 16 MiB. Raises TooLarge.

    A line may be emptied, to free its memory.

    When the connection ends, the lines end without an error, and an incomplete last line is dropped.
    """
    from urllib3.exceptions import HTTPError

    response, limits = answer
    most = sizes.line if sizes else MOST_LINE
    rest = bytearray()
    try:
        if response.headers.get("Content-Encoding") not in (None, "identity"):
            return
        limits.left = _wire_size(most)
        for block in response.stream(_BLOCK, decode_content=False):
            first, *lines = block.split(b"\n")
            rest += first
            for line in lines:
                whole, rest = rest, bytearray(line)
                limits.left = _wire_size(most)
                yield whole
            if len(rest) > most:
                raise TooLarge("bytes")
    except (HTTPError, OSError, ValueError):
        return
    finally:
        response.close()
        limits.end()
