"""Requests to one server: authentication, retries, and failures as ClusterErrors. Safe to use from several threads."""

import time
from collections.abc import Generator
from threading import RLock
from typing import Any
from urllib.parse import urlsplit

from isvclog.cluster.credentials import Login, log_in
from isvclog.cluster.errors import ClusterError
from isvclog.cluster.failures import is_reset, unreachable
from isvclog.cluster.naming import shorten_name
from isvclog.cluster.refusals import api_error
from isvclog.cluster.retries import ATTEMPTS, Sleep, may_retry, pause, retry_after
from isvclog.cluster.selection import Selection
from isvclog.cluster.wire import ApiRequest, open_answer, parsed, read_body, read_lines

_EARLY = 10.0
"""Seconds before their end in which credentials are renewed already."""


class Session:
    """`headers` go with every request (impersonation); `timeout` is in seconds for one answer, None for no limit."""

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
        """The object that answers a request, and the Warning headers that came with it. Raises ClusterError."""
        answer, body = self._send(request)
        value = parsed(body)
        if value is None:
            raise self.malformed(changing=request.patch is not None)
        return value, list(answer.headers.getlist("Warning"))

    def lines(self, request: ApiRequest) -> Generator[bytes]:
        """The lines of a stream, as `read_lines` gives them. Raises ClusterError before the first one."""
        return read_lines(self._send(request)[0])

    def error(self, http_status: int, status: dict[str, Any], request: ApiRequest) -> ClusterError:
        """What a Status object means that came in answer to a request."""
        tests = any(operation.get("op") == "test" for operation in request.patch or ())
        return api_error(http_status, status, request.target, self._context, tests=tests)

    def malformed(self, *, changing: bool = False) -> ClusterError:
        """The error for an answer, perhaps to a change, that is not what an API server says."""
        remedy = "See whether the change was made" if changing else "Check that it is an API server"
        what = f"{shorten_name(self.server)}, the server of context {shorten_name(self._context)}"
        return ClusterError(f"{what}, gave an answer that cannot be read. {remedy}.")

    def close(self) -> None:
        """Close the idle connections; another request would open new ones."""
        with self._lock:
            self._login.pool.clear()

    def _send(self, request: ApiRequest) -> tuple[Any, bytes]:
        """The answer of success and its body; that of a stream is still to be read."""
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
        """One attempt; no answer if the connection was cut and another attempt is in order."""
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
        """Credentials that are valid, as far as they say themselves."""
        with self._lock:
            if self._login.expiry and self._login.expiry - _EARLY < time.time():
                self._login = log_in(self._selection)
            return self._login

    def _renew(self, refused: Login) -> None:
        """Log in again, unless another thread has done so since."""
        with self._lock:
            if self._login is refused:
                self._login = log_in(self._selection)


def _shown(server: str) -> str:
    """A URL without the user, password and parameters that may stand in it."""
    parts = urlsplit(server)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="").geturl()
