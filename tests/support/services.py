"""InferenceServices for tests of the pipeline, in the shape that manifests have."""

from typing import Any

from isvclog.kserve.apis.admission import read_service
from isvclog.kserve.apis.releases import find_release
from isvclog.kserve.apis.spec import InferenceService

SINK = "http://sink.example.svc/"


def manifest(
    annotations: dict[str, Any] | None = None,
    logger: dict[str, Any] | None = None,
    predictor: dict[str, Any] | None = None,
    **components: Any,
) -> dict[str, Any]:
    """A service whose predictor has a logger in mode `all`, changed by the arguments."""
    return {
        "apiVersion": "serving.kserve.io/v1beta1",
        "kind": "InferenceService",
        "metadata": {"name": "iris", "namespace": "ml", "annotations": annotations or {}},
        "spec": {
            "predictor": {
                "model": {"modelFormat": {"name": "sklearn"}},
                "logger": {"mode": "all", "url": SINK, **(logger or {})},
                **(predictor or {}),
            },
            **components,
        },
    }


def service(release: str = "0.20.0", **changes: Any) -> InferenceService:
    return read_service(manifest(**changes), find_release(release))
