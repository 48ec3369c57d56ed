"""Distributions of KServe whose ConfigMap differs from KServe's own.

Source: opendatahub-io/kserve, config/overlays/odh/patches/inferenceservice-config-patch.yaml (in 0.15
patch-inferenceservice-config.yaml), on the branches release-v0.15 and release-v0.17 and at HEAD of 2026-08-22, which
are equal in these keys. OpenShift AI ships the ConfigMap of Open Data Hub. The code of the logger, the agent and the
webhook is KServe's there. What an administrator has changed is only in the cluster.
"""

import json
from collections.abc import Mapping
from types import MappingProxyType

from isvclog.kserve.apis.installation import SHIPPED

_DISALLOWED = (
    "autoscaling.knative.dev/min-scale",
    "autoscaling.knative.dev/max-scale",
    "internal.serving.kserve.io/storage-initializer-sourceuri",
    "kubectl.kubernetes.io/last-applied-configuration",
    "security.opendatahub.io/enable-auth",
    "networking.knative.dev/visibility",
    "haproxy.router.openshift.io/timeout",
    "opendatahub.io/hardware-profile-name",
    "opendatahub.io/hardware-profile-namespace",
)
_OPEN_DATA_HUB = {
    **SHIPPED,  # `logger` has the same `defaultUrl`, and no `caBundle`
    "deploy": json.dumps({"defaultDeploymentMode": "RawDeployment"}),
    "inferenceService": json.dumps({"serviceAnnotationDisallowedList": _DISALLOWED}),
    "router": json.dumps({"headers": {"propagate": ["Authorization"]}}),
    "ingress": json.dumps(
        {"domainTemplate": "{{ .Name }}-{{ .Namespace }}.{{ .IngressDomain }}", "ingressDomain": "example.com"}
    ),
}

DISTRIBUTIONS: Mapping[str, Mapping[str, str]] = {
    "odh": MappingProxyType(_OPEN_DATA_HUB),
    "rhoai": MappingProxyType(dict(_OPEN_DATA_HUB)),
}
"""The `data` of each distribution's ConfigMap, cut to the keys that decide about logging."""
NAMES: Mapping[str, str] = {"odh": "Open Data Hub", "rhoai": "OpenShift AI"}
"""The name of each distribution for people."""


def assumed_config(distribution: str | None) -> Mapping[str, str]:
    """Return the `data` of the ConfigMap that is assumed: that of a distribution, or KServe's own."""
    return DISTRIBUTIONS[distribution] if distribution else SHIPPED


def origin_of(config: Mapping[str, str]) -> str:
    """Name the origin of an installation's ConfigMap: `default`, the name of a distribution, or `given`."""
    if config is SHIPPED:
        return "default"
    return next((NAMES[name] for name, known in DISTRIBUTIONS.items() if config is known), "given")
