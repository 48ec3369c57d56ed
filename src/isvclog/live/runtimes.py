"""The runtimes in a cluster that its services need, each read once."""

from collections.abc import Mapping
from typing import Any

from isvclog.cluster import CLUSTER_SERVING_RUNTIMES, SERVING_RUNTIMES, MissingKind, NotFound, Resource
from isvclog.keypath import mapping_at, string_at
from isvclog.kserve.apis.implementation import FRAMEWORKS
from isvclog.kserve.apis.runtimes import Runtime, read_runtime
from isvclog.live.reader import FactReader
from isvclog.records import NamedTuple

_OTHERWISE = "what they add to pods is unknown"


class RuntimeReference(NamedTuple):
    """The runtime of a predictor: its name, empty if unknown, and whether it is the cluster's, None if unknown."""

    name: str = ""
    of_cluster: bool | None = None

    def fits(self, runtime: Runtime) -> bool:
        """Check whether this runtime may be the wanted one."""
        return self.name in ("", runtime.name) and self.of_cluster in (None, runtime.namespace is None)


def wanted_runtime(data: Mapping[str, Any]) -> RuntimeReference | None:
    """Find the runtime that the service names, or else the one in its status; None if it needs none.

    The status has the runtime that KServe chose.
    """
    predictor = mapping_at(data, ("spec", "predictor"))
    model = mapping_at(predictor, ("model",))
    if not model and not any(name in predictor for name in FRAMEWORKS):
        return None
    named = model.get("runtime")
    for field, of_cluster in (("servingRuntimeName", False), ("clusterServingRuntimeName", True)):
        chosen = string_at(data, ("status", field))
        if chosen and named in (None, chosen):
            return RuntimeReference(chosen, of_cluster)
    return RuntimeReference(named if isinstance(named, str) else "")


class Runtimes:
    """The runtimes of a cluster, read when they are needed.

    With `many`, they are listed instead of read by name; with `everywhere`, one list covers all namespaces.
    """

    def __init__(self, reader: FactReader, *, many: bool = False, everywhere: bool = False) -> None:
        self._reader = reader
        self._many, self._everywhere = many, everywhere
        self._listed: dict[str | None, tuple[Runtime, ...]] = {}
        self._named: dict[tuple[RuntimeReference, str], tuple[Runtime, ...]] = {}
        self.complete = True
        """False as soon as the cluster did not report some of the runtimes that were asked for."""

    def of(self, wanted: RuntimeReference, namespace: str) -> tuple[Runtime, ...]:
        """Find the runtimes that may be the wanted one; none if the cluster does not report them."""
        failures = self._reader.failures
        found = self._of(wanted, namespace)
        self.complete = self.complete and self._reader.failures == failures
        return found

    def _of(self, wanted: RuntimeReference, namespace: str) -> tuple[Runtime, ...]:
        if wanted.name and not self._many:
            key = (wanted, namespace)
            if key not in self._named:
                self._named[key] = self._get(wanted, namespace)
            return self._named[key]
        own = () if wanted.of_cluster else self._of_namespace(namespace)
        shared = () if wanted.of_cluster is False else self._of_cluster()
        return tuple(runtime for runtime in (*own, *shared) if wanted.fits(runtime))

    def _get(self, wanted: RuntimeReference, namespace: str) -> tuple[Runtime, ...]:
        """Read a runtime by its name: the namespace's or, if that is missing or disabled, also the cluster's."""
        unknown = "what it adds to the pod is unknown"
        found: list[Runtime] = []
        if not wanted.of_cluster:
            otherwise = unknown if wanted.of_cluster is False else "only ClusterServingRuntimes are used"
            found += self._existing(SERVING_RUNTIMES, wanted.name, namespace, otherwise)
        if wanted.of_cluster or (wanted.of_cluster is None and not any(not each.disabled for each in found)):
            found += self._existing(CLUSTER_SERVING_RUNTIMES, wanted.name, "", unknown)
        return tuple(found)

    def _existing(self, resource: Resource, name: str, namespace: str, otherwise: str) -> list[Runtime]:
        """Read one runtime. That it does not exist is an answer, of which the prediction says what follows."""

        def read() -> list[Runtime]:
            try:
                return [read_runtime(self._reader.cluster.get(resource, name, namespace))]
            except MissingKind:
                raise
            except NotFound:
                return []

        place = f"{namespace}/" if namespace else ""
        return self._reader.attempt(read, f"{resource.kind} {place}{name}", otherwise) or []

    def _of_namespace(self, namespace: str) -> tuple[Runtime, ...]:
        if self._everywhere and "" not in self._listed:
            self._listed[""] = ()
            grouped: dict[str | None, list[Runtime]] = {}
            for runtime in self._reader.list(SERVING_RUNTIMES, "", _OTHERWISE, read_runtime):
                grouped.setdefault(runtime.namespace, []).append(runtime)
            self._listed |= {name: tuple(runtimes) for name, runtimes in grouped.items()}
        if not self._everywhere and namespace not in self._listed:
            self._listed[namespace] = tuple(self._reader.list(SERVING_RUNTIMES, namespace, _OTHERWISE, read_runtime))
        return self._listed.get(namespace, ())

    def _of_cluster(self) -> tuple[Runtime, ...]:
        if None not in self._listed:
            self._listed[None] = tuple(self._reader.list(CLUSTER_SERVING_RUNTIMES, "", _OTHERWISE, read_runtime))
        return self._listed[None]
