"""The results of one cluster in little memory, while those of another cluster are printed."""

import pickle
import zlib
from collections.abc import Iterator

from isvclog.audit.model import Failure, Row, SearchedPlace
from isvclog.cluster import Account, Memory

_TOGETHER = 200
_FAST = 1

Result = Row | Failure | SearchedPlace


class PackedResults:
    """Rows and failures in their order, compressed. Adding them raises TooManyObjects if `memory` has no room."""

    def __init__(self, memory: Memory | None) -> None:
        self._account = Account(memory)
        self._packed: list[bytes] = []
        self._last: list[Result] = []

    def add(self, result: Result) -> None:
        """Add a result."""
        self._last.append(result)
        if len(self._last) >= _TOGETHER:
            self.pack()

    def pack(self) -> None:
        """Compress the last results, too."""
        packed = zlib.compress(pickle.dumps(self._last), _FAST)
        self._account.charge(len(packed))
        self._packed.append(packed)
        self._last = []

    def clear(self) -> None:
        """Remove all results."""
        self._account.close()
        self._packed, self._last = [], []

    def __iter__(self) -> Iterator[Result]:
        """Yield and remove all results."""
        for packed in self._packed:
            yield from pickle.loads(zlib.decompress(packed))
        yield from self._last
        self.clear()
