"""The rows of one cluster, kept current by what its watches tell."""

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from isvclog.audit.pods import lend_strings
from isvclog.filenames import live_name
from isvclog.keypath import string_at
from isvclog.kserve.running import RunningPod, read_pod
from isvclog.manifest import Object, live_object
from isvclog.report.audit.rows import Row

Name = tuple[str, str]
"""Namespace and name of a service or pod."""


def name_of(data: dict[str, Any]) -> Name | None:
    """What an object is called; None for one that has no name or namespace."""
    namespace, name = (string_at(data, ("metadata", key)) for key in ("namespace", "name"))
    return (namespace, name) if namespace and name else None


class RowCache:
    """Takes objects as they come and go, and makes the rows again of the services that they concern.

    `make` makes the rows of a service of its pods, which are None unless `pods_known`.
    """

    def __init__(self, make: Callable[[Object, Sequence[RunningPod] | None], list[Row]]) -> None:
        self.make = make
        self.pods_known = True
        self._services: dict[Name, bytes] = {}
        self._pods: dict[Name, dict[Name, RunningPod]] = {}
        self._service_of: dict[Name, Name] = {}
        self._rows: dict[Name, list[Row]] = {}
        self._due: set[Name] = set()

    def service(self, data: dict[str, Any], gone: bool = False) -> None:
        """An InferenceService is there, has changed, or is gone."""
        if (name := name_of(data)) is None:
            return
        if gone:
            self._services.pop(name, None)
            self._rows.pop(name, None)
            self._due.discard(name)
        else:
            self._services[name] = _packed(data)
            self._due.add(name)

    def pod(self, data: dict[str, Any], gone: bool = False) -> None:
        """A pod is there, has changed, or is gone; one that has ended counts as gone."""
        if (own := name_of(data)) is None:
            return
        pod = None if gone else read_pod(data)
        service = (pod.namespace, pod.service) if pod else None
        before = self._service_of.pop(own, None)
        old = self._pods[before].pop(own) if before else None
        if before and not self._pods[before]:
            del self._pods[before]
        if pod and service:
            self._service_of[own] = service
            others = self._pods.setdefault(service, {})
            others[own] = lend_strings(pod, others.values()) or pod
        if pod != old:
            self._due.update(filter(None, (before, service)))

    def all_due(self) -> None:
        """Make all rows anew, for a fact about all services has changed."""
        self._due.update(self._services)

    def update(self) -> None:
        """Make the rows that are due. Raises what `make` does; what was not made then stays due."""
        for name in sorted(self._due):
            if name in self._services:
                pods = list(self._pods.get(name, {}).values()) if self.pods_known else None
                self._rows[name] = self.make(live_object(live_name(*name), json.loads(self._services[name])), pods)
            self._due.discard(name)

    def rows(self) -> Iterator[Row]:
        """All rows as they were made last, by namespace and name."""
        for name in sorted(self._rows):
            yield from self._rows[name]


def _packed(service: dict[str, Any]) -> bytes:
    """A service as JSON, a fraction of its size as data; without who manages its fields, which is half of it."""
    metadata = {key: value for key, value in service["metadata"].items() if key != "managedFields"}
    return json.dumps({**service, "metadata": metadata}).encode()
