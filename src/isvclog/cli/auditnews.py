"""What watches tell of one cluster: each runs in a thread of its own, for ever, and all pass their news on."""

import threading
import time
from collections.abc import Callable
from typing import NamedTuple

from isvclog.cli.auditing import Plan, in_context, teller
from isvclog.cli.live import Look, looking
from isvclog.cluster import CONFIG_MAPS, INFERENCE_SERVICES, PODS, ClusterError, Event, Resource, follow
from isvclog.kserve.constants import CONFIGMAP, SERVICE_LABEL

WATCHED = (INFERENCE_SERVICES, PODS, CONFIG_MAPS)
_LONGEST_PAUSE = 30
"""Seconds after which a cluster that was not reached is tried again, at most."""


class Reached(NamedTuple):
    """The cluster answers, and this is what is known of it."""

    look: Look


class Observed(NamedTuple):
    """An object of a resource is there, changed or is gone."""

    resource: Resource
    event: Event


class Well(NamedTuple):
    """A watch is open, be it again."""

    resource: Resource


class Trouble(NamedTuple):
    """A watch does not get on, and goes on trying."""

    resource: Resource
    error: ClusterError


class Lost(NamedTuple):
    """A watch has ended for good; or, without a resource, the cluster was not reached, which is tried again.

    An error that is none of the cluster's ends everything.
    """

    resource: Resource | None
    error: Exception


News = Reached | Observed | Well | Trouble | Lost


def watch_cluster(plan: Plan, context: str | None, tell: Callable[[News], None]) -> None:
    """Tell everything there is in a cluster and what changes; to be run in a thread that ends with the process."""
    attempt = 0
    while True:
        attempt += 1
        try:
            with looking(plan.names, None, in_context(plan.options, context), plan.overrides, teller(context)) as look:
                tell(Reached(look))
                for resource in WATCHED[1:]:
                    threading.Thread(target=_watch, args=(look, resource, tell), daemon=True).start()
                _watch(look, WATCHED[0], tell)
                return
        except Exception as error:  # which nobody else would hear of
            tell(Lost(None, error))
            if not isinstance(error, ClusterError):
                return
            time.sleep(min(attempt, _LONGEST_PAUSE))


def _watch(look: Look, resource: Resource, tell: Callable[[News], None]) -> None:
    namespace = "" if any("/" in name for name in look.names) else look.namespace
    place, selector, name = {
        INFERENCE_SERVICES: (namespace, look.options.selector or "", ""),
        PODS: (namespace, SERVICE_LABEL, ""),
        CONFIG_MAPS: (look.overrides.namespace, "", CONFIGMAP),
    }[resource]

    def trouble(error: ClusterError) -> None:
        tell(Trouble(resource, error))

    def well() -> None:
        tell(Well(resource))

    try:
        for event in follow(look.cluster, resource, place, selector, trouble=trouble, well=well, name=name):
            tell(Observed(resource, event))
    except Exception as error:  # which nobody else would hear of
        tell(Lost(resource, error))
