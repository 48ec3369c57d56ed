"""Deployments and ReplicaSets whose pods the API server refuses, listed only where pods are missing.

The controllers of Kubernetes repeat the API server's words in the condition `ReplicaFailure` (calculateStatus of
pkg/controller/replicaset/replica_set_utils.go, syncRolloutStatus of pkg/controller/deployment/progress.go). Knative's
revisions have Deployments, too.
"""

from collections.abc import Collection, Mapping
from time import monotonic
from typing import Any

from isvclog.cluster import DEPLOYMENTS, REPLICA_SETS, Resource, weigh
from isvclog.keypath import mapping_at, mappings_at, string_at, strings_at, value_at
from isvclog.kserve.apis import constants as c
from isvclog.kserve.apis.status import is_ready, is_refusal_reported
from isvclog.live.reader import FactReader
from isvclog.records import NamedTuple

_OTHERWISE = "the reason for missing pods is read from the services only"

_Key = tuple[str, str, str]
"""Namespace, service and component."""


class _Workload(NamedTuple):
    """The part of a Deployment or ReplicaSet that says whether pods are missing, and why."""

    key: _Key
    is_short: bool
    refusal: str


class Workloads:
    """The reasons why pods of services are missing, from one list of each kind for a namespace.

    With `everywhere`, one list covers all namespaces.
    """

    def __init__(self, reader: FactReader, *, everywhere: bool = False) -> None:
        self._reader = reader
        self._everywhere = everywhere
        self._refusals: dict[str, dict[_Key, str]] = {}
        self._listed: dict[str, float] = {}

    def refusals(self, data: Mapping[str, Any], running: Collection[str] | None) -> Mapping[str, str]:
        """Find the words with which the API server refuses pods of a service, by component.

        Nothing is read for a component that has pods and is ready, or whose status has the words. `running` are the
        components with pods, None if this is unknown. Raises Unauthorized, Unreachable and TooManyObjects.
        """
        if is_ready(data) or _is_stopped(data):
            return {}
        namespace, name = (string_at(data, ("metadata", key)) for key in ("namespace", "name"))
        wanted = [each for each in c.COMPONENTS if _may_be_short(data, each, running)]
        found = self._of(namespace) if wanted else {}
        return {each: found[namespace, name, each] for each in wanted if (namespace, name, each) in found}

    def forget(self, age: float = 0) -> None:
        """Forget what was listed so many seconds ago, so that it is listed again when it is needed."""
        now = monotonic()
        for place in [each for each, listed in self._listed.items() if now - listed >= age]:
            self._reader.cluster.account.charge(-weigh(self._refusals.pop(place)))
            del self._listed[place]

    def _of(self, namespace: str) -> Mapping[_Key, str]:
        place = "" if self._everywhere else namespace
        if place not in self._refusals:
            found = self._list(place)
            self._reader.cluster.account.charge(weigh(found))
            self._refusals[place], self._listed[place] = found, monotonic()
        return self._refusals[place]

    def _list(self, place: str) -> dict[_Key, str]:
        """List the Deployments and, only if some of them lack pods without a reason, the ReplicaSets."""
        short = self._short(DEPLOYMENTS, place)
        if not all(short.values()):
            short |= {key: words for key, words in self._short(REPLICA_SETS, place).items() if words}
        return {key: words for key, words in short.items() if words}

    def _short(self, resource: Resource, place: str) -> dict[_Key, str]:
        found: dict[_Key, str] = {}
        for workload in self._reader.list(resource, place, _OTHERWISE, _read, c.SERVICE_LABEL):
            if workload.is_short or workload.refusal:
                found[workload.key] = found.get(workload.key) or workload.refusal
        return found


def _is_stopped(data: Mapping[str, Any]) -> bool:
    return strings_at(data, ("metadata", "annotations")).get(c.STOP_ANNOTATION, "").lower() == "true"


def _may_be_short(data: Mapping[str, Any], component: str, running: Collection[str] | None) -> bool:
    """Check whether a component has a logger and may lack pods for a reason that its status does not have."""
    logs = mapping_at(data, ("spec", component, "logger")) or (
        component in mapping_at(data, ("spec",)) and c.LOGGER in strings_at(data, ("metadata", "annotations"))
    )
    lacks = is_ready(data) is False or (running is not None and component not in running)
    return bool(logs) and lacks and not is_refusal_reported(data, component)


def _read(data: dict[str, Any]) -> _Workload:
    labels = strings_at(data, ("metadata", "labels"))
    key = string_at(data, ("metadata", "namespace")), labels.get(c.SERVICE_LABEL, ""), labels.get(c.COMPONENT_LABEL, "")
    wanted = value_at(data, ("spec", "replicas"))
    created = value_at(data, ("status", "replicas"))
    return _Workload(key, _count(created, 0) < _count(wanted, 1), _refusal(data))


def _count(value: Any, default: int) -> int:
    return value if type(value) is int else default


def _refusal(data: Mapping[str, Any]) -> str:
    for item in mappings_at(data, ("status", "conditions")):
        if item.get("type") == "ReplicaFailure" and item.get("status") == "True":
            return string_at(item, ("message",)) or string_at(item, ("reason",))
    return ""
