"""Requests to one server: authentication, retries, and ClusterErrors for failures. Several threads may use it."""

import time
from collections.abc import Callable, Generator
from threading import Lock, RLock
from typing import Any

from isvclog.cluster.answers import MOST_VALUES, MOST_WIDE, parsed, quick_count
from isvclog.cluster.api_errors import api_error
from isvclog.cluster.connection_errors import is_reset, unreachable
from isvclog.cluster.credentials import Login, log_in
from isvclog.cluster.errors import AnswerTooLarge, ClusterError
from isvclog.cluster.limits import SizeLimits, TooLarge
from isvclog.cluster.quoting import quote_name
from isvclog.cluster.resources import RequestTarget
from isvclog.cluster.retries import ATTEMPTS, Sleep, may_retry, pause, retry_after
from isvclog.cluster.selection import Selection
from isvclog.cluster.wire import MOST_BYTES, MOST_LINE, ApiAnswer, ApiRequest, open_answer, read_body, read_lines
from isvclog.records import NamedTuple

_EARLY = 10.0
"""Seconds before credentials expire in which they are renewed."""
_PARSING = Lock()
"""Held while an answer becomes data, and the data something smaller: the data take many times the memory of the answer.
Nothing waits for a server meanwhile."""

Convert = Callable[[dict[str, Any]], Any]
"""A function that is called with the object of an answer, and returns what is needed of it."""


def whole(value: dict[str, Any]) -> dict[str, Any]:
    """Return an object unchanged, because all of it is needed."""
    return value


class JsonAnswer(NamedTuple):
    """An answer: its object, converted, its Warning headers, the bytes of its body, and its share of the limits.

    `fullness` is 1 for an answer as large as one may be, or if its share does not matter.
    """

    value: Any
    warnings: list[str]
    size: int
    fullness: float


class Session:
    """The connections and credentials for one server.

    `description` names the server at the beginning of an error. `headers` are sent with every request (impersonation).
    `timeout` is the seconds for one answer; with None, only silence has a limit. `sizes` limit one answer; None means
    the limits of an answer that is in memory alone.
    """

    def __init__(
        self,
        selection: Selection,
        headers: tuple[tuple[str, str], ...],
        timeout: float | None,
        sleep: Sleep,
        sizes: SizeLimits | None = None,
    ) -> None:
        self._context = selection.context
        self._selection = selection
        self._headers = headers
        self._timeout = timeout or None
        self._sleep = sleep
        self._sizes = sizes
        self._lock = RLock()
        self._login = log_in(selection)
        self.server = self._login.server
        self.description = f"{quote_name(self.server)}, the server of context {quote_name(self._context)}"

    def json(self, request: ApiRequest, convert: Convert = whole) -> JsonAnswer:
        """Send a request, and return the JSON object of the answer. Raises ClusterError, and what `convert` raises."""
        answer, body = self._send(request)
        size, most = len(body), self._sizes
        fullness = max(size / most.body, quick_count(body) / most.values) if most else 1
        with _PARSING:
            value = self._parsed(body)
            if value is None:
                raise self.malformed(changing=request.patch is not None)
            value = convert(value)
        return JsonAnswer(value, answer.response.headers.getlist("Warning"), size, fullness)

    def stream(self, request: ApiRequest, convert: Convert) -> Generator[Any]:
        """Open a stream, and return the objects of its lines, converted, as they arrive.

        They end without an error when the connection ends. Raises ClusterError, also before the first object, and what
        `convert` raises.
        """
        return self._objects(self._send(request)[0], convert)

    def _objects(self, answer: ApiAnswer, convert: Convert) -> Generator[Any]:
        try:
            for line in read_lines(answer, self._sizes):
                if line and not line.isspace():
                    with _PARSING:
                        if (value := parsed(line, self._sizes)) is None:
                            raise self.malformed()
                        value = convert(value)
                    yield value
        except TooLarge as excess:
            raise self._too_large(excess, f"a line of {self._limits.line >> 20} MiB") from None

    @property
    def _limits(self) -> SizeLimits:
        return self._sizes or SizeLimits(MOST_BYTES, MOST_LINE, MOST_VALUES, MOST_WIDE)

    def _parsed(self, body: bytearray) -> dict[str, Any] | None:
        try:
            return parsed(body, self._sizes)
        except TooLarge as excess:
            raise self._too_large(excess) from None

    def _too_large(self, excess: TooLarge, size: str = "") -> AnswerTooLarge:
        most = self._limits
        limits = {"values": f"{most.values:,} values", "characters": f"{most.wide >> 20} MiB with emoji"}
        limit = limits.get(str(excess)) or size or f"{most.body >> 20} MiB"
        remedy = "Ask for fewer objects with `-n`, `-l` or a name, and check that it is an API server."
        return AnswerTooLarge(f"{self.description}, sent an answer of more than {limit}. {remedy}")

    def error(self, http_status: int, status: dict[str, Any], request: ApiRequest) -> ClusterError:
        """Convert a Status object that was received for a request to a ClusterError."""
        tests = any(operation.get("op") == "test" for operation in request.patch or ())
        return api_error(http_status, status, request.target, self._context, tests=tests)

    def malformed(self, *, changing: bool = False) -> ClusterError:
        """Build the error for an answer that no API server gives; `changing` is True if the request was a change."""
        remedy = "Check whether the change was made" if changing else "Check that it is an API server"
        return ClusterError(f"{self.description}, sent an answer that cannot be read. {remedy}.")

    def endless(self, target: RequestTarget, problem: str) -> ClusterError:
        """Build the error for a list that does not end; `problem` is a verb with its object."""
        remedy = "Ask for fewer objects with `-n` or `-l`, and check that it is an API server."
        return ClusterError(
            f"{self.description}, {problem} in the list of `{target.resource.name}`, so it is read no further. {remedy}"
        )

    def close(self) -> None:
        """Close the connections that nothing is read from; no request can follow."""
        with self._lock:
            self._login.pool.close()

    def _send(self, request: ApiRequest) -> tuple[ApiAnswer, bytearray]:
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
                wait = retry_after(answer.response.headers)
                if attempt >= ATTEMPTS or not may_retry(request.method, answer.status, wait is not None):
                    raise self.error(answer.status, self._parsed(body) or {}, request)
            self._sleep(pause(attempt, wait))
            attempt += 1

    def _try(self, login: Login, request: ApiRequest, *, last: bool) -> tuple[ApiAnswer | None, bytearray]:
        """Make one attempt; the answer is None if the connection was cut and the request may be sent again."""
        try:
            answer = open_answer(login, request, self._all_headers(login), self._timeout, self._sizes)
            streams = request.silence and answer.status == 200
            return answer, bytearray() if streams else read_body(answer, self._sizes)
        except ClusterError:
            raise
        except TooLarge as excess:
            raise self._too_large(excess) from None
        except Exception as error:  # of urllib3, the socket and TLS; never passed on, as it may quote a header
            if request.method == "GET" and not last and is_reset(error):
                return None, bytearray()
            raise unreachable(error, self._context, self.server) from None

    def _all_headers(self, login: Login) -> list[tuple[str, str]]:
        with self._lock:  # the token of a service account may be read again
            return [*login.authorize(), *self._headers]

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
