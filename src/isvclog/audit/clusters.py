"""The work of `audit`: for each cluster, the facts, the pods, and then a row for each component of its services."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import NamedTuple

from isvclog.audit import Failure, Pods, Row, RowSettings, service_rows
from isvclog.cli.options.cluster import ClusterOptions
from isvclog.cli.options.scope import ClusterScope, open_scope
from isvclog.cli.terminal.messages import note
from isvclog.cli.terminal.progress import Bar
from isvclog.cluster import INFERENCE_SERVICES, PODS, ClusterError, Forbidden, is_label
from isvclog.drift import RunningPod
from isvclog.filenames import live_name
from isvclog.kserve.apis.constants import SERVICE_LABEL
from isvclog.lint.engine import LintSettings, select_rules
from isvclog.live import Facts, Overrides, UnreadableService
from isvclog.live.pruning import RULE
from isvclog.live.reader import Notify
from isvclog.manifest import Object, Source
from isvclog.rules.policy import Policy
from isvclog.suppressions import Suppressions

_SIDE_BY_SIDE = 8
"""Clusters that are read at the same time."""


class AuditPlan(NamedTuple):
    """The scope and the rules of an audit.

    `contexts` are the clusters; None means only the current one. `rules` are the names of the rules that may report,
    None for all.
    """

    names: Sequence[str]
    options: ClusterOptions
    contexts: Sequence[str] | None
    overrides: Overrides
    policy: Policy
    rules: frozenset[str] | None
    suppressions: Suppressions


class SearchedPlace(NamedTuple):
    """The place in which services are searched, for people.

    It comes before the rows of each cluster that can be reached.
    """

    place: str


class AuditContext(NamedTuple):
    """The facts and rules of one cluster, from which the rows of its services are built.

    `context` is the name of the cluster if there are several, and empty otherwise. The installation in `lint` has what
    all services have in common.
    """

    facts: Facts
    lint: LintSettings
    suppressions: Suppressions
    context: str

    def audit_service(self, obj: Object, pods: Sequence[RunningPod] | None) -> list[Row]:
        """Build the rows of a service; `pods` is None if they may not be read. Raises ClusterError."""
        lint = self.lint._replace(installation=self.facts.installation(obj.data))
        settings = RowSettings(lint, self.context, self.facts.config_known, pods is not None)
        pruned = self.facts.pruned(obj) if RULE in lint.names else ()
        return [self._reported(obj, row) for row in service_rows(obj, pods or (), settings, pruned)]

    def _reported(self, obj: Object, row: Row) -> Row:
        found, _ = self.suppressions.apply(Source(obj.file, b""), row.findings, {obj.label})
        if self.context:
            place = live_name(f"{self.context}/{obj.namespace}", obj.name)
            found = [finding._replace(file=place) for finding in found]
        return row._replace(findings=tuple(found))


def audit_context(facts: Facts, plan: AuditPlan, context: str | None) -> AuditContext:
    """Build the AuditContext of one cluster, with the rules for the release that runs there."""
    return AuditContext(facts, select_rules(facts.general, plan.policy, plan.rules), plan.suppressions, context or "")


def audit_all(plan: AuditPlan, bar: Bar) -> Iterator[Row | Failure | SearchedPlace]:
    """Yield the rows of all clusters, grouped by cluster, although several clusters are read at the same time."""
    if plan.contexts is None:
        yield from _audit_cluster(plan, None, bar)
        return
    pool = ThreadPoolExecutor(_SIDE_BY_SIDE)
    try:
        # As they come in, so that what has been read is printed though another one does not answer.
        groups = [pool.submit(lambda each: list(_audit_cluster(plan, each, bar)), context) for context in plan.contexts]
        for group in as_completed(groups):
            yield from group.result()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _audit_cluster(plan: AuditPlan, context: str | None, bar: Bar) -> Iterator[Row | Failure | SearchedPlace]:
    """Yield the rows of one cluster. A failure is yielded like a row, and does not end the audit of other clusters."""
    notify = make_notifier(context, bar)
    try:
        with open_scope(plan.names, None, in_context(plan.options, context), plan.overrides, notify) as scope:
            yield SearchedPlace(scope.place)
            yield from _rows(scope, audit_context(scope.facts, plan, context), bar, notify)
    except ClusterError as error:
        yield Failure(context or "", str(error))


def in_context(options: ClusterOptions, context: str | None) -> ClusterOptions:
    """Select one of several clusters in the options; None keeps them unchanged."""
    return options if context is None else options._replace(context=context)


def make_notifier(context: str | None, bar: Bar | None = None) -> Notify:
    """Create a function that prints a note about a cluster, with the name `context` if there are several.

    If there is a bar, it is cleared first, so that the note has a line of its own.
    """

    def notify(sentence: str) -> None:
        if bar:
            bar.clear()
        note(sentence if context is None else f"{context}: {sentence}")

    return notify


def _rows(scope: ClusterScope, context: AuditContext, bar: Bar, notify: Notify) -> Iterator[Row | Failure]:
    if bar.shown and not scope.names:
        bar.expect(_count(scope))
    pods = _pods(scope, bar, notify)
    for item in scope.services():
        if isinstance(item, UnreadableService):
            yield Failure(context.context, item.reason)
        else:
            yield from context.audit_service(item, pods.of(item.namespace, item.name) if pods else None)
        bar.step(services=1)


def _pods(scope: ClusterScope, bar: Bar, notify: Notify) -> Pods | None:
    """Collect the pods of the services, with one list for each namespace; None if they may not be read."""
    pods = Pods()
    try:
        for place, selector in _selectors(scope.namespace, scope.names):
            for item in scope.cluster.list(PODS, place, selector):
                pods.add(item)
                bar.step(pods=1)
    except Forbidden as error:
        notify(f"what runs is not known: {error}")
        return None
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
        listing = scope.cluster.list(INFERENCE_SERVICES, scope.namespace, scope.options.selector or "", limit=1)
        return 1 + (listing.remaining or 0) if next(iter(listing), None) else 0
    except ClusterError:
        return 0
