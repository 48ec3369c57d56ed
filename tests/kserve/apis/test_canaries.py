"""Canary predictors: what they have from the stable one, and that no traffic reaches their agents."""

from typing import Any

import pytest

from isvclog.keypath import dotted
from isvclog.kserve.apis.admission import read_service
from isvclog.kserve.apis.decode import Rejected
from isvclog.kserve.apis.installation import Installation
from isvclog.kserve.apis.releases import find_release
from isvclog.kserve.apis.spec import InferenceService
from isvclog.kserve.controller.deployment import Obstacle
from isvclog.kserve.prediction import BlockedBy, Prediction, predict

MODE = "canary is only supported in Standard deployment mode"
LOGGER = {"mode": "all", "url": "http://sink.example/", "metadataAnnotations": ["team"]}
STABLE = {
    "name": "main",
    "logger": LOGGER,
    "annotations": {"team": "a", "kept": "b"},
    "model": {"modelFormat": {"name": "sklearn"}, "storageUri": "pvc://c/m"},
}


def read(
    *canaries: dict[str, Any], stable: dict[str, Any] = STABLE, mode: str | None = "Standard", release: str = "0.20.0"
) -> InferenceService:
    annotations = {} if mode is None else {"serving.kserve.io/deploymentMode": mode}
    metadata = {"name": "m", "namespace": "ns", "annotations": annotations}
    spec = {"predictor": stable, "canary": list(canaries)}
    data = {"apiVersion": "serving.kserve.io/v1beta1", "metadata": metadata, "spec": spec}
    return read_service(data, find_release(release))


def canary(trafficPercent: int = 10, **predictor: Any) -> dict[str, Any]:
    return {"trafficPercent": trafficPercent, "predictor": {"name": "next", "sklearn": {}, **predictor}}


def predicted(changes: dict[str, Any], stable: dict[str, Any] = STABLE, mode: str | None = "Standard") -> Prediction:
    service = read({"predictor": {"name": "next", "model": {}, **changes}}, stable=stable, mode=mode)
    assert list(service.canaries) == ["next"]
    return predict(service, service.canaries["next"], Installation(find_release("0.20.0")))


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
    knative = predicted({}, mode=None).undeployed
    assert knative is not None
    assert (knative.obstacle, knative.error) == (Obstacle.CANARY_MODE, MODE)
    service = read(canary(), mode=None)
    stable_of_knative = predict(service, service.components["predictor"], Installation(find_release("0.20.0")))
    assert stable_of_knative.undeployed is not None
    assert stable_of_knative.undeployed.obstacle is Obstacle.CANARY_MODE
    failing = {**STABLE, "model": {"modelFormat": {"name": "sklearn"}, "storageUri": "ftp://h/m"}}
    stable = predicted({"model": {"storageUri": "pvc://c/m"}}, failing).undeployed
    assert stable is not None
    assert (stable.obstacle, stable.earlier) == (Obstacle.EARLIER, Obstacle.STORAGE)
    own = predicted({"model": {"storageUri": "ftp://h/m"}})
    assert own.undeployed is not None
    assert own.undeployed.obstacle is Obstacle.STORAGE


FIXED = "(canary uses fixed replicas)"
NOT_ANOTHER = {"name": "next", "logger": LOGGER}


@pytest.mark.parametrize(
    ("canaries", "path", "message"),
    [
        ([canary(name="")], "spec.canary[0].predictor.name", "canary[0] predictor.name is required"),
        ([canary(), canary()], "spec.canary[1].predictor.name", 'canary predictor.name "next" is duplicated'),
        (
            [canary(name="main")],
            "spec.canary[0].predictor.name",
            'canary predictor.name "main" conflicts with stable predictor name',
        ),
        (
            [canary(101)],
            "spec.canary[0].trafficPercent",
            'canary "next" trafficPercent must be between 0 and 100, got 101',
        ),
        (
            [canary(60), canary(41, name="other")],
            "spec.canary",
            "sum of canary trafficPercent values (101) must be <= 100",
        ),
        ([{"predictor": NOT_ANOTHER}], "spec.canary[0].predictor", ""),
        (
            [canary(workerSpec={})],
            "spec.canary[0].predictor.workerSpec",
            'canary "next" must not set workerSpec (multi-node is not yet supported for canary)',
        ),
        (
            [canary(maxReplicas=2)],
            "spec.canary[0].predictor.maxReplicas",
            f'canary "next" must not set maxReplicas {FIXED}',
        ),
        (
            [canary(scaleTarget=0)],
            "spec.canary[0].predictor.scaleTarget",
            f'canary "next" must not set scaleTarget {FIXED}',
        ),
        (
            [canary(minReplicas=2)],
            "spec.canary[0].predictor.minReplicas",
            'canary "next" minReplicas (2) must not exceed stable predictor minReplicas (1)',
        ),
    ],
)
def test_what_the_webhook_rejects(canaries: list[dict[str, Any]], path: str, message: str) -> None:
    with pytest.raises(Rejected) as raised:
        read(*canaries)
    assert (dotted(raised.value.path), raised.value.message) == (path, message)
    read(*canaries, release="0.19.0")


def test_what_it_accepts() -> None:
    several = [canary(0), canary(100, name="other", maxReplicas=0, minReplicas=1, workerSpec=None)]
    assert list(read(*several).canaries) == ["next", "other"]
    assert read(canary(minReplicas=2), stable={**STABLE, "minReplicas": 2}).canary


@pytest.mark.parametrize(("env", "accepted"), [([], False), ([{"name": "STORAGE_URI", "value": "pvc://c/m"}], True)])
def test_the_predictor_has_a_model(env: list[dict[str, str]], accepted: bool) -> None:
    stable = {"containers": [{"image": "i", "env": env}]}
    if accepted:
        assert read(canary(), stable=stable).canary
        return
    with pytest.raises(Rejected) as raised:
        read(canary(), stable=stable)
    assert raised.value.message.startswith("canary requires a stable predictor with a model (multi-model")


@pytest.mark.parametrize(("mode", "accepted"), [("Standard", True), ("RawDeployment", True), ("Serverless", False)])
def test_the_mode_of_the_annotation_counts(mode: str, accepted: bool) -> None:
    if accepted:
        assert read(canary(), mode=mode).canary
        return
    with pytest.raises(Rejected) as raised:
        read(canary(), mode=mode)
    assert raised.value.message == MODE
