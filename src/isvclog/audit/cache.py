"""The rows of one cluster, kept up to date by the events of its watches."""

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from isvclog.audit.model import Row
from isvclog.audit.pods import lend_strings
from isvclog.drift import RunningPod, read_pod
from isvclog.filenames import live_name
from isvclog.keypath import string_at
from isvclog.manifest import Object, live_object

Name = tuple[str, str]
"""Namespace and name of a service or pod."""


def name_of(data: dict[str, Any]) -> Name | None:
    """Return the namespace and name of an object, or None if it lacks one of them."""
    namespace, name = (string_at(data, ("metadata", key)) for key in ("namespace", "name"))
    return (namespace, name) if namespace and name else None


class RowCache:
    """The services and pods of one cluster and their rows, updated as objects appear, change and disappear.

    Only the rows of services that a change concerns are built again. `make` builds the rows of a service from its pods,
    which are None unless `pods_known`.
    """

    def __init__(self, make: Callable[[Object, Sequence[RunningPod] | None], list[Row]]) -> None:
        self.make = make
        self.pods_known = True
        self._services: dict[Name, bytes] = {}
        self._pods: dict[Name, dict[Name, RunningPod]] = {}
        self._service_of: dict[Name, Name] = {}
        self._rows: dict[Name, list[Row]] = {}
        self._due: set[Name] = set()

    def service(self, data: dict[str, Any], deleted: bool = False) -> None:
        """Store an InferenceService that is new or has changed; with `deleted`, remove it and its rows."""
        if (name := name_of(data)) is None:
            return
        if deleted:
            self._services.pop(name, None)
            self._rows.pop(name, None)
            self._due.discard(name)
        else:
            self._services[name] = _packed(data)
            self._due.add(name)

    def pod(self, data: dict[str, Any], deleted: bool = False) -> None:
        """Store a pod that is new or has changed; with `deleted`, or if the pod has ended, remove it."""
        if (name := name_of(data)) is None:
            return
        pod = None if deleted else read_pod(data)
        old_service, old = self._remove_pod(name)
        service = (pod.namespace, pod.service) if pod else None
        if pod and service:
            self._service_of[name] = service
            others = self._pods.setdefault(service, {})
            others[name] = lend_strings(pod, others.values()) or pod
        if pod != old:
            self._due.update(filter(None, (old_service, service)))

    def _remove_pod(self, name: Name) -> tuple[Name | None, RunningPod | None]:
        """Remove a pod; return the service that it belonged to, and the pod, or None for both."""
        service = self._service_of.pop(name, None)
        if service is None:
            return None, None
        pod = self._pods[service].pop(name)
        if not self._pods[service]:
            del self._pods[service]
        return service, pod

    def all_due(self) -> None:
        """Mark all rows as due, because a fact about all services has changed."""
        self._due.update(self._services)

    def update(self) -> None:
        """Build the rows that are due. Raises the errors of `make`; rows that were not built then stay due."""
        for name in sorted(self._due):
            if name in self._services:
                pods = list(self._pods.get(name, {}).values()) if self.pods_known else None
                self._rows[name] = self.make(live_object(live_name(*name), json.loads(self._services[name])), pods)
            self._due.discard(name)

    def rows(self) -> Iterator[Row]:
        """Yield all rows as they were built last, sorted by namespace and name."""
        for name in sorted(self._rows):
            yield from self._rows[name]


def _packed(service: dict[str, Any]) -> bytes:
    """Encode a service as JSON, which needs a fraction of the memory of its data.

    `managedFields`, which are half of a service, are dropped.
    """
    metadata = {key: value for key, value in service["metadata"].items() if key != "managedFields"}
    return json.dumps({**service, "metadata": metadata}).encode()
