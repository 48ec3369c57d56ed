"""Requests to one server: authentication, retries, and ClusterErrors for failures. Several threads may use it."""

import time
from collections.abc import Generator
from threading import RLock
from typing import Any
from urllib.parse import urlsplit

from isvclog.cluster.api_errors import api_error
from isvclog.cluster.connection_errors import is_reset, unreachable
from isvclog.cluster.credentials import Login, log_in
from isvclog.cluster.errors import ClusterError
from isvclog.cluster.quoting import quote_name
from isvclog.cluster.retries import ATTEMPTS, Sleep, may_retry, pause, retry_after
from isvclog.cluster.selection import Selection
from isvclog.cluster.wire import ApiRequest, open_answer, parsed, read_body, read_lines

_EARLY = 10.0
"""Seconds before credentials expire in which they are renewed."""


class Session:
    """The connections and credentials for one server.

    `headers` are sent with every request (impersonation). `timeout` is the seconds for one answer, None for no limit.
    """

    def __init__(
        self, selection: Selection, headers: tuple[tuple[str, str], ...], timeout: float | None, sleep: Sleep
    ) -> None:
        self._context = selection.context
        self._selection = selection
        self._headers = headers
        self._timeout = timeout or None
        self._sleep = sleep
        self._lock = RLock()
        self._login = log_in(selection)
        self.server = _shown(self._login.configuration.host)

    def json(self, request: ApiRequest) -> tuple[dict[str, Any], list[str]]:
        """Send a request, and return the JSON object and the Warning headers of the answer. Raises ClusterError."""
        answer, body = self._send(request)
        value = parsed(body)
        if value is None:
            raise self.malformed(changing=request.patch is not None)
        return value, list(answer.headers.getlist("Warning"))

    def lines(self, request: ApiRequest) -> Generator[bytes]:
        """Open a stream, and return its lines as `read_lines` does. Raises ClusterError before the first line."""
        return read_lines(self._send(request)[0])

    def error(self, http_status: int, status: dict[str, Any], request: ApiRequest) -> ClusterError:
        """Convert a Status object that was received for a request to a ClusterError."""
        tests = any(operation.get("op") == "test" for operation in request.patch or ())
        return api_error(http_status, status, request.target, self._context, tests=tests)

    def malformed(self, *, changing: bool = False) -> ClusterError:
        """Build the error for an answer that no API server gives; `changing` is True if the request was a change."""
        remedy = "Check whether the change was made" if changing else "Check that it is an API server"
        what = f"{quote_name(self.server)}, the server of context {quote_name(self._context)}"
        return ClusterError(f"{what}, sent an answer that cannot be read. {remedy}.")

    def close(self) -> None:
        """Close the idle connections. Another request would open new ones."""
        with self._lock:
            self._login.pool.clear()

    def _send(self, request: ApiRequest) -> tuple[Any, bytes]:
        """Send a request, with retries; return the successful answer and its body, which is empty for a stream.

        The lines of a stream are still to be read from the answer.
        """
        attempt, renewed = 1, False
        while True:
            login = self._valid_login()
            answer, body = self._try(login, request, last=attempt >= ATTEMPTS)
            wait = None
            if answer is not None:
                if 200 <= answer.status < 300:
                    return answer, body
                if answer.status == 401 and login.renewable and not renewed:
                    renewed = True
                    self._renew(login)
                    continue
                wait = retry_after(answer.headers)
                if attempt >= ATTEMPTS or not may_retry(request.method, answer.status, wait is not None):
                    raise self.error(answer.status, parsed(body) or {}, request)
            self._sleep(pause(attempt, wait))
            attempt += 1

    def _try(self, login: Login, request: ApiRequest, *, last: bool) -> tuple[Any, bytes]:
        """Make one attempt; the answer is None if the connection was cut and the request may be sent again."""
        try:
            answer = open_answer(login, request, self._all_headers(login), self._timeout)
            streams = request.silence and answer.status == 200
            return answer, b"" if streams else read_body(answer, self._timeout)
        except ClusterError:
            raise
        except Exception as error:  # of urllib3, the socket and TLS; never passed on, as it may quote a header
            if request.method == "GET" and not last and is_reset(error):
                return None, b""
            raise unreachable(error, self._context, self.server) from None

    def _all_headers(self, login: Login) -> list[tuple[str, str]]:
        with self._lock:  # the library reads the token of a service account again when it is due
            settings = login.configuration.auth_settings().values()
        return [*((setting["key"], setting["value"]) for setting in settings), *self._headers]

    def _valid_login(self) -> Login:
        """Return credentials that have not expired, as far as they say; log in again if necessary."""
        with self._lock:
            if self._login.expiry and self._login.expiry - _EARLY < time.time():
                self._login = log_in(self._selection)
            return self._login

    def _renew(self, refused: Login) -> None:
        """Log in again, unless another thread has already replaced the `refused` credentials."""
        with self._lock:
            if self._login is refused:
                self._login = log_in(self._selection)


def _shown(server: str) -> str:
    """Remove the user, password and parameters that a URL may contain."""
    parts = urlsplit(server)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="").geturl()
