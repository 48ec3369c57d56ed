"""The rows of one cluster, kept up to date by the events of its watches."""

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

from isvclog.audit.model import Row
from isvclog.audit.packing import Name, Packed, unpack_pods, unpack_service
from isvclog.cluster import Account
from isvclog.drift import RunningPod
from isvclog.filenames import live_name
from isvclog.findings import NOWHERE, Finding, Severity
from isvclog.manifest import Object, live_object


class RowCache:
    """The services and pods of one cluster and their rows, updated as objects appear, change and disappear.

    Only the rows of services that a change concerns are built again. `make` builds the rows of a service from its pods,
    which are None unless `pods_known`. Rows are kept without the texts of their findings, which a table only counts.
    `account` is charged for all that is kept; every method that keeps something raises TooManyObjects.
    """

    def __init__(
        self, make: Callable[[Object, Sequence[RunningPod] | None], list[Row]], account: Account | None = None
    ) -> None:
        self.make = make
        self.pods_known = True
        self._account = account or Account()
        self._services: dict[Name, Packed] = {}
        self._pods: dict[Name, dict[Name, Packed]] = {}
        self._service_of: dict[Name, Name] = {}
        self._rows: dict[Name, list[Row]] = {}
        self._due: set[Name] = set()

    def service(self, packed: Packed, deleted: bool = False) -> None:
        """Store an InferenceService that is new or has changed; with `deleted`, remove it and its rows."""
        if not all(packed.name):
            return
        before = self._services.pop(packed.name, None)
        self._account.charge((0 if deleted else packed.size) - (before.size if before else 0))
        if deleted:
            self._keep_rows(packed.name, [])
            self._due.discard(packed.name)
        else:
            self._services[packed.name] = packed
            self._due.add(packed.name)

    def pod(self, packed: Packed, deleted: bool = False) -> None:
        """Store a pod that is new or has changed; with `deleted`, or if the pod has ended, remove it."""
        if not all(packed.name):
            return
        old = self._remove_pod(packed.name)
        pod = packed if packed.service and not deleted else None
        self._account.charge((pod.size if pod else 0) - (old.size if old else 0))
        if pod and pod.service:
            others = self._pods.setdefault(pod.service, {})
            others[pod.name] = pod.share(others.values())
            self._service_of[pod.name] = pod.service
        if pod != old:
            self._due.update(each.service for each in (old, pod) if each and each.service)

    def _remove_pod(self, name: Name) -> Packed | None:
        """Remove a pod and return it; None if there is no such pod."""
        service = self._service_of.pop(name, None)
        if service is None:
            return None
        pod = self._pods[service].pop(name)
        if not self._pods[service]:
            del self._pods[service]
        return pod

    def all_due(self) -> None:
        """Mark all rows as due, because a fact about all services has changed."""
        self._due.update(self._services)

    def update(self) -> None:
        """Build the rows that are due. Raises the errors of `make`; rows that were not built then stay due."""
        for name in sorted(self._due):
            if service := self._services.get(name):
                pods = unpack_pods(self._pods.get(name, {}).values()) if self.pods_known else None
                self._keep_rows(name, self.make(live_object(live_name(*name), unpack_service(service)), pods))
            self._due.discard(name)

    def _keep_rows(self, name: Name, rows: list[Row]) -> None:
        rows = [row._replace(findings=tuple(map(_counted, row.findings))) for row in rows]
        before = self._rows.pop(name, [])
        self._account.charge(sum(row.size for row in rows) - sum(row.size for row in before))
        if rows:
            self._rows[name] = rows

    def rows(self) -> Iterator[Row]:
        """Yield all rows as they were built last, sorted by namespace and name."""
        for name in sorted(self._rows):
            yield from self._rows[name]


def _counted(finding: Finding) -> Finding:
    return _finding(finding.severity, finding.rule)


@lru_cache(maxsize=1024)
def _finding(severity: Severity, rule: str) -> Finding:
    return Finding("", NOWHERE, severity, rule, "")
