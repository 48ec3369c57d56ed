"""Pod annotations and labels: merge order, the disallowed list, and what Knative keeps from pods."""

from typing import Any

import pytest
from services import service

from isvclog.kserve.apis.installation import SHIPPED, Installation
from isvclog.kserve.apis.releases import find_release
from isvclog.kserve.apis.runtimes import Runtime, SupportedFormat
from isvclog.kserve.apis.spec import Container
from isvclog.kserve.controller.pod import Pod, component_pod, deployment_mode

PREFIX = "internal.serving.kserve.io/"
MODE = "serving.kserve.io/deploymentMode"
AUTOSCALING = "autoscaling.knative.dev/"
STANDARD = {"deploy": '{"defaultDeploymentMode": "Standard"}'}


def pod(component: str = "predictor", installation: Installation | None = None, **changes: Any) -> Pod:
    read = service(**changes)
    made = component_pod(read, read.components[component], installation or Installation())
    assert made is not None
    return made


def user_annotations(made: Pod) -> dict[str, str]:
    """The annotations of a pod without those that KServe and Knative add."""
    added = {key for layer in made.layers if layer.source in ("KServe", "Knative") for key in layer.annotations}
    return {key: value for key, value in made.annotations.items() if key not in added}


SKLEARN = (SupportedFormat("sklearn", auto_select=True),)


def at(release: str, **facts: Any) -> Installation:
    return Installation(find_release(release), **facts)


def test_later_layers_win() -> None:
    runtime = Runtime("rt", {"a": "runtime", "b": "runtime", "c": "runtime"}, {"endpoint": "rt"}, formats=SKLEARN)
    made = pod(
        installation=Installation(runtimes=(runtime,)),
        annotations={"b": "service", "c": "service"},
        predictor={"annotations": {"c": "component"}, "labels": {"component": "mine"}},
    )
    assert user_annotations(made) == {"a": "runtime", "b": "service", "c": "component"}
    assert made.labels["endpoint"] == "rt"
    assert made.labels["component"] == "predictor", "KServe's own labels cannot be overridden"


def test_a_runtime_is_only_for_the_model_it_fits() -> None:
    runtimes = (
        Runtime("other", {"a": "x"}, formats=(SupportedFormat("onnx", auto_select=True),)),
        Runtime("named", {"a": "y"}),
    )
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
        ("0.20.0", {"inferenceService": '{"SERVICEANNOTATIONDISALLOWEDLIST": ["team"]}'}, set()),
        ("0.14.0", {"inferenceService": '{"serviceAnnotationDisallowedList": ["team"]}'}, {"team", "modelFormat"}),
        # The trap: without the key `inferenceService` nothing is filtered at all.
        ("0.20.0", {}, {"team", "modelFormat", "kubectl.kubernetes.io/last-applied-configuration"}),
        ("0.14.0", {}, {"team", "modelFormat"}),
    ],
)
def test_disallowed_annotations(release: str, config: dict[str, str], kept: set[str]) -> None:
    annotations = dict.fromkeys(("team", "modelFormat", "kubectl.kubernetes.io/last-applied-configuration"), "x")
    made = pod(installation=at(release, config=config), annotations=annotations)
    assert user_annotations(made).keys() == kept


@pytest.mark.parametrize(
    ("release", "mode", "config", "component"),
    [
        ("0.20.0", "Knative", '{"serviceLabelDisallowedList": ["component"]}', None),
        ("0.20.0", "Standard", '{"serviceLabelDisallowedList": ["component"]}', "predictor"),
        ("0.14.1", "Knative", '{"serviceLabelDisallowedList": ["component"]}', "predictor"),
        ("0.20.0", "Knative", "{}", "predictor"),
    ],
)
def test_disallowed_labels(release: str, mode: str, config: str, component: str | None) -> None:
    installation = at(release, mode=mode, config={"inferenceService": config})
    labels = pod(installation=installation, predictor={"labels": {"networking.knative.dev/visibility": "v"}}).labels
    assert labels.get("component") == component
    assert ("networking.knative.dev/visibility" in labels) == (mode == "Standard")


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


def test_autoscaling_annotations_reach_pods_of_older_knative() -> None:
    annotations = {AUTOSCALING + "window": "60s", AUTOSCALING + "target": "5", AUTOSCALING + "min-scale": "9"}
    predictor = {"scaleTarget": 7, "maxReplicas": 3}
    old = pod(installation=at("0.16.0", mode="Knative"), annotations=annotations, predictor=predictor)
    found = {key.removeprefix(AUTOSCALING): old.annotations[key] for key in old.annotations if AUTOSCALING in key}
    assert found == {
        "window": "60s",
        "class": "kpa.autoscaling.knative.dev",
        "target": "7",
        "min-scale": "1",
        "max-scale": "3",
    }
    new = pod(installation=at("0.17.0", mode="Knative"), annotations=annotations, predictor=predictor)
    assert not [key for key in new.annotations if key.startswith(AUTOSCALING)]
    standard = pod(installation=at("0.16.0", mode="Standard"), predictor=predictor)
    assert not [key for key in standard.annotations if key.startswith(AUTOSCALING)]


@pytest.mark.parametrize(("value", "kept"), [("2", True), ("0", False), ("x", False), ("1.5", False)])
def test_an_initial_scale_that_kserve_removes(value: str, kept: bool) -> None:
    annotations = {AUTOSCALING + "initial-scale": value}
    older, newer = (pod(installation=at(release), annotations=annotations) for release in ("0.14.1", "0.16.0"))
    assert older.annotations[AUTOSCALING + "initial-scale"] == value
    assert (AUTOSCALING + "initial-scale" in newer.annotations) == kept


def test_what_only_0_15_1_writes() -> None:
    scaled = {"minReplicas": 3}
    found, zero, next_one = (
        pod(installation=at(release), predictor=predictor).annotations
        for release, predictor in (("0.15.1", scaled), ("0.15.1", {"minReplicas": 0}), ("0.15.2", scaled))
    )
    assert (found[AUTOSCALING + "initial-scale"], found[AUTOSCALING + "max-scale"]) == ("3", "0")
    assert AUTOSCALING + "initial-scale" not in zero
    assert next_one.keys().isdisjoint((AUTOSCALING + "initial-scale", AUTOSCALING + "max-scale"))


def test_the_users_autoscaling_class_is_kept() -> None:
    annotations = {AUTOSCALING + "class": "hpa.autoscaling.knative.dev"}
    made = pod(installation=at("0.16.0", mode="Knative"), annotations=annotations)
    assert made.annotations[AUTOSCALING + "class"] == "hpa.autoscaling.knative.dev"


def test_what_knative_adds() -> None:
    containers = [{"name": "first"}, {"name": "second"}]
    made = pod(predictor={"model": None, "containers": containers})
    assert made.annotations["kubectl.kubernetes.io/default-container"] == "first"
    assert made.annotations["serving.knative.dev/creator"] == "<creator>"
    assert "serving.knative.dev/creator" not in pod(installation=Installation(mode="Standard")).annotations


@pytest.mark.parametrize(
    ("release", "annotation", "default", "override", "mode"),
    [
        ("0.20.0", None, None, None, "Knative"),
        ("0.20.0", None, "Standard", None, "Standard"),
        ("0.20.0", None, "RawDeployment", None, "Standard"),
        ("0.20.0", "Serverless", "Standard", None, "Knative"),
        ("0.20.0", "nonsense", "Standard", None, "Standard"),
        ("0.20.0", "ModelMesh", "Standard", "Knative", "Knative"),
        ("0.20.0", None, None, "RawDeployment", "Standard"),
        ("0.16.0", "Standard", None, None, "Standard"),
        ("0.16.0", "RawDeployment", None, None, "Standard"),
        ("0.15.2", "Standard", None, None, "Knative"),
        ("0.15.2", "Knative", "RawDeployment", None, "Standard"),
        ("0.15.2", "RawDeployment", None, None, "Standard"),
        ("0.15.2", None, None, "Standard", "Standard"),
    ],
)
def test_deployment_mode(
    release: str, annotation: str | None, default: str | None, override: str | None, mode: str
) -> None:
    annotations = {MODE: annotation} if annotation else {}
    config = {"deploy": f'{{"defaultDeploymentMode": "{default}"}}'} if default else {}
    installation = at(release, config=config, mode=override)
    assert deployment_mode(service(annotations=annotations), installation) == mode


@pytest.mark.parametrize(
    ("release", "default", "annotation", "written"),
    [
        ("0.20.0", "Standard", None, "Standard"),
        ("0.20.0", "RawDeployment", None, "Standard"),
        ("0.20.0", "Knative", None, None),
        ("0.20.0", "Knative", "RawDeployment", "Standard"),
        ("0.20.0", "Knative", "nonsense", "nonsense"),
        ("0.16.0", "Knative", "RawDeployment", "RawDeployment"),
        ("0.15.2", "RawDeployment", None, "RawDeployment"),
        ("0.15.2", "Serverless", None, None),
        ("0.15.2", "Serverless", "RawDeployment", "RawDeployment"),
        ("0.9.0", "RawDeployment", None, "RawDeployment"),
    ],
)
def test_the_defaulter_writes_the_mode_into_the_annotations(
    release: str, default: str, annotation: str | None, written: str | None
) -> None:
    installation = at(release, config={"deploy": f'{{"defaultDeploymentMode": "{default}"}}'})
    made = pod(installation=installation, annotations={MODE: annotation} if annotation else {})
    assert made.annotations.get(MODE) == written


def test_the_defaulter_adds_the_model_format() -> None:
    shipped, unfiltered, older = pod(), pod(installation=Installation(config={})), pod(installation=at("0.16.0"))
    assert "modelFormat" not in shipped.annotations
    assert any("modelFormat" in layer.removed for layer in shipped.layers)
    assert unfiltered.annotations["modelFormat"] == "sklearn"
    assert "modelFormat" not in older.annotations


def test_modelmesh_creates_a_transformer_pod_and_no_predictor_pod() -> None:
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


def test_batcher_and_model_annotations() -> None:
    model = {
        "modelFormat": {"name": "sklearn"},
        "storageUri": "s3://b",
        "storage": {"parameters": {"b": "2", "a": "1"}},
    }
    predictor = {"model": model, "batcher": {"maxBatchSize": 8}}
    explainer = {"batcher": {"maxBatchSize": 8}, "logger": {"mode": "all"}, "containers": [{}]}
    annotations = pod(predictor=predictor).annotations
    assert annotations[PREFIX + "batcher-max-batchsize"] == "8"
    assert annotations[PREFIX + "storage-initializer-sourceuri"] == "s3://b"
    assert annotations[PREFIX + "storage-spec-param"] == '{"a":"1","b":"2"}'
    assert PREFIX + "batcher" not in pod("explainer", explainer=explainer).annotations


SOURCE_URI = PREFIX + "storage-initializer-sourceuri"


def test_where_the_model_comes_from() -> None:
    stored = pod(predictor={"model": {"modelFormat": {"name": "onnx"}, "storage": {"path": "/models/a"}}})
    assert stored.annotations[SOURCE_URI] == "<scheme-placeholder>://models/a"
    variable = {"containers": [{"env": [{"name": "STORAGE_URI", "value": "gs://b/m"}]}]}
    assert pod(predictor={"model": None, **variable}).annotations[SOURCE_URI] == "gs://b/m"
    assert pod("transformer", transformer={"logger": {"mode": "all"}, **variable}).annotations[SOURCE_URI] == "gs://b/m"


@pytest.mark.parametrize(
    ("predictor", "several"),
    [
        ({}, True),
        ({"model": None, "sklearn": {}}, True),
        ({"model": {"modelFormat": {"name": "sklearn"}, "storageUri": "s3://b"}}, False),
        ({"model": {"modelFormat": {"name": "sklearn"}, "storage": {"key": "k"}}}, False),
        ({"storageUris": [{"uri": "s3://b"}]}, False),
        ({"model": {"modelFormat": {"name": "huggingface"}}}, False),
        ({"model": None, "huggingface": {}}, False),
        ({"containers": [{"name": "side"}]}, False),
        ({"model": None, "containers": [{"image": "i"}]}, False),
        ({"model": None, "containers": [{"env": [{"name": "MULTI_MODEL_SERVER", "value": "true"}]}]}, True),
    ],
)
def test_a_predictor_of_several_models_gets_the_puller(predictor: dict[str, Any], several: bool) -> None:
    annotations = pod(predictor=predictor).annotations
    found = {key: annotations.get(PREFIX + key) for key in ("agent", "configVolumeName", "configMountPath", "modelDir")}
    values = ("true", "modelconfig-iris-0", "/mnt/configs", "/mnt/models")
    assert tuple(found.values()) == (values if several else (None,) * 4)


def containers_of(predictor: dict[str, Any], *runtimes: Runtime, release: str = "0.20.0") -> list[tuple[str, int]]:
    made = pod(installation=at(release, runtimes=runtimes), predictor=predictor)
    return [(item.name, item.ports[0] if item.ports else 0) for item in made.containers]


def test_containers_of_a_runtime_begin_with_the_models() -> None:
    names = ("metrics", "transformer-container", "log", "kserve-container")
    runtime = Runtime("rt", containers=tuple(map(Container, names)), formats=SKLEARN)
    predictor = {"containers": [{"name": "extra"}, {"name": "transformer-container", "ports": [{"containerPort": 9}]}]}
    assert containers_of(predictor, runtime) == [
        ("kserve-container", 0),
        ("transformer-container", 9),
        ("metrics", 0),
        ("log", 0),
        ("extra", 0),
    ]


def test_the_first_container_of_a_custom_predictor_is_replaced() -> None:
    containers = [{"name": "metrics"}, {"name": "kserve-container"}]
    assert containers_of({"model": None, "containers": containers}) == [("kserve-container", 0)] * 2
    containers = [{"name": "kserve-container"}, {"name": "metrics"}]
    assert containers_of({"model": None, "containers": containers}) == [("kserve-container", 0), ("metrics", 0)]


@pytest.mark.parametrize(
    ("given", "written", "first"), [((1, 2), [2], 1), ((1, 2), [3], 3), ((1,), [], 1), ((), [3, 4], 3)]
)
def test_ports_of_a_model_are_merged_into_those_of_its_runtime(
    given: tuple[int, ...], written: list[int], first: int
) -> None:
    runtime = Runtime("rt", containers=(Container("kserve-container", given),), formats=SKLEARN)
    model = {"modelFormat": {"name": "sklearn"}, "ports": [{"containerPort": port} for port in written]}
    assert containers_of({"model": model}, runtime) == [("kserve-container", first)]


def test_a_probe_of_a_model_is_merged_into_that_of_its_runtime() -> None:
    probe = {"httpGet": {"path": "/old", "port": 1}, "periodSeconds": 5}
    runtime = Runtime("rt", containers=(Container("kserve-container", probe=probe),), formats=SKLEARN)
    model = {"modelFormat": {"name": "sklearn"}, "readinessProbe": {"httpGet": {"path": "/new"}}}
    made = pod(installation=Installation(runtimes=(runtime,)), predictor={"model": model})
    assert made.containers[0].probe == {"httpGet": {"path": "/new", "port": 1}, "periodSeconds": 5}


def test_runtime_annotations_are_copied_since_0_10() -> None:
    runtime = Runtime("rt", {"a": "x"}, {"endpoint": "e"}, (Container("kserve-container", (7,)),), SKLEARN)
    old, new = (pod(installation=at(release, runtimes=(runtime,))) for release in ("0.9.0", "0.10.0"))
    assert ("a" in old.annotations, "a" in new.annotations) == (False, True)
    assert (old.labels.get("endpoint"), new.labels.get("endpoint")) == (None, "e")
    assert old.containers[0].ports == (7,)


def test_an_unknown_runtime_is_named() -> None:
    named = {"model": {"modelFormat": {"name": "sklearn"}, "runtime": "mine"}}
    assert pod(predictor=named).unknown_runtime == "mine"
    assert pod(installation=Installation(runtimes=(Runtime("mine"),)), predictor=named).unknown_runtime == ""
    assert pod().unknown_runtime == ""
