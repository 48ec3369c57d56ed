"""Events of the watches of one cluster. Each watch runs in its own thread without end, and passes its events on."""

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from isvclog.audit.clusters import AuditPlan, notifier_in
from isvclog.audit.packing import pack_pod, pack_service
from isvclog.cluster import CONFIG_MAPS, INFERENCE_SERVICES, PODS, ClusterError, Resource, WatchEvent, list_watch, weigh
from isvclog.kserve.apis.constants import CONFIGMAP, SERVICE_LABEL
from isvclog.live.reader import Notify
from isvclog.live.scope import ClusterScope, open_scope
from isvclog.records import NamedTuple

WATCHED = (INFERENCE_SERVICES, PODS, CONFIG_MAPS)
_LONGEST_PAUSE = 30
"""The maximum number of seconds after which an unreachable cluster is tried again."""


class Connected(NamedTuple):
    """The cluster answers, and `scope` contains what is known about it."""

    scope: ClusterScope


class Changed(NamedTuple):
    """An object of a resource exists, has changed or was deleted; services and pods are packed."""

    resource: Resource
    event: WatchEvent

    @property
    def size(self) -> int:
        """The bytes of memory that the event takes."""
        return weigh(self.event.object)


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

OnEvent = Callable[[WatcherEvent], None]
"""A receiver of events, which may wait. It raises Abandoned when nobody wants them any more."""


class Abandoned(Exception):
    """The cluster is not watched any more."""


def watch_cluster(plan: AuditPlan, context: str | None, notify: Notify, on_event: OnEvent) -> None:
    """Report every object in a cluster, and then every change, to `on_event`. `notify` takes sentences for people.

    Run this in a thread that ends with the process.
    """
    attempt = 0
    while True:
        attempt += 1
        try:
            with open_scope(plan.scope_in(context), notifier_in(context, notify)) as scope:
                on_event(Connected(scope))
                for resource in WATCHED[1:]:
                    threading.Thread(target=_watch, args=(scope, resource, on_event), daemon=True).start()
                _watch(scope, WATCHED[0], on_event)
                return
        except Abandoned:
            return
        except Exception as error:  # an exception of a thread reaches nobody else
            on_event(Stopped(None, error))
            if not isinstance(error, ClusterError):
                return
            time.sleep(min(attempt, _LONGEST_PAUSE))


def _only_data(config_map: dict[str, Any]) -> dict[str, Any]:
    return {"data": config_map.get("data")}


def _watch(scope: ClusterScope, resource: Resource, on_event: OnEvent) -> None:
    namespace = "" if any("/" in name for name in scope.settings.names) else scope.namespace
    place, selector, name, read = {
        INFERENCE_SERVICES: (namespace, scope.settings.selector, "", pack_service),
        PODS: (namespace, SERVICE_LABEL, "", pack_pod),
        CONFIG_MAPS: (scope.settings.overrides.namespace, "", CONFIGMAP, _only_data),
    }[resource]

    def on_error(error: ClusterError) -> None:
        on_event(Failed(resource, error))

    def on_open() -> None:
        on_event(Reconnected(resource))

    try:
        for event in list_watch(
            scope.cluster, resource, place, selector, on_error=on_error, on_open=on_open, name=name, read=read
        ):
            on_event(Changed(resource, event))
    except Abandoned:
        return
    except Exception as error:  # an exception of a thread reaches nobody else
        with suppress(Abandoned):
            on_event(Stopped(resource, error))
