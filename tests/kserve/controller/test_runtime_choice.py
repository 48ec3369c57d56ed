"""The choice of a runtime; tests/conformance has measured cases of what decides between several."""

from typing import Any

import pytest

from isvclog.kserve.apis.releases import find_release
from isvclog.kserve.apis.runtimes import Runtime, read_runtime
from isvclog.kserve.apis.spec import Model
from isvclog.kserve.controller.runtime_choice import choose_runtime, default_protocol

NEW = find_release("0.20.0")


def choose(model: Model, *given: Runtime, namespace: str = "ml") -> Runtime | None:
    return choose_runtime(model, namespace, given, NEW).runtime


def runtime(kind: str = "ServingRuntime", namespace: str | None = None, **spec: Any) -> Runtime:
    formats = [{"name": "sklearn", "autoSelect": True}, {"name": "onnx"}]
    metadata = {"name": "rt", "namespace": namespace}
    return read_runtime({"kind": kind, "metadata": metadata, "spec": {"supportedModelFormats": formats, **spec}})


HERE = runtime(namespace="ml")
ELSEWHERE = runtime(namespace="other")
CLUSTER = runtime("ClusterServingRuntime")
DISABLED = runtime(namespace="ml", disabled=True)
SHARED = runtime(namespace="ml", multiModel=True)


@pytest.mark.parametrize("name", [None, "rt"])
@pytest.mark.parametrize(
    ("given", "chosen"),
    [
        ([HERE], HERE),
        ([CLUSTER, HERE], HERE),
        ([ELSEWHERE, CLUSTER], CLUSTER),
        ([ELSEWHERE], None),
        ([runtime()], None),
    ],
)
def test_which_runtime_a_model_runs_in(name: str | None, given: list[Runtime], chosen: Runtime | None) -> None:
    assert choose(Model("sklearn", name), *given) is chosen


def test_without_a_namespace_it_is_the_default_one() -> None:
    assert choose(Model("sklearn"), runtime(), namespace="default") is not None


def test_only_some_formats_choose_a_runtime() -> None:
    assert choose(Model("onnx"), HERE) is None
    assert choose(Model("onnx", "rt"), HERE) is HERE
    assert choose(Model("sklearn"), SHARED) is None


def test_a_named_runtime_that_is_disabled_hides_the_clusters() -> None:
    choice = choose_runtime(Model("sklearn", "rt"), "ml", [CLUSTER, DISABLED], NEW)
    assert (choice.runtime, choice.error) == (DISABLED, "specified runtime rt is disabled")
    assert (choice.status, choice.is_certain) == ("RuntimeDisabled", True)
    assert choose(Model("sklearn"), CLUSTER, DISABLED) is CLUSTER


def test_a_runtime_without_a_creation_time_counts_as_old() -> None:
    new, old = runtime("ClusterServingRuntime")._replace(created="2026-01-01T00:00:00Z"), CLUSTER
    assert choose(Model("sklearn"), old, new) is new


@pytest.mark.parametrize(
    ("model", "release", "protocol"),
    [
        (Model("onnx"), "0.20.0", None),
        (Model("onnx", field="onnx"), "0.20.0", "v2"),
        (Model("onnx", protocol="v1", field="onnx"), "0.20.0", "v1"),
        (Model("triton"), "0.15.1", "v2"),
        (Model("vLLM"), "0.19.0", None),
        (Model("vLLM"), "0.20.0", "v2"),
    ],
)
def test_the_protocol_of_a_model_that_names_none(model: Model, release: str, protocol: str | None) -> None:
    assert default_protocol(model, find_release(release)) == protocol
