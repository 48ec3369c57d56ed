"""Canary predictors: what they have from the stable one, and that no traffic reaches their agents."""

from typing import Any

from isvclog.kserve.apis.admission import read_service
from isvclog.kserve.apis.installation import Installation
from isvclog.kserve.apis.releases import find_release
from isvclog.kserve.controller.deployment import Obstacle
from isvclog.kserve.prediction import BlockedBy, Prediction, predict

LOGGER = {"mode": "all", "url": "http://sink.example/", "metadataAnnotations": ["team"]}
STABLE = {
    "name": "main",
    "logger": LOGGER,
    "annotations": {"team": "a", "kept": "b"},
    "model": {"modelFormat": {"name": "sklearn"}, "storageUri": "pvc://c/m"},
}


def predicted(changes: dict[str, Any], stable: dict[str, Any] | None = None, mode: str = "Standard") -> Prediction:
    spec = {"predictor": stable or STABLE, "canary": [{"predictor": {"name": "next", **changes}}, {"predictor": {}}]}
    metadata = {"name": "m", "namespace": "ns", "annotations": {"serving.kserve.io/deploymentMode": mode}}
    data = {"apiVersion": "serving.kserve.io/v1beta1", "metadata": metadata, "spec": spec}
    installation = Installation(find_release("0.20.0"))
    service = read_service(data, installation.release)
    assert list(service.canaries) == ["next"]
    return predict(service, service.canaries["next"], installation)


def test_a_canary_is_the_predictor_with_changes() -> None:
    found = predicted(
        {"annotations": {"team": "b"}, "logger": {"mode": "request", "url": ""}, "model": {"storageUri": "pvc://c/n"}}
    )
    assert found.pod is not None
    annotations = found.pod.annotations
    assert (annotations["team"], annotations["kept"]) == ("b", "b")
    assert annotations["internal.serving.kserve.io/logger-mode"] == "request"
    assert annotations["internal.serving.kserve.io/logger-sink-url"] == "http://sink.example/"
    assert annotations["internal.serving.kserve.io/storage-initializer-sourceuri"] == "pvc://c/n"


def test_no_traffic_reaches_its_agent() -> None:
    assert predicted({}).blocked_by is BlockedBy.NO_TRAFFIC


def test_where_there_is_none() -> None:
    knative = predicted({}, mode="Knative").undeployed
    assert knative is not None
    assert knative.obstacle is Obstacle.CANARY_MODE
    failing = {**STABLE, "model": {"modelFormat": {"name": "sklearn"}, "storageUri": "ftp://h/m"}}
    stable = predicted({"model": {"storageUri": "pvc://c/m"}}, failing).undeployed
    assert stable is not None
    assert (stable.obstacle, stable.earlier) == (Obstacle.EARLIER, Obstacle.STORAGE)
    own = predicted({"model": {"storageUri": "ftp://h/m"}})
    assert own.undeployed is not None
    assert own.undeployed.obstacle is Obstacle.STORAGE
