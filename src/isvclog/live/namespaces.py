"""Namespaces whose pods KServe's webhook does not see, each read once."""

from isvclog.cluster import NAMESPACES, NotFound
from isvclog.keypath import mapping_at, string_at
from isvclog.kserve.apis.constants import EXCLUDING_LABEL
from isvclog.live.reader import FactReader

_OTHERWISE = f"whether they have the label {EXCLUDING_LABEL}, with which pods get no agent, is not checked"


class Namespaces:
    """The namespaces of a cluster with and without the label that keeps KServe's webhook away from their pods.

    With `everywhere`, one list covers them all; otherwise each one is read when it is needed.
    """

    def __init__(self, reader: FactReader, *, everywhere: bool = False) -> None:
        self._reader = reader
        self._everywhere = everywhere
        self._known: dict[str, bool | None] = {}
        self._labelled: frozenset[str] | None = None

    def excludes_pods(self, name: str) -> bool | None:
        """Check whether the webhook does not see the pods of a namespace; None if that cannot be read.

        Raises Unauthorized and Unreachable.
        """
        if name not in self._known:
            self._known[name] = self._listed(name) if self._everywhere else self._read(name)
        return self._known[name]

    def _listed(self, name: str) -> bool | None:
        if self._labelled is None:
            failures = self._reader.failures
            found = self._reader.list(NAMESPACES, "", _OTHERWISE, _name, EXCLUDING_LABEL)
            self._everywhere = self._reader.failures == failures
            self._labelled = frozenset(found)
        return name in self._labelled if self._everywhere else None

    def _read(self, name: str) -> bool | None:
        if self._labelled is not None:
            return None  # they may not be listed

        def read() -> bool | None:
            try:
                found = self._reader.cluster.get(NAMESPACES, name)
            except NotFound:  # it is being deleted
                return None
            return EXCLUDING_LABEL in mapping_at(found, ("metadata", "labels"))

        return self._reader.attempt(read, f"{NAMESPACES.kind} {name}", _OTHERWISE.replace("they have", "it has"))


def _name(data: dict[str, object]) -> str:
    return string_at(data, ("metadata", "name"))
