"""What the stand-in API server is told to do differently: fail, be slow, cut connections, forbid, warn."""

import json
import threading
from typing import Any, NamedTuple


class Fault(NamedTuple):
    """`status` 0 with `cut` None is none: only `delay` seconds pass.

    `cut`: close after so many bytes of the answer's body, or before any of the answer if it is negative.
    """

    prefix: str
    status: int
    headers: dict[str, str]
    body: bytes | None
    delay: float
    cut: int | None
    method: str
    query: dict[str, str]


class Script:
    """Everything that can be scripted. A fault counts down with each request whose path starts with its prefix."""

    def __init__(self) -> None:
        self.warnings: list[str] = []
        """Texts of the Warning headers of every patch."""
        self._faults: list[list[Any]] = []
        self._denied: list[tuple[str, str, str, str]] = []
        self._missing: set[str] = set()
        self._expiring: list[bool] = []
        self._lock = threading.Lock()

    def fail(
        self,
        path_prefix: str,
        status: int,
        times: int = 1,
        headers: dict[str, str] | None = None,
        body: bytes | dict[str, Any] | None = None,
        method: str = "",
        query: dict[str, str] | None = None,
    ) -> None:
        """Answer the next `times` requests (all, if negative) with a status and a body, by default a Status object.

        With status 200 and a body this is how malformed answers are made. `query` are parameters a request must have.
        """
        data = json.dumps(body).encode() if isinstance(body, dict) else body
        self._add(Fault(path_prefix, status, headers or {}, data, 0, None, method, query or {}), times)

    def delay(self, path_prefix: str, seconds: float, times: int = 1) -> None:
        """Answer late."""
        self._add(Fault(path_prefix, 0, {}, None, seconds, None, "", {}), times)

    def cut(self, path_prefix: str, times: int = 1, after: int = -1, method: str = "") -> None:
        """Close the connection after some bytes of the body; by default instead of an answer."""
        self._add(Fault(path_prefix, 0, {}, None, 0, after, method, {}), times)

    def forbid(self, plural: str, verb: str = "", namespace: str = "", user: str = "test-user") -> None:
        """Deny a verb (all, if empty) on a resource in a namespace (everywhere, if empty), as RBAC does."""
        self._denied.append((plural, verb, namespace, user))

    def allow(self) -> None:
        """Deny nothing any more."""
        self._denied.clear()

    def uninstall(self, *plurals: str) -> None:
        """Serve these resources no longer, as if their CRD were not there."""
        self._missing.update(plurals)

    def install(self, *plurals: str) -> None:
        """Serve them again."""
        self._missing.difference_update(plurals)

    def recover(self) -> None:
        """Fail, delay and cut nothing any more."""
        with self._lock:
            self._faults.clear()

    def expire_continue(self, times: int = 1, fresh: bool = True) -> None:
        """Refuse the next continue tokens with 410, and with a fresh one or without."""
        self._expiring += [fresh] * times

    # For the handler ----------------------------------------------------------------------------------------------

    def fault(self, method: str, path: str, query: dict[str, str]) -> Fault | None:
        """What to do differently with a request."""
        with self._lock:
            for entry in self._faults:
                fault: Fault = entry[0]
                asked = fault.query.items() <= query.items() and fault.method in ("", method)
                if entry[1] and asked and path.startswith(fault.prefix):
                    entry[1] -= 1
                    return fault
        return None

    def denied(self, plural: str, verb: str, namespace: str) -> str | None:
        """The user who is denied it; None if it is allowed."""
        for denied_plural, denied_verb, denied_namespace, user in self._denied:
            if (
                plural == denied_plural
                and denied_verb in ("", verb)
                and (not denied_namespace or denied_namespace == namespace)
            ):
                return user
        return None

    def serves(self, plural: str) -> bool:
        """Whether a resource is installed."""
        return plural not in self._missing

    def expiring(self) -> bool | None:
        """Whether the next continue token has expired: None for no, else whether a fresh one comes with it."""
        with self._lock:
            return self._expiring.pop(0) if self._expiring else None

    def _add(self, fault: Fault, times: int) -> None:
        with self._lock:
            self._faults.append([fault, times])
