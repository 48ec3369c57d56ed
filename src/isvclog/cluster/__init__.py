"""Live clusters, reached the way kubectl reaches them. Objects are read and patched as plain JSON data.

Only this package imports `kubernetes` and `urllib3`. The kubernetes library reads the service account of a pod; what
kubectl does with a kubeconfig is done here, because the library does something else with half of them. urllib3 pools
the connections. Both are imported when `connect` is called, not before.
"""

from isvclog.cluster.cluster import Cluster, connect
from isvclog.cluster.errors import (
    BadKubeconfig,
    ClusterError,
    Conflict,
    Forbidden,
    Gone,
    InvalidName,
    MissingKind,
    NotFound,
    TooManyObjects,
    Unauthorized,
    Unreachable,
)
from isvclog.cluster.kubeconfig import Contexts, list_contexts
from isvclog.cluster.list_watch import SYNCED, list_watch
from isvclog.cluster.listing import Listing
from isvclog.cluster.memory import Account, Memory, weigh
from isvclog.cluster.patching import Patched
from isvclog.cluster.resources import (
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
    RequestTarget,
    Resource,
    is_label,
)
from isvclog.cluster.selection import Access
from isvclog.cluster.watching import WatchEvent

__all__ = [
    "BROKERS",
    "CLUSTER_SERVING_RUNTIMES",
    "CONFIG_MAPS",
    "CRDS",
    "DEPLOYMENTS",
    "INFERENCE_GRAPHS",
    "INFERENCE_SERVICES",
    "NAMESPACES",
    "PODS",
    "REPLICA_SETS",
    "SERVICES",
    "SERVICE_ACCOUNTS",
    "SERVING_RUNTIMES",
    "SYNCED",
    "TRUSTYAI_SERVICES",
    "Access",
    "Account",
    "BadKubeconfig",
    "Cluster",
    "ClusterError",
    "Conflict",
    "Contexts",
    "Forbidden",
    "Gone",
    "InvalidName",
    "Listing",
    "Memory",
    "MissingKind",
    "NotFound",
    "Patched",
    "RequestTarget",
    "Resource",
    "TooManyObjects",
    "Unauthorized",
    "Unreachable",
    "WatchEvent",
    "connect",
    "is_label",
    "list_contexts",
    "list_watch",
    "weigh",
]
