"""The state of one watched cluster: rows that are built again when a service, its pods or the ConfigMap changes."""

from collections.abc import Iterator
from typing import Any

from isvclog.audit import Row
from isvclog.audit.cache import RowCache, name_of
from isvclog.audit.clusters import AuditPlan, audit_context, make_notifier
from isvclog.cli.options.scope import ClusterScope
from isvclog.cluster import INFERENCE_SERVICES, PODS, ClusterError, Resource, WatchEvent
from isvclog.kserve.apis.installation import ConfigError, read_config
from isvclog.live import read_facts


class ClusterState:
    """The rows of one watched cluster.

    They are updated by events of the services that `look` selects, of their pods and of the ConfigMap.
    """

    def __init__(self, scope: ClusterScope, plan: AuditPlan, context: str | None) -> None:
        self._look, self._plan, self._context = scope, plan, context
        self._current = RowCache(audit_context(scope.facts, plan, context).audit_service)
        # What is judged by, None for what KServe ships; and the ConfigMap that came last, until it is judged by.
        self._config = scope.facts.config if scope.facts.config_known else None
        self._config_map: dict[str, Any] | None = None

    def observe(self, resource: Resource, event: WatchEvent) -> None:
        """Apply an event: an object exists, has changed or was deleted.

        If the ConfigMap was deleted, its last content remains in use.
        """
        gone = event.type == "DELETED"
        if resource is INFERENCE_SERVICES:
            if self._is_meant(event):
                self._current.service(event.object, gone)
        elif resource is PODS:
            self._current.pod(event.object, gone)
        elif not gone:  # of one that is gone, what was read counts on
            self._config_map = event.object

    def lose_pods(self) -> None:
        """Treat all pods as unknown from now on."""
        self._current.pods_known = False
        self._current.all_due()

    def renew(self) -> Iterator[ClusterError]:
        """Build the rows that are due, and yield the errors that prevent it. Rows that fail stay unchanged and due."""
        for step in (self._use_config, self._current.update):
            try:
                step()
            except ClusterError as error:
                yield error

    def rows(self) -> Iterator[Row]:
        """Return all rows as they were built last, sorted by namespace and name."""
        return self._current.rows()

    def _is_meant(self, event: WatchEvent) -> bool:
        wanted, called = self._look.names, name_of(event.object)
        if not wanted or called is None:
            return True
        return "/".join(called) in wanted or (called[0] == self._look.cluster.namespace and called[1] in wanted)

    def _use_config(self) -> None:
        """Use the ConfigMap that was received last from now on.

        Raises ClusterError if it cannot be used; it is then tried again the next time.
        """
        if self._config_map is None:
            return
        try:
            config = read_config(self._config_map)
            if config != self._config:
                overrides = self._look.overrides._replace(config=config)
                facts = read_facts(self._look.cluster, overrides, make_notifier(self._context))
                self._config = facts.config
                self._current.make = audit_context(facts, self._plan, self._context).audit_service
                self._current.all_due()
        except (ClusterError, ConfigError) as error:
            sentence = f"what was known of KServe before counts on: {str(error).rstrip('.')}."
            raise ClusterError(sentence) from None
        self._config_map = None
