"""Objects to put into the stand-in API server."""

from typing import Any


def service(name: str, namespace: str = "ml", **metadata: Any) -> dict[str, Any]:
    """An InferenceService with a logger."""
    return {
        "apiVersion": "serving.kserve.io/v1beta1",
        "kind": "InferenceService",
        "metadata": {"name": name, "namespace": namespace, **metadata},
        "spec": {"predictor": {"logger": {"mode": "all"}, "model": {"modelFormat": {"name": "sklearn"}}}},
    }


def pod(name: str, namespace: str = "ml", **metadata: Any) -> dict[str, Any]:
    """A pod without containers."""
    return {"kind": "Pod", "apiVersion": "v1", "metadata": {"name": name, "namespace": namespace, **metadata}}
