"""What KServe's webhook rejects besides loggers, with its message; tests/conformance has measured cases."""

from typing import Any

import pytest

from isvclog.keypath import dotted
from isvclog.kserve.apis.admission import read_service
from isvclog.kserve.apis.decode import Rejected
from isvclog.kserve.apis.object_meta import ObjectMeta
from isvclog.kserve.apis.refusals import find_refusals
from isvclog.kserve.apis.releases import find_release

MODEL = {"modelFormat": {"name": "sklearn"}, "storageUri": "pvc://c/m"}
MODE, SCALER = "serving.kserve.io/deploymentMode", "serving.kserve.io/autoscalerClass"
INVALID = 'the InferenceService "m" is invalid: '
MULTINODE = {"model": MODEL, "workerSpec": {}}


def refusals(predictor: dict[str, Any], release: str = "0.20.0", **annotations: str) -> list[tuple[str, str]]:
    named = {{"mode": MODE, "scaler": SCALER}.get(key, key): value for key, value in annotations.items()}
    metadata = ObjectMeta("m", "ns", named, {})
    found = find_refusals(metadata, {"predictor": predictor}, find_release(release))
    return [(dotted(path).removeprefix("spec.predictor."), message) for path, _, message in found]


@pytest.mark.parametrize(
    ("predictor", "path", "message"),
    [
        (
            {"workerSpec": {"containers": [{}, {}]}},
            "workerSpec.containers",
            "setting multiple containers in workerSpec",
        ),
        ({"workerSpec": {"tensorParallelSize": 0}}, "workerSpec.tensorParallelSize", "WorkerSpec.TensorParallelSize"),
        ({"model": {}, "workerSpec": {}}, "model.storageUri", "StorageURI must be set for multinode enabled"),
        (
            {"model": {**MODEL, "storageUri": "s3://b"}, "workerSpec": {}},
            "model.storageUri",
            "Multinode only supports 'pvc' and 'oci' Storage Protocol(s3)",
        ),
        (
            {"model": {**MODEL, "env": [{"name": "TENSOR_PARALLEL_SIZE"}]}, "workerSpec": {}},
            "model.env[0].name",
            "setting TENSOR_PARALLEL_SIZE in environment variables is not allowed",
        ),
    ],
)
def test_several_nodes(predictor: dict[str, Any], path: str, message: str) -> None:
    found = refusals(predictor, scaler="none")
    assert [place for place, _ in found] == [path]
    assert found[0][1].startswith(INVALID + message)


def test_several_nodes_do_not_scale() -> None:
    assert refusals(MULTINODE, scaler="hpa")[0][1] == f"{INVALID}Multinode only supports 'none' autoscaler(hpa)"
    assert not refusals(MULTINODE, "0.14.1"), "older releases were not measured"


@pytest.mark.parametrize("release", ["0.17.1", "0.18.0"])
def test_a_blocked_variable(release: str) -> None:
    blocked = {"env": [{"name": "PYTHONPATH", "value": "/x"}]}
    found = refusals({"containers": [{"name": "a", **blocked}]}, release)
    message = f'{INVALID}setting PYTHONPATH in container "kserve-container" is not allowed for security reasons'
    assert found == ([("containers[0].env[0].name", message)] if release == "0.18.0" else [])
    several = {"containers": [{"name": "a"}, {"name": "b", **blocked}], "initContainers": [{"name": "i", **blocked}]}
    assert len(refusals(several, release)) == (2 if release == "0.18.0" else 0)


@pytest.mark.parametrize(
    ("release", "fields"), [("0.15.1", "ART, PodSpec"), ("0.16.0", "ART, PodSpec, ComponentExtensionSpec")]
)
def test_an_explainer_that_was_removed(release: str, fields: str) -> None:
    spec = {"predictor": {"model": MODEL}, "explainer": {"alibi": {}}}
    data = {"apiVersion": "serving.kserve.io/v1beta1", "metadata": {"name": "m"}, "spec": spec}
    with pytest.raises(Rejected) as raised:
        read_service(data, find_release(release))
    assert raised.value.path == ("spec", "explainer", "alibi")
    assert raised.value.message == f"exactly one of [{fields}] must be specified in ExplainerSpec"
    read_service(data, find_release("0.14.1"))


STRATEGY = "customizing deploymentStrategy is only supported for raw deployment mode"


@pytest.mark.parametrize(
    ("mode", "release", "rejected"),
    [
        ("RawDeployment", "0.15.1", False),
        ("RawDeployment", "0.16.0", True),
        ("Standard", "0.16.0", False),
        ("RawDeployment", "0.17.0", False),
        ("Knative", "0.20.0", True),
    ],
)
def test_a_strategy_needs_standard_mode(mode: str, release: str, rejected: bool) -> None:
    found = refusals({"model": MODEL, "deploymentStrategy": {"type": "Recreate"}}, release, mode=mode)
    assert found == ([("deploymentStrategy", STRATEGY)] if rejected else [])


@pytest.mark.parametrize(
    ("metric", "annotations", "message"),
    [
        ("cpu", {}, ""),
        ("cpu", {"mode": "Knative"}, "[cpu] is not a supported metric"),
        ("rps", {"mode": "Knative"}, ""),
        ("cpu", {"mode": "Knative", "autoscaling.knative.dev/class": "hpa.autoscaling.knative.dev"}, ""),
        ("rps", {"mode": "Standard", "scaler": "hpa"}, "[rps] is not a supported metric"),
        ("cpu", {"mode": "Standard", "scaler": "keda"}, "ScaleMetric is not supported for KEDA"),
        ("rps", {"mode": "Standard"}, ""),
    ],
)
def test_metrics_belong_to_an_autoscaler(metric: str, annotations: dict[str, str], message: str) -> None:
    found = refusals({"model": MODEL, "scaleMetric": metric}, **annotations)
    assert found == ([("scaleMetric", message)] if message else [])
