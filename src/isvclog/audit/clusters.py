"""Audits of several clusters side by side: for each one the facts, the pods, and then the rows of its services."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from threading import Lock
from typing import Protocol

from isvclog.audit.model import Failure, Row, SearchedPlace, shown_failure
from isvclog.audit.packing import pack_pod
from isvclog.audit.pods import Pods
from isvclog.audit.results import PackedResults
from isvclog.audit.rows import RowSettings, service_rows
from isvclog.cluster import INFERENCE_SERVICES, PODS, ClusterError, Forbidden, Memory, is_label
from isvclog.drift import RunningPod
from isvclog.kserve.apis.constants import SERVICE_LABEL
from isvclog.lint.engine import LintSettings, select_rules
from isvclog.live import Facts, UnreadableService
from isvclog.live.pruning import RULE
from isvclog.live.reader import Notify
from isvclog.live.scope import ClusterScope, ScopeSettings, open_scope
from isvclog.manifest import Object
from isvclog.records import NamedTuple
from isvclog.rules.policy import Policy
from isvclog.suppressions import Suppressions

_SIDE_BY_SIDE = 4
"""The maximum number of clusters that are read at the same time. Each may have an answer in memory."""
_BUILDING = Lock()
"""Held while rows are built, as findings may take many times the memory of a service. No server is waited for then."""


class AuditPlan(NamedTuple):
    """The clusters, services and rules of an audit.

    `contexts` are the clusters, selected in place of the one of `scope`; None means only that one. `rules` are the
    names of the rules that may report, None for all. Secrets are masked unless `reveal` is true. All that is kept of
    the clusters has to fit into `memory`; None means that each cluster has its own.
    """

    scope: ScopeSettings
    contexts: Sequence[str] | None
    policy: Policy
    rules: frozenset[str] | None
    suppressions: Suppressions
    reveal: bool = False
    memory: Memory | None = None

    def scope_in(self, context: str | None) -> ScopeSettings:
        """Return the settings for one of the contexts, or for the cluster of `scope` if it is None."""
        access = self.scope.access._replace(memory=self.memory)
        return self.scope._replace(access=access if context is None else access._replace(context=context))


class AuditContext(NamedTuple):
    """The facts and rules of one cluster, from which the rows of its services are built.

    `context` is the name of the cluster if there are several, and empty otherwise. The installation in `lint` has what
    all services have in common.
    """

    facts: Facts
    lint: LintSettings
    suppressions: Suppressions
    context: str
    reveal: bool = False

    def audit_service(self, obj: Object, pods: Sequence[RunningPod] | None) -> list[Row]:
        """Build the rows of a service; `pods` is None if they may not be read. Raises ClusterError."""
        lint = self.lint._replace(installation=self.facts.installation(obj.data))
        settings = RowSettings(
            lint, self.context, self.suppressions, self.facts.config_known, pods is not None, self.reveal
        )
        pruned = self.facts.pruned(obj) if RULE in lint.names else ()
        running = None if pods is None else {pod.component for pod in pods}
        refusals = self.facts.workloads.refusals(obj.data, running)
        with _BUILDING:
            return service_rows(obj, pods or (), settings, pruned, refusals)


def audit_context(facts: Facts, plan: AuditPlan, context: str | None) -> AuditContext:
    """Build the AuditContext of one cluster, with the rules for the release that runs there."""
    return AuditContext(
        facts, select_rules(facts.general, plan.policy, plan.rules), plan.suppressions, context or "", plan.reveal
    )


def notifier_in(context: str | None, notify: Notify) -> Notify:
    """Create a function that puts the name of a cluster, if there are several, before each sentence for `notify`."""
    return notify if context is None else lambda sentence: notify(f"{context}: {sentence}")


class AuditProgress(Protocol):
    """A receiver of progress and notes, which several threads call. Services are counted first only if `shown`."""

    shown: bool

    def expect(self, services: int) -> None:
        """Add to the number of services that will come."""

    def step(self, services: int = 0, pods: int = 0) -> None:
        """Add to the numbers of services and pods that are done."""

    def notify(self, sentence: str) -> None:
        """Take a sentence for people."""


def audit_all(plan: AuditPlan, progress: AuditProgress) -> Iterator[Row | Failure | SearchedPlace]:
    """Yield the rows of all clusters, grouped by cluster, although several clusters are read at the same time."""
    if plan.contexts is None:
        yield from _audit_cluster(plan, None, progress)
        return
    pool = ThreadPoolExecutor(_SIDE_BY_SIDE)
    try:
        # In the order in which they end, so that the rows of a cluster are printed although another one is slow.
        # Nothing else refers to them, so that they are in memory only until then.
        for group in as_completed([pool.submit(_packed_results, plan, name, progress) for name in plan.contexts]):
            yield from group.result()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _packed_results(plan: AuditPlan, context: str, progress: AuditProgress) -> PackedResults:
    """Audit one cluster to its end."""
    results = PackedResults(plan.memory)
    try:
        for item in _audit_cluster(plan, context, progress):
            results.add(item)
        results.pack()
    except ClusterError as error:
        results.clear()
        results.add(shown_failure(context, str(error), plan.reveal))
    return results


def _audit_cluster(
    plan: AuditPlan, context: str | None, progress: AuditProgress
) -> Iterator[Row | Failure | SearchedPlace]:
    """Yield the rows of one cluster. A failure is yielded like a row, and does not end the audit of other clusters."""
    notify = notifier_in(context, progress.notify)
    try:
        with open_scope(plan.scope_in(context), notify) as scope:
            yield _searched(scope, context)
            yield from _rows(scope, audit_context(scope.facts, plan, context), progress)
    except ClusterError as error:
        yield shown_failure(context, str(error), plan.reveal)


def _searched(scope: ClusterScope, context: str | None) -> SearchedPlace:
    names = [name if "/" in name else f"{scope.cluster.namespace}/{name}" for name in scope.settings.names]
    return SearchedPlace(scope.place, context or "", scope.namespace, names)


def _rows(scope: ClusterScope, context: AuditContext, progress: AuditProgress) -> Iterator[Row | Failure]:
    if progress.shown and not scope.settings.names:
        progress.expect(_count(scope))
    pods: Pods | None = None
    try:
        pods = _pods(scope, progress)
    except Forbidden as error:
        yield shown_failure(context.context, f"the agents that run are unknown: {error}", context.reveal)
    for item in scope.services():
        if isinstance(item, UnreadableService):
            yield shown_failure(context.context, item.reason, context.reveal)
        else:
            for row in context.audit_service(item, pods.of(item.namespace, item.name) if pods else None):
                scope.cluster.account.charge(row.size, for_good=True)  # a table is printed when all rows are there
                yield row
        progress.step(services=1)


def _pods(scope: ClusterScope, progress: AuditProgress) -> Pods:
    """Collect the pods of the services, with one list for each namespace. Raises Forbidden if they may not be read."""
    pods = Pods(scope.cluster.account)
    for namespace, selector in _selectors(scope.namespace, scope.settings.names):
        for pod in scope.cluster.list(PODS, namespace, selector, read=pack_pod):
            pods.add(pod)
            progress.step(pods=1)
    return pods


def _selectors(namespace: str, names: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield each namespace to search for pods, with a label selector.

    Names that are invalid or too long for a label are skipped, because no label can contain them.
    """
    if not names:
        yield namespace, SERVICE_LABEL
        return
    wanted: dict[str, list[str]] = {}
    for name in names:
        place, slash, short = name.rpartition("/")
        if is_label(short) and (is_label(place) or not slash):
            wanted.setdefault(place or namespace, []).append(short)
    for place, each in wanted.items():
        yield place, f"{SERVICE_LABEL} in ({','.join(each)})"


def _count(scope: ClusterScope) -> int:
    """Count the services, as far as the server reports their number without listing them."""
    try:
        listing = scope.cluster.list(INFERENCE_SERVICES, scope.namespace, scope.settings.selector, limit=1)
        return 1 + (listing.remaining or 0) if next(iter(listing), None) else 0
    except ClusterError:
        return 0
