"""The state of one watched cluster: rows that are built again when a service, its pods or the ConfigMap changes."""

from collections.abc import Iterator
from typing import Any

from isvclog.audit.cache import RowCache
from isvclog.audit.clusters import AuditPlan, audit_context, notifier_in
from isvclog.audit.model import Row
from isvclog.cluster import INFERENCE_SERVICES, PODS, ClusterError, Resource, TooManyObjects, WatchEvent
from isvclog.kserve.apis.installation import ConfigError, read_config
from isvclog.live import read_facts
from isvclog.live.reader import Notify
from isvclog.live.scope import ClusterScope

_WORKLOADS_AGE = 10.0
"""Seconds after which Deployments are listed again where pods are missing; a change of a service causes it."""


class ClusterState:
    """The rows of one watched cluster.

    They are updated by events of the services that `scope` selects, of their pods and of the ConfigMap.
    """

    def __init__(self, scope: ClusterScope, plan: AuditPlan, context: str | None, notify: Notify) -> None:
        self._scope, self._plan, self._context = scope, plan, context
        self._facts = scope.facts
        self._notify = notifier_in(context, notify)
        self._cache = RowCache(audit_context(scope.facts, plan, context).audit_service, scope.cluster.account)
        # The data that the rows are based on (None for KServe's default), and a newer ConfigMap that is not used yet.
        self._config = scope.facts.config if scope.facts.config_known else None
        self._config_map: dict[str, Any] | None = None

    def observe(self, resource: Resource, event: WatchEvent) -> None:
        """Apply an event: an object exists, has changed or was deleted. Services and pods are packed.

        If the ConfigMap was deleted, its last content remains in use.
        """
        deleted = event.type == "DELETED"
        if resource is INFERENCE_SERVICES:
            if self._scope.selects(*event.object.name):
                self._cache.service(event.object, deleted)
        elif resource is PODS:
            self._cache.pod(event.object, deleted)
        elif not deleted:
            self._config_map = event.object

    def lose_pods(self) -> None:
        """Treat all pods as unknown from now on."""
        self._cache.pods_known = False
        self._cache.all_due()

    def renew(self) -> Iterator[ClusterError]:
        """Build the rows that are due, and yield the errors that prevent it. Rows that fail stay unchanged and due.

        Raises TooManyObjects.
        """
        self._facts.workloads.forget(_WORKLOADS_AGE)
        for step in (self._use_config, self._cache.update):
            try:
                step()
            except TooManyObjects:
                raise
            except ClusterError as error:
                yield error

    def close(self) -> None:
        """Close the connections, and give back the memory of what is kept."""
        self._scope.cluster.close()

    def rows(self) -> Iterator[Row]:
        """Return all rows as they were built last, sorted by namespace and name."""
        return self._cache.rows()

    def _use_config(self) -> None:
        """Use the ConfigMap that was received last from now on.

        Raises ClusterError if it cannot be used; it is then tried again the next time.
        """
        if self._config_map is None:
            return
        try:
            config = read_config(self._config_map)
            if config != self._config:
                overrides = self._scope.settings.overrides._replace(config=config)
                self._facts = read_facts(self._scope.cluster, overrides, self._notify)
                self._config = self._facts.config
                self._cache.make = audit_context(self._facts, self._plan, self._context).audit_service
                self._cache.all_due()
        except (ClusterError, ConfigError) as error:
            sentence = f"the new ConfigMap cannot be used, and the old one stays in use: {str(error).rstrip('.')}."
            raise ClusterError(sentence) from None
        self._config_map = None
