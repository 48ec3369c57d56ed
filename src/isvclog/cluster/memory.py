"""The memory for what is kept of the objects of clusters, so that no cluster can use up all that there is."""

import sys
import threading
from collections.abc import Iterable
from itertools import chain
from typing import Any

from isvclog.cluster.errors import TooManyObjects

MOST_KEPT = 192 << 20
"""The bytes that are kept of all clusters of a run: enough for 30,000 watched services with two pods each."""


class Memory:
    """The memory that so many clusters share; several threads may use it."""

    def __init__(self, clusters: int = 1) -> None:
        self.clusters = clusters
        self._used = 0
        self._lock = threading.Lock()

    def take(self, size: int) -> bool:
        """Add bytes to what is used; return False, and add nothing, if there are not as many left."""
        with self._lock:
            if size > 0 and self._used + size > MOST_KEPT:
                return False
            self._used += size
            return True


class Account:
    """The memory that is used for the objects of one cluster. `owner` names the cluster in the error."""

    def __init__(self, memory: Memory | None = None, owner: str = "this cluster") -> None:
        self._memory = memory or Memory()
        self._owner = owner
        self._used = 0
        self._closed = False
        self._lock = threading.Lock()

    def charge(self, size: int, *, for_good: bool = False) -> None:
        """Count bytes that are kept from now on or, if negative, no longer. Raises TooManyObjects.

        Those that are kept `for_good` are not given back when the account is closed.
        """
        with self._lock:
            if self._closed or not self._memory.take(size):
                raise TooManyObjects(
                    f"isvclog keeps at most {MOST_KEPT >> 20} MiB of the objects of all clusters, and {self._owner} "
                    "has more, so it is read no further. Ask for fewer objects with `-n`, `-l` or a name, or for fewer "
                    "clusters with `--context`, and check that it is an API server."
                )
            self._used += 0 if for_good else size

    def close(self) -> None:
        """Give all bytes back: nothing is kept any more. Whatever is charged later raises TooManyObjects."""
        with self._lock:
            self._memory.take(-self._used)
            self._used, self._closed = 0, True


def weigh(value: Any) -> int:
    """Estimate the bytes of memory that plain data or a tuple take with everything in it."""
    size = sys.getsizeof(value)
    if isinstance(value, dict):
        return size + _weigh_all(chain(value, value.values()))
    return size + _weigh_all(value) if isinstance(value, tuple | list) else size


def _weigh_all(values: Iterable[Any]) -> int:
    return sum(map(weigh, values))
