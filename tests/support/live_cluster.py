"""Objects of a cluster with KServe, and isvclog run against a stand-in of its API server."""

import json
from typing import Any

LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
SINK = "http://sink.ml.svc.cluster.local"
CRD_NAME = "inferenceservices.serving.kserve.io"
KSERVE = "/api/v1/namespaces/kserve"


def service(name: str = "iris", namespace: str = "ml", **logger: Any) -> dict[str, Any]:
    """A service with a logger; what it needs of the cluster is the runtime that `runtime` makes."""
    return {
        "apiVersion": "serving.kserve.io/v1beta1",
        "kind": "InferenceService",
        "metadata": {"name": name, "namespace": namespace, "annotations": {"team": "risk"}},
        "spec": {
            "predictor": {
                "logger": {"mode": "all", "url": SINK, "metadataAnnotations": ["team"], **logger},
                "model": {"modelFormat": {"name": "sklearn"}, "storageUri": "gs://models/iris"},
            }
        },
        "status": {"deploymentMode": "Standard"},
    }


def sink(name: str = "sink", namespace: str = "ml") -> dict[str, Any]:
    """The Service behind `SINK`, or another one."""
    return {"apiVersion": "v1", "kind": "Service", "metadata": {"name": name, "namespace": namespace}}


def applied(item: dict[str, Any], **logger: Any) -> dict[str, Any]:
    """The service as `kubectl apply` leaves it; these fields of the predictor's logger were applied and are gone."""
    meant = json.loads(json.dumps(item))
    meant["spec"]["predictor"]["logger"].update(logger)
    item["metadata"]["annotations"][LAST_APPLIED] = json.dumps(meant)
    return item


def config(image: str = "kserve/agent:v0.16.0", **keys: str) -> dict[str, Any]:
    """The ConfigMap of KServe, with the agent's image."""
    resources = {"memoryRequest": "1", "memoryLimit": "1", "cpuRequest": "1", "cpuLimit": "1"}
    agent = json.dumps({"image": image, **resources})
    data = {"logger": agent, "agent": agent, "batcher": agent, "inferenceService": "{}", **keys}
    metadata = {"name": "inferenceservice-config", "namespace": "kserve"}
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": data}


def controller(image: str = "kserve/kserve-controller:v0.15.2") -> dict[str, Any]:
    """The Deployment of KServe's controller, with a container beside it."""
    containers = [{"name": "rbac-proxy", "image": "example.com/proxy:v0.14.0"}, {"name": "manager", "image": image}]
    metadata = {"name": "kserve-controller-manager", "namespace": "kserve"}
    spec = {"template": {"spec": {"containers": containers}}}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata, "spec": spec}


def runtime(name: str = "sklearnserver", namespace: str = "", **spec: Any) -> dict[str, Any]:
    """A ServingRuntime, or a ClusterServingRuntime where there is no namespace."""
    metadata = {"name": name, **({"namespace": namespace} if namespace else {})}
    return {
        "apiVersion": "serving.kserve.io/v1alpha1",
        "kind": "ServingRuntime" if namespace else "ClusterServingRuntime",
        "metadata": metadata,
        "spec": {
            "supportedModelFormats": [{"name": "sklearn", "autoSelect": True}],
            "containers": [{"name": "kserve-container"}],
            **spec,
        },
    }


def crd(*fields: str) -> dict[str, Any]:
    """The CustomResourceDefinition, whose loggers have these fields; without any, the minimal one of the Helm chart."""
    if fields:
        logger = {"type": "object", "properties": {field: {"type": "string"} for field in fields}}
        component = {"type": "object", "properties": {"logger": logger, "model": {"type": "object"}}}
        parts = dict.fromkeys(("predictor", "transformer", "explainer"), component)
        spec: dict[str, Any] = {"type": "object", "properties": parts}
    else:
        spec = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
    schema = {"openAPIV3Schema": {"type": "object", "properties": {"spec": spec}}}
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": CRD_NAME},
        "spec": {"versions": [{"name": "v1alpha2"}, {"name": "v1beta1", "schema": schema}]},
    }


ALL_FIELDS = "url mode metadataHeaders metadataAnnotations storage marshallerUrl batchSize batchInterval".split()
