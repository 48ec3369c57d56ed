"""What to do about a component that KServe does not deploy, with the runtimes that KServe ships."""

from typing import Any

import pytest

from isvclog.diagnosis.undeployed import explain_undeployed
from isvclog.kserve.apis.admission import read_service
from isvclog.kserve.apis.installation import Installation
from isvclog.kserve.apis.releases import find_release
from isvclog.kserve.apis.shipped import SHIPPED_RELEASE, shipped_runtimes
from isvclog.kserve.controller.deployment import Obstacle
from isvclog.kserve.prediction import predict

INSTALLATION = Installation(find_release(SHIPPED_RELEASE), runtimes=shipped_runtimes(), all_runtimes=True)


def explain(spec: dict[str, Any], component: str = "predictor", **annotations: str) -> tuple[Obstacle, str, str]:
    """Return the obstacle, the cause and the remedy."""
    names = {f"serving.kserve.io/{name}": value for name, value in annotations.items()}
    metadata = {"name": "m", "namespace": "ns", "annotations": names}
    data = {"apiVersion": "serving.kserve.io/v1beta1", "kind": "InferenceService", "metadata": metadata, "spec": spec}
    service = read_service(data, INSTALLATION.release)
    undeployed = predict(service, service.components[component], INSTALLATION).undeployed
    assert undeployed is not None
    cause, _, remedy = explain_undeployed(undeployed, service, INSTALLATION)
    return undeployed.obstacle, cause, remedy


def model(name: str, **fields: Any) -> dict[str, Any]:
    version = {"version": fields.pop("version")} if "version" in fields else {}
    return {"model": {"modelFormat": {"name": name, **version}, "storageUri": "pvc://c/m", **fields}}


@pytest.mark.parametrize(
    ("predictor", "remedy"),
    [
        (model("scikit"), "write a modelFormat that a runtime supports: autogluon, "),
        (model("tensorflw"), "write tensorflow, or another modelFormat that a runtime supports: autogluon, "),
        (model("sklearn", version="3"), "a version of the format that a runtime supports, 0, 1, or leave it out"),
        (model("mlflow"), "a protocolVersion that the runtime of this format supports: v2; the default is v1"),
        (model("mlflow", protocolVersion="v1"), "a protocolVersion that the runtime of this format supports: v2"),
        (model("sklearn", runtime="gone"), "name a runtime that exists and is enabled: kserve-autogluonserver, "),
        (model("xgboost", runtime="kserve-sklearnserver"), "write a modelFormat that a runtime supports: sklearn"),
    ],
)
def test_a_model_that_no_runtime_fits(predictor: dict[str, Any], remedy: str) -> None:
    obstacle, cause, found = explain({"predictor": predictor})
    assert obstacle is Obstacle.RUNTIME
    assert cause.startswith("KServe's message: ")
    assert remedy in found


def test_other_obstacles() -> None:
    workers = {"workerSpec": {}, **model("huggingface", runtime="kserve-huggingfaceserver")}
    annotations = {"autoscalerClass": "none", "deploymentMode": "Standard"}
    assert explain({"predictor": workers}, **annotations)[2].startswith("leave out workerSpec")
    assert explain({"predictor": model("sklearn", storageUri="ftp://h/m")})[2].startswith(
        "write storageUri with one of"
    )
    twice = model("sklearn", storage={"path": "m"})
    assert explain({"predictor": twice})[2] == "leave out storageUri or storage.path"
    containers = [{"name": "transformer-container"}, {"name": "kserve-container"}]
    assert explain({"predictor": {"containers": containers}})[0] is Obstacle.SAME_NAME
    assert explain({"predictor": model("sklearn")}, stop="TRUE")[0] is Obstacle.STOPPED


def test_an_error_in_the_predictor_keeps_the_transformer_away() -> None:
    spec = {"predictor": model("none"), "transformer": {"containers": [{"name": "t"}]}}
    obstacle, cause, remedy = explain(spec, "transformer")
    assert obstacle is Obstacle.EARLIER
    assert cause.startswith("the predictor fails, and KServe deploys no later component; KServe's message: no runtime")
    assert remedy.startswith("write a modelFormat")
