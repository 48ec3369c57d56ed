"""Requests to receivers behind a sink, with the headers as they are given and in their order."""

import asyncio
import http.client
import ssl
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

from isvclog.errors import UsageError
from isvclog.httpserver import HttpRequest
from isvclog.httpserver.messages import Field
from isvclog.records import NamedTuple

_SECONDS = 30
_CONNECTIONS = 8
_HOP_BY_HOP = frozenset(
    b"connection keep-alive proxy-connection te trailer transfer-encoding upgrade host content-length expect".split()
)


class Target(NamedTuple):
    """A URL to post to, in parts."""

    is_https: bool
    host: str
    port: int | None
    path: str

    @property
    def authority(self) -> str:
        """The value of the Host header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}" if self.port else host


def parse_target(url: str, option: str) -> Target:
    """Parse an http or https URL. Raises UsageError, which names the option and does not show the URL."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username is not None:
        raise UsageError(f"{option} needs an http or https URL without credentials, such as http://127.0.0.1:8080/.")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if not path.isascii() or not path.isprintable() or " " in path:
        raise UsageError(f"{option}: percent-encode what is not ASCII in the path of the URL.")
    return Target(parts.scheme == "https", parts.hostname, port, path)


class Sender:
    """A keep-alive connection to a target. It is used by one thread at a time."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._connection = self._connect()

    def post(self, headers: Sequence[Field], body: bytes) -> tuple[int, str]:
        """Post a body; return the status and its reason. Raises OSError or HTTPException without an answer.

        A connection that the receiver closed while it was idle is opened again.
        """
        is_new = self._connection.sock is None
        try:
            return self._post(headers, body)
        except (ConnectionError, http.client.RemoteDisconnected):
            self._connection.close()
            if is_new:
                raise
            return self._post(headers, body)
        except BaseException:
            self._connection.close()
            raise

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def _post(self, headers: Sequence[Field], body: bytes) -> tuple[int, str]:
        connection, target = self._connection, self._target
        connection.putrequest("POST", target.path, skip_host=True, skip_accept_encoding=True)
        connection.putheader("Host", target.authority)
        for name, value in headers:
            connection.putheader(name, value)
        connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body)
        answer = connection.getresponse()
        answer.read()
        return answer.status, answer.reason

    def _connect(self) -> http.client.HTTPConnection:
        host, port = self._target.host, self._target.port
        if self._target.is_https:
            return http.client.HTTPSConnection(host, port, timeout=_SECONDS, context=ssl.create_default_context())
        return http.client.HTTPConnection(host, port, timeout=_SECONDS)


class ForwardTo:
    """A receiver behind the sink, reached over a few connections; requests wait for one of them."""

    def __init__(self, target: Target) -> None:
        self._pool = ThreadPoolExecutor(_CONNECTIONS, "forward")
        self._idle = [Sender(target) for _ in range(_CONNECTIONS)]

    async def send(self, request: HttpRequest) -> tuple[int, str]:
        """Pass a request on; return the status of the answer and, unless that is a success, what went wrong."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, self._send, request)

    def close(self) -> None:
        """Close the connections."""
        self._pool.shutdown(cancel_futures=True)
        for sender in self._idle:
            sender.close()

    def _send(self, request: HttpRequest) -> tuple[int, str]:
        sender = self._idle.pop()
        try:
            status, reason = sender.post(end_to_end(request.headers), request.body)
        except (OSError, http.client.HTTPException) as error:
            return 502, f"the receiver of --forward cannot be reached: {describe_failure(error)}"
        finally:
            self._idle.append(sender)
        return status, "" if 200 <= status < 300 else f"the receiver of --forward answered {status} {reason}".rstrip()


def end_to_end(headers: Sequence[Field]) -> list[Field]:
    """Keep the headers that are passed on; those of one connection are not."""
    return [(name, value) for name, value in headers if name.lower() not in _HOP_BY_HOP]


def describe_failure(error: Exception) -> str:
    """Describe why there was no answer."""
    if isinstance(error, TimeoutError):
        return f"no answer in {_SECONDS} s"
    return getattr(error, "strerror", None) or str(error) or type(error).__name__
