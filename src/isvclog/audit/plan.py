"""The plan of an audit, and what its rows are built from in each cluster."""

from collections.abc import Sequence
from typing import NamedTuple

from isvclog.audit.model import Row
from isvclog.audit.rows import RowSettings, service_rows
from isvclog.drift import RunningPod
from isvclog.filenames import live_name
from isvclog.lint.engine import LintSettings, select_rules
from isvclog.live import Facts
from isvclog.live.pruning import RULE
from isvclog.live.reader import Notify
from isvclog.live.scope import ScopeSettings
from isvclog.manifest import Object, Source
from isvclog.rules.policy import Policy
from isvclog.suppressions import Suppressions


class AuditPlan(NamedTuple):
    """The clusters, services and rules of an audit.

    `contexts` are the clusters, selected in place of the one of `scope`; None means only that one. `rules` are the
    names of the rules that may report, None for all.
    """

    scope: ScopeSettings
    contexts: Sequence[str] | None
    policy: Policy
    rules: frozenset[str] | None
    suppressions: Suppressions

    def scope_in(self, context: str | None) -> ScopeSettings:
        """Return the settings for one of the contexts, or for the cluster of `scope` if it is None."""
        if context is None:
            return self.scope
        return self.scope._replace(access=self.scope.access._replace(context=context))


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
        return [self._without_suppressed(obj, row) for row in service_rows(obj, pods or (), settings, pruned)]

    def _without_suppressed(self, obj: Object, row: Row) -> Row:
        findings, _ = self.suppressions.apply(Source(obj.file, b""), row.findings, {obj.label})
        if self.context:
            place = live_name(f"{self.context}/{obj.namespace}", obj.name)
            findings = [finding._replace(file=place) for finding in findings]
        return row._replace(findings=tuple(findings))


def audit_context(facts: Facts, plan: AuditPlan, context: str | None) -> AuditContext:
    """Build the AuditContext of one cluster, with the rules for the release that runs there."""
    return AuditContext(facts, select_rules(facts.general, plan.policy, plan.rules), plan.suppressions, context or "")


def notifier_in(context: str | None, notify: Notify) -> Notify:
    """Create a function that puts the name of a cluster, if there are several, before each sentence for `notify`."""
    return notify if context is None else lambda sentence: notify(f"{context}: {sentence}")
