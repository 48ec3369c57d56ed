"""One request and its answer as bytes, sent over the connections of the kubernetes library."""

import json
import re
import time
from collections.abc import Generator, Iterable
from itertools import chain
from typing import Any, NamedTuple
from urllib.parse import urlencode

from isvclog import __version__
from isvclog.cluster.credentials import Login
from isvclog.cluster.resources import RequestTarget

_CONNECT_SECONDS = 10.0
_BLOCK = 1 << 16
_MOST_LEVELS = 200
"""The nesting at which answers are cut: no object has a third of it, and Python recurses to a thousand."""


class ApiRequest(NamedTuple):
    """One request. `patch` is the JSON patch in its body, None for a GET.

    `silence` is how many seconds a stream may send nothing; 0 if the answer is not a stream.
    """

    target: RequestTarget
    query: tuple[tuple[str, str], ...] = ()
    patch: list[dict[str, Any]] | None = None
    silence: float = 0

    @property
    def method(self) -> str:
        """The HTTP method."""
        return "GET" if self.patch is None else "PATCH"


def open_answer(login: Login, request: ApiRequest, headers: Iterable[tuple[str, str]], timeout: float | None) -> Any:
    """Send a request, and return the urllib3 response before its body is read.

    `timeout` is in seconds, for connecting and for each read. Raises the exceptions of urllib3 and of the socket, and
    ValueError for a header that cannot be sent. That message quotes the header, so it must not be shown.
    """
    from urllib3 import HTTPHeaderDict, Timeout

    sent = HTTPHeaderDict({"Accept": "application/json", "User-Agent": f"isvclog/{__version__}"})
    if not request.silence:
        sent["Accept-Encoding"] = "gzip"
    if request.patch is not None:
        sent["Content-Type"] = "application/json-patch+json"
    for name, value in headers:
        sent.add(name, value)
    query = "?" + urlencode(request.query) if request.query else ""
    return login.pool.request(
        request.method,
        login.configuration.host + request.target.path + query,
        body=None if request.patch is None else json.dumps(request.patch).encode(),
        headers=sent,
        timeout=Timeout(connect=timeout or _CONNECT_SECONDS, read=request.silence or timeout),
        retries=False,
        redirect=False,
        preload_content=False,
    )


def read_body(answer: Any, timeout: float | None) -> bytes:
    """Read the whole body. Raises TimeoutError after `timeout` seconds, even if data still arrive slowly."""
    end = time.monotonic() + timeout if timeout else None
    blocks = []
    try:
        # Without `decode_content`, urllib3 does not decompress a chunked answer, as API servers send for large lists.
        for block in answer.stream(_BLOCK, decode_content=True):
            blocks.append(block)
            if end and time.monotonic() > end:
                raise TimeoutError
    except BaseException:
        answer.close()
        raise
    answer.release_conn()
    return b"".join(blocks)


def read_lines(answer: Any) -> Generator[bytes]:
    """Yield the lines of a stream as they arrive.

    When the connection ends, the lines end without an error, and an incomplete last line is dropped.
    """
    from urllib3.exceptions import HTTPError

    rest = b""
    try:
        for block in answer.stream(_BLOCK):
            *lines, rest = (rest + block).split(b"\n")
            yield from lines
    except (HTTPError, OSError, ValueError):
        return
    finally:
        answer.close()


def parsed(data: bytes) -> dict[str, Any] | None:
    """Parse data as a JSON object; None if they are anything else.

    Halves of surrogate pairs become U+FFFD, as in Go. Values that are nested deeper than any Kubernetes object are
    dropped.
    """
    try:
        value = json.loads(data, parse_constant=_no_number)
        if re.search(rb"\\u[Dd]|\xed[\xa0-\xbf]", data):
            text = json.dumps(value, ensure_ascii=False)
            value = json.loads(text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace"))
    except (ValueError, RecursionError):
        return None
    if not isinstance(value, dict):
        return None
    _cut(value)
    return value


def _cut(value: dict[str, Any]) -> None:
    level: list[Any] = [value]
    for _ in range(_MOST_LEVELS):
        inner = chain.from_iterable(each.values() if isinstance(each, dict) else each for each in level)
        level = [each for each in inner if each and isinstance(each, (dict, list))]
    for each in level:
        each.clear()


def _no_number(name: str) -> Any:
    raise ValueError(name)
