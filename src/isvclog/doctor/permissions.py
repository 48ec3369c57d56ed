"""The permissions that isvclog uses, as `examples/rbac/isvclog.yaml` grants them, and which of them the user has."""

from collections.abc import Iterator

from isvclog.cluster import (
    BROKERS,
    CLUSTER_SERVING_RUNTIMES,
    CONFIG_MAPS,
    CRDS,
    DEPLOYMENTS,
    INFERENCE_GRAPHS,
    INFERENCE_SERVICES,
    NAMESPACES,
    PODS,
    REPLICA_SETS,
    SERVICE_ACCOUNTS,
    SERVICES,
    SERVING_RUNTIMES,
    TRUSTYAI_SERVICES,
    Cluster,
    ClusterError,
    RequestTarget,
    Resource,
    Unauthorized,
    Unreachable,
)
from isvclog.doctor.model import Permission
from isvclog.kserve.apis import constants as c
from isvclog.records import NamedTuple

_THREADS = 8
"""Requests at a time: some servers are far away."""


class Need(NamedTuple):
    """Verbs on a resource, and what they are for. An object with a `name` is in KServe's namespace, if in any."""

    verbs: tuple[str, ...]
    resource: Resource
    purpose: str
    name: str = ""


_RUNTIMES = "what runtimes add to pods"
_EXISTENCE = "whether it exists, if a logger names it"
_SHORTAGES = "why pods do not come"
_OUTSIDE = "what changes loggers from outside"
NEEDS = (
    Need(("get", "list", "watch"), INFERENCE_SERVICES, "preview, lint --live, validate --live, audit"),
    Need(("get", "list"), SERVING_RUNTIMES, _RUNTIMES),
    Need(("get", "list"), CLUSTER_SERVING_RUNTIMES, _RUNTIMES),
    Need(("list", "watch"), PODS, "audit"),
    Need(("get",), SERVICES, _EXISTENCE),
    Need(("get",), SERVICE_ACCOUNTS, _EXISTENCE),
    Need(("get",), BROKERS, _EXISTENCE),
    Need(("list",), DEPLOYMENTS, _SHORTAGES),
    Need(("list",), REPLICA_SETS, _SHORTAGES),
    Need(("list",), INFERENCE_GRAPHS, _OUTSIDE),
    Need(("list",), TRUSTYAI_SERVICES, _OUTSIDE),
    Need(("get", "list"), NAMESPACES, "which namespaces get no agents"),
    Need(("get",), CRDS, "which fields the cluster drops", INFERENCE_SERVICES.name),
    Need(("get", "list", "watch"), CONFIG_MAPS, "the settings of all loggers, and the release", c.CONFIGMAP),
    Need(("get",), DEPLOYMENTS, "the release, if the ConfigMap does not name it", c.CONTROLLER),
    Need(("patch",), INFERENCE_SERVICES, "add-annotation, remove-annotation"),
)


def check_permissions(cluster: Cluster, namespace: str, kserve_namespace: str) -> tuple[Permission, ...]:
    """Ask for each permission; an empty `namespace` means all. Raises Unauthorized and Unreachable."""
    from concurrent.futures import ThreadPoolExecutor

    wanted = list(_targets(namespace, kserve_namespace))
    with ThreadPoolExecutor(_THREADS) as pool:
        allowed = pool.map(lambda each: _is_allowed(cluster, each[0]), wanted)
        return tuple(
            Permission(target.verb, target.resource.name, target.namespace, target.name, purpose, answer)
            for (target, purpose), answer in zip(wanted, allowed, strict=True)
        )


def _targets(namespace: str, kserve_namespace: str) -> Iterator[tuple[RequestTarget, str]]:
    for need in NEEDS:
        place = kserve_namespace if need.name else namespace
        for verb in need.verbs:
            where = place if need.resource.namespaced else ""
            yield RequestTarget(verb, need.resource, where, need.name), need.purpose


def _is_allowed(cluster: Cluster, target: RequestTarget) -> bool | None:
    try:
        return cluster.allows(target)
    except (Unauthorized, Unreachable):
        raise
    except ClusterError:
        return None
