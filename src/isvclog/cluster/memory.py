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
    """The memory that so many clusters share; several threads may use it.

    An eighth of it is set aside in equal shares for the accounts, so that a cluster that takes all it can get leaves
    enough to read a small one. Each cluster has two accounts.
    """

    def __init__(self, clusters: int = 1) -> None:
        self.clusters = clusters
        self._share = MOST_KEPT // (16 * clusters) if clusters > 1 else 0
        self._common = MOST_KEPT - 2 * clusters * self._share
        self._lock = threading.Lock()

    def change(self, before: int, after: int) -> bool:
        """Change the bytes that an account uses; return False, and change nothing, if there are not as many left."""
        growth = max(after, self._share) - max(before, self._share)
        with self._lock:
            if growth > max(0, self._common):
                return False
            self._common -= growth
            return True


class Account:
    """The memory that is used for the objects of one cluster. `owner` names the cluster in the error."""

    def __init__(self, memory: Memory | None = None, owner: str = "this cluster") -> None:
        self._memory = memory or Memory()
        self._owner = owner
        self._used = self._kept = 0
        self._closed = False
        self._lock = threading.Lock()

    def charge(self, size: int, *, for_good: bool = False) -> None:
        """Count bytes that are kept from now on or, if negative, no longer. Raises TooManyObjects.

        Those that are kept `for_good` are not given back when the account is closed.
        """
        with self._lock:
            before = self._used + self._kept
            if self._closed or not self._memory.change(before, before + size):
                raise TooManyObjects(
                    f"isvclog keeps at most {MOST_KEPT >> 20} MiB of the objects of all clusters, and {self._owner} "
                    "has more, so it is read no further. Ask for fewer objects with `-n`, `-l` or a name, or for fewer "
                    "clusters with `--context`, and check that it is an API server."
                )
            if for_good:
                self._kept += size
            else:
                self._used += size

    def close(self) -> None:
        """Give all bytes back: nothing is kept any more. Whatever is charged later raises TooManyObjects."""
        with self._lock:
            self._memory.change(self._used + self._kept, self._kept)
            self._used, self._closed = 0, True


def weigh(value: Any) -> int:
    """Estimate the bytes of memory that plain data or a tuple take with everything in it."""
    size = sys.getsizeof(value)
    if isinstance(value, dict):
        return size + _weigh_all(chain(value, value.values()))
    return size + _weigh_all(value) if isinstance(value, tuple | list) else size


def _weigh_all(values: Iterable[Any]) -> int:
    return sum(map(weigh, values))
