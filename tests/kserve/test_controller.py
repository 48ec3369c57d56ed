"""Pod annotations and labels: merge order, the disallowed list, and what Knative keeps from pods."""

from typing import Any

import pytest
from services import service

from isvclog.kserve.controller import Pod, component_pod, deployment_mode
from isvclog.kserve.defaults import SHIPPED, ConfigError, Installation, Runtime
from isvclog.kserve.releases import find_release

STANDARD = {"deploy": '{"defaultDeploymentMode": "Standard"}'}


def pod(component: str = "predictor", installation: Installation | None = None, **changes: Any) -> Pod:
    read = service(**changes)
    made = component_pod(read, read.components[component], installation or Installation())
    assert made is not None
    return made


def user_annotations(made: Pod) -> dict[str, str]:
    return {key: value for key, value in made.annotations.items() if not key.startswith("internal.")}


def test_later_layers_win() -> None:
    runtime = Runtime("rt", {"a": "runtime", "b": "runtime", "c": "runtime"}, {"endpoint": "rt"}, formats=("sklearn",))
    made = pod(
        installation=Installation(runtimes=(runtime,)),
        annotations={"b": "service", "c": "service"},
        predictor={"annotations": {"c": "component"}, "labels": {"component": "mine"}},
    )
    assert user_annotations(made) == {"a": "runtime", "b": "service", "c": "component"}
    assert made.labels["endpoint"] == "rt"
    assert made.labels["component"] == "predictor", "KServe's own labels cannot be overridden"


def test_a_runtime_is_only_for_the_model_it_fits() -> None:
    runtimes = (Runtime("other", {"a": "x"}, formats=("onnx",)), Runtime("named", {"a": "y"}))
    assert "a" not in pod(installation=Installation(runtimes=runtimes)).annotations
    named = {"model": {"modelFormat": {"name": "sklearn"}, "runtime": "named"}}
    assert pod(installation=Installation(runtimes=runtimes), predictor=named).annotations["a"] == "y"
    custom = {"model": None, "containers": [{"name": "kserve-container"}]}
    assert pod(installation=Installation(runtimes=runtimes), predictor=custom).runtime is None


def test_component_annotations_override_kserves_own() -> None:
    made = pod(predictor={"annotations": {"internal.serving.kserve.io/logger-mode": "request"}})
    assert made.annotations["internal.serving.kserve.io/logger-mode"] == "request"


@pytest.mark.parametrize(
    ("release", "config", "kept"),
    [
        ("0.20.0", SHIPPED, {"team"}),
        ("0.16.0", SHIPPED, {"team", "modelFormat"}),
        ("0.20.0", {"inferenceService": '{"serviceAnnotationDisallowedList": ["team"]}'}, set()),
        ("0.14.0", {"inferenceService": '{"serviceAnnotationDisallowedList": ["team"]}'}, {"team", "modelFormat"}),
        # The trap: without the key `inferenceService` nothing is filtered at all.
        ("0.20.0", {}, {"team", "modelFormat", "kubectl.kubernetes.io/last-applied-configuration"}),
        ("0.14.0", {}, {"team", "modelFormat"}),
    ],
)
def test_disallowed_annotations(release: str, config: dict[str, str], kept: set[str]) -> None:
    annotations = dict.fromkeys(("team", "modelFormat", "kubectl.kubernetes.io/last-applied-configuration"), "x")
    made = pod(installation=Installation(find_release(release), config), annotations=annotations)
    assert user_annotations(made).keys() == kept


@pytest.mark.parametrize("mode", ["Knative", "Standard"])
def test_what_knative_moves_and_strips(mode: str) -> None:
    annotations = {
        "serving.knative.dev/rollout-duration": "60s",
        "autoscaling.knative.dev/target": "5",
        "serving.knative.dev/routes": "r",
        "team": "x",
    }
    made = pod(installation=Installation(mode=mode), annotations=annotations)
    assert user_annotations(made).keys() == ({"team"} if mode == "Knative" else annotations.keys())
    if mode == "Knative":
        assert "Knative" in made.layers[0].removed["autoscaling.knative.dev/target"]


@pytest.mark.parametrize(
    ("annotation", "config", "override", "mode"),
    [
        (None, {}, None, "Knative"),
        (None, STANDARD, None, "Standard"),
        (None, {"deploy": '{"defaultDeploymentMode": "RawDeployment"}'}, None, "Standard"),
        ("Serverless", STANDARD, None, "Knative"),
        ("nonsense", STANDARD, None, "Standard"),
        ("ModelMesh", STANDARD, "Knative", "Knative"),
    ],
)
def test_deployment_mode(annotation: str | None, config: dict[str, str], override: str | None, mode: str) -> None:
    annotations = {"serving.kserve.io/deploymentMode": annotation} if annotation else {}
    assert deployment_mode(service(annotations=annotations), Installation(config=config, mode=override)) == mode


def test_the_defaulter_writes_the_mode_into_the_annotations() -> None:
    key = "serving.kserve.io/deploymentMode"
    assert pod(installation=Installation(config=STANDARD)).annotations[key] == "Standard"
    assert pod(annotations={key: "RawDeployment"}).annotations[key] == "Standard"
    old = Installation(find_release("0.15.2"))
    assert pod(installation=old, annotations={key: "RawDeployment"}).annotations[key] == "RawDeployment"


def test_modelmesh_makes_no_predictor_pod_but_a_transformer() -> None:
    read = service(transformer={"containers": [{"name": "kserve-container"}]})
    installation = Installation(mode="ModelMesh")
    assert component_pod(read, read.components["predictor"], installation) is None
    made = component_pod(read, read.components["transformer"], installation)
    assert made is not None
    assert made.mode == "Knative"


@pytest.mark.parametrize(
    ("mode", "release", "logger", "redirected"),
    [
        ("Knative", "0.8.0", True, True),
        ("Standard", "0.8.0", True, False),
        ("Standard", "0.9.0", True, True),
        ("Standard", "0.20.0", False, False),
    ],
)
def test_traffic_reaches_the_agent(mode: str, release: str, logger: bool, redirected: bool) -> None:
    changes: dict[str, Any] = {} if logger else {"predictor": {"logger": None}}
    assert pod(installation=Installation(find_release(release), mode=mode), **changes).redirected == redirected


@pytest.mark.parametrize("text", ["{", "[]", '{"serviceAnnotationDisallowedList": "x"}'])
def test_an_unreadable_config_is_an_error(text: str) -> None:
    with pytest.raises(ConfigError):
        pod(installation=Installation(config={"inferenceService": text}))


def test_batcher_and_model_annotations() -> None:
    model = {
        "modelFormat": {"name": "sklearn"},
        "storageUri": "s3://b",
        "storage": {"parameters": {"b": "2", "a": "1"}},
    }
    predictor = {"model": model, "batcher": {"maxBatchSize": 8}}
    explainer = {"batcher": {"maxBatchSize": 8}, "logger": {"mode": "all"}, "containers": [{}]}
    annotations = pod(predictor=predictor).annotations
    prefix = "internal.serving.kserve.io/"
    assert annotations[prefix + "batcher-max-batchsize"] == "8"
    assert annotations[prefix + "storage-initializer-sourceuri"] == "s3://b"
    assert annotations[prefix + "storage-spec-param"] == '{"a":"1","b":"2"}'
    assert prefix + "batcher" not in pod("explainer", explainer=explainer).annotations
