"""Events of the watches of one cluster. Each watch runs in its own thread without end, and passes its events on."""

import threading
import time
from collections.abc import Callable
from typing import NamedTuple

from isvclog.audit.clusters import AuditPlan, in_context, make_notifier
from isvclog.cli.options.scope import ClusterScope, open_scope
from isvclog.cluster import CONFIG_MAPS, INFERENCE_SERVICES, PODS, ClusterError, Resource, WatchEvent, list_watch
from isvclog.kserve.apis.constants import CONFIGMAP, SERVICE_LABEL

WATCHED = (INFERENCE_SERVICES, PODS, CONFIG_MAPS)
_LONGEST_PAUSE = 30
"""Seconds after which a cluster that was not reached is tried again, at most."""


class Connected(NamedTuple):
    """The cluster answers, and `look` contains what is known about it."""

    scope: ClusterScope


class Changed(NamedTuple):
    """An object of a resource exists, has changed or was deleted."""

    resource: Resource
    event: WatchEvent


class Reconnected(NamedTuple):
    """The watch is connected (again)."""

    resource: Resource


class Failed(NamedTuple):
    """The watch failed and will be retried."""

    resource: Resource
    error: ClusterError


class Stopped(NamedTuple):
    """A watch ended for good or, if `resource` is None, the cluster was not reached and will be tried again.

    An error that is not a ClusterError ends everything.
    """

    resource: Resource | None
    error: Exception


WatcherEvent = Connected | Changed | Reconnected | Failed | Stopped


def watch_cluster(plan: AuditPlan, context: str | None, notify: Callable[[WatcherEvent], None]) -> None:
    """Report every object in a cluster, and then every change, to `tell`.

    Run this in a thread that ends with the process.
    """
    attempt = 0
    while True:
        attempt += 1
        try:
            with open_scope(
                plan.names, None, in_context(plan.options, context), plan.overrides, make_notifier(context)
            ) as scope:
                notify(Connected(scope))
                for resource in WATCHED[1:]:
                    threading.Thread(target=_watch, args=(scope, resource, notify), daemon=True).start()
                _watch(scope, WATCHED[0], notify)
                return
        except Exception as error:  # which nobody else would hear of
            notify(Stopped(None, error))
            if not isinstance(error, ClusterError):
                return
            time.sleep(min(attempt, _LONGEST_PAUSE))


def _watch(scope: ClusterScope, resource: Resource, notify: Callable[[WatcherEvent], None]) -> None:
    namespace = "" if any("/" in name for name in scope.names) else scope.namespace
    place, selector, name = {
        INFERENCE_SERVICES: (namespace, scope.options.selector or "", ""),
        PODS: (namespace, SERVICE_LABEL, ""),
        CONFIG_MAPS: (scope.overrides.namespace, "", CONFIGMAP),
    }[resource]

    def on_error(error: ClusterError) -> None:
        notify(Failed(resource, error))

    def on_open() -> None:
        notify(Reconnected(resource))

    try:
        for event in list_watch(
            scope.cluster, resource, place, selector, on_error=on_error, on_open=on_open, name=name
        ):
            notify(Changed(resource, event))
    except Exception as error:  # which nobody else would hear of
        notify(Stopped(resource, error))
