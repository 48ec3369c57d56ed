"""The resources that isvclog reads, and their paths. Names are checked, because they become part of a path."""

import re

from isvclog.cluster.errors import InvalidName
from isvclog.cluster.quoting import quote_name
from isvclog.records import NamedTuple


class Resource(NamedTuple):
    """A kind of object as the API names it: `/apis/{group}/{version}/.../{plural}`. Core kinds have an empty group."""

    group: str
    version: str
    plural: str
    kind: str
    namespaced: bool = True

    @property
    def api_version(self) -> str:
        """The `apiVersion` of its objects: `serving.kserve.io/v1beta1`, `v1`."""
        return f"{self.group}/{self.version}" if self.group else self.version

    @property
    def name(self) -> str:
        """The name in roles and CRDs: `inferenceservices.serving.kserve.io`, `pods`."""
        return f"{self.plural}.{self.group}" if self.group else self.plural


INFERENCE_SERVICES = Resource("serving.kserve.io", "v1beta1", "inferenceservices", "InferenceService")
SERVING_RUNTIMES = Resource("serving.kserve.io", "v1alpha1", "servingruntimes", "ServingRuntime")
CLUSTER_SERVING_RUNTIMES = Resource(
    "serving.kserve.io", "v1alpha1", "clusterservingruntimes", "ClusterServingRuntime", namespaced=False
)
PODS = Resource("", "v1", "pods", "Pod")
CONFIG_MAPS = Resource("", "v1", "configmaps", "ConfigMap")
NAMESPACES = Resource("", "v1", "namespaces", "Namespace", namespaced=False)
SERVICES = Resource("", "v1", "services", "Service")
SERVICE_ACCOUNTS = Resource("", "v1", "serviceaccounts", "ServiceAccount")
BROKERS = Resource("eventing.knative.dev", "v1", "brokers", "Broker")
DEPLOYMENTS = Resource("apps", "v1", "deployments", "Deployment")
REPLICA_SETS = Resource("apps", "v1", "replicasets", "ReplicaSet")
INFERENCE_GRAPHS = Resource("serving.kserve.io", "v1alpha1", "inferencegraphs", "InferenceGraph")
TRUSTYAI_SERVICES = Resource("trustyai.opendatahub.io", "v1alpha1", "trustyaiservices", "TrustyAIService")
ACCESS_REVIEWS = Resource(
    "authorization.k8s.io", "v1", "selfsubjectaccessreviews", "SelfSubjectAccessReview", namespaced=False
)
CRDS = Resource("apiextensions.k8s.io", "v1", "customresourcedefinitions", "CustomResourceDefinition", namespaced=False)

_LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?"
_NAMESPACE = re.compile(_LABEL)
_NAME = re.compile(rf"{_LABEL}(\.{_LABEL})*")


class RequestTarget(NamedTuple):
    """The subject of one request: the verb as roles name it, the resource, and the place.

    An empty namespace or name means all of them.
    """

    verb: str
    resource: Resource
    namespace: str = ""
    name: str = ""

    @property
    def path(self) -> str:
        """The path on the server. Raises InvalidName."""
        group, version, plural = self.resource[:3]
        parts = ["apis", group, version] if group else ["api", version]
        if self.namespace and self.resource.namespaced:
            parts += ["namespaces", checked_namespace(self.namespace)]
        parts.append(plural)
        if self.verb not in ("list", "watch", "create"):
            parts.append(checked_name(self.name))
        return "/" + "/".join(parts)


def choosing(target: RequestTarget, selector: str) -> tuple[tuple[str, str], ...]:
    """Build the query of a list or watch: the label selector and, if the target has a name, a field selector for it.

    A role for single objects (`resourceNames`) allows the request only with this field selector. Raises InvalidName.
    """
    labels = (("labelSelector", selector),) if selector else ()
    return (*labels, ("fieldSelector", f"metadata.name={checked_name(target.name)}")) if target.name else labels


def is_label(text: str) -> bool:
    """Check whether the text can be a namespace, or a name that is the value of a label (a DNS label, RFC 1123)."""
    return len(text) <= 63 and _NAMESPACE.fullmatch(text) is not None


def checked_namespace(name: str) -> str:
    """Validate and return the name of a namespace (a DNS label, RFC 1123). Raises InvalidName."""
    if is_label(name):
        return name
    raise InvalidName(
        f"{quote_name(name)} cannot be the name of a namespace. {_RULE} and dashes, 63 characters at most."
    )


def checked_name(name: str) -> str:
    """Validate and return the name of an object (a DNS subdomain, RFC 1123). Raises InvalidName."""
    if len(name) <= 253 and _NAME.fullmatch(name):
        return name
    raise InvalidName(
        f"{quote_name(name)} cannot be the name of an object. {_RULE}, dashes and dots, 253 characters at most."
    )


_RULE = "Use lower case letters, digits"
