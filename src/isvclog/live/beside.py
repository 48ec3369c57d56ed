"""Objects of a cluster beside its services that change what loggers do: TrustyAIServices and InferenceGraphs."""

from collections.abc import Mapping
from typing import Any

from isvclog.cluster import INFERENCE_GRAPHS, TRUSTYAI_SERVICES, MissingKind, Resource
from isvclog.keypath import mapping_at
from isvclog.kserve.apis.constants import COMPONENTS, PREDICTOR
from isvclog.live.reader import FactReader
from isvclog.rules.beside import NOTHING_BESIDE, Beside, ServiceKey, key_of, steps_of

_TRUSTYAI = tuple(TRUSTYAI_SERVICES._replace(version=version) for version in ("v1", TRUSTYAI_SERVICES.version))
"""The versions of the API, newest first (api/tas of trustyai-service-operator)."""
_OTHERWISE = "whether they change what loggers send is not checked"


class ClusterBeside:
    """The TrustyAIServices and InferenceGraphs of a cluster, listed once for a namespace when they are needed.

    With `everywhere`, one list covers all namespaces. A cluster without the kinds has none of them.
    """

    def __init__(self, reader: FactReader, *, everywhere: bool = False) -> None:
        self._reader = reader
        self._everywhere = everywhere
        self._trustyai: dict[str, Mapping[str, str]] = {}
        self._graphs: dict[str, Mapping[ServiceKey, str]] = {}

    def of(self, data: Mapping[str, Any]) -> Beside:
        """Collect the objects that change what the loggers of a service do. Raises Unauthorized and Unreachable."""
        loggers = {name: mapping_at(data, ("spec", name, "logger")) for name in COMPONENTS}
        namespace, _ = key_of(data)
        trustyai = self._trustyai_of(namespace) if loggers[PREDICTOR] else {}
        graphs = self._graphs_of(namespace) if any("metadataHeaders" in each for each in loggers.values()) else {}
        return Beside(trustyai, graphs) if trustyai or graphs else NOTHING_BESIDE

    def changes(self, data: Mapping[str, Any]) -> Beside | None:
        """Return the objects beside a service; None if none of them concerns it."""
        found, key = self.of(data), key_of(data)
        return found if key[0] in found.trustyai or key in found.graphs else None

    def _trustyai_of(self, namespace: str) -> Mapping[str, str]:
        place = "" if self._everywhere else namespace
        if place not in self._trustyai:
            keys = next((found for version in _TRUSTYAI if (found := self._list(version, place)) is not None), [])
            self._trustyai[place] = {each: name for (each, name), _ in keys}
        return self._trustyai[place]

    def _graphs_of(self, namespace: str) -> Mapping[ServiceKey, str]:
        place = "" if self._everywhere else namespace
        if place not in self._graphs:
            found = self._list(INFERENCE_GRAPHS, place) or []
            self._graphs[place] = {step: name for (_, name), steps in found for step in steps}
        return self._graphs[place]

    def _list(self, resource: Resource, place: str) -> list[tuple[ServiceKey, tuple[ServiceKey, ...]]] | None:
        """List the objects of a kind, each with the services that a graph names; None if the cluster has no such kind.

        What may not be read is reported, and counts as missing.
        """
        try:
            return self._reader.list(resource, place, _OTHERWISE, _read, is_optional=True)
        except MissingKind:
            return None


def _read(data: Mapping[str, Any]) -> tuple[ServiceKey, tuple[ServiceKey, ...]]:
    return key_of(data), tuple(sorted(steps_of(data)))
