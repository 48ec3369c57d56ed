"""Pods of a predictor on other nodes than the first: their annotations, container and agent."""

from typing import Any

from isvclog.kserve.apis.admission import read_service
from isvclog.kserve.apis.installation import Installation
from isvclog.kserve.apis.releases import find_release
from isvclog.kserve.apis.runtimes import read_runtime
from isvclog.kserve.prediction import Prediction, predict_worker

HTTP = {"httpGet": {"path": "/", "port": 9000}}


def worker(own: dict[str, Any] | None = None, *, multi_node: bool = True, **container: Any) -> Prediction | None:
    workers = {
        "annotations": {"from": "workers", "kubectl.kubernetes.io/last-applied-configuration": "x"},
        "containers": [{"name": "worker-container", **container}],
    }
    spec = {
        "annotations": {"from": "runtime"},
        "containers": [{"name": "kserve-container"}],
        "supportedModelFormats": [{"name": "huggingface", "autoSelect": True}],
        **({"workerSpec": workers} if multi_node else {}),
    }
    runtime = read_runtime({"kind": "ClusterServingRuntime", "metadata": {"name": "rt"}, "spec": spec})
    names = {
        f"serving.kserve.io/{key}": value
        for key, value in (("deploymentMode", "Standard"), ("autoscalerClass", "none"))
    }
    predictor = {
        "annotations": {"team": "a"},
        "logger": {"mode": "all", "url": "http://sink.example/", "metadataAnnotations": ["from", "team"]},
        "model": {"modelFormat": {"name": "huggingface"}, "storageUri": "pvc://c/m"},
        **({"workerSpec": own} if own is not None else {}),
    }
    metadata = {"name": "m", "namespace": "ns", "annotations": names}
    data = {"apiVersion": "serving.kserve.io/v1beta1", "metadata": metadata, "spec": {"predictor": predictor}}
    installation = Installation(find_release("0.20.0"), runtimes=(runtime,), all_runtimes=True)
    service = read_service(data, installation.release)
    return predict_worker(service, service.components["predictor"], installation)


def test_annotations_of_the_workers_are_not_filtered() -> None:
    found = worker({})
    assert found is not None
    assert found.pod is not None
    assert found.pod.annotations["kubectl.kubernetes.io/last-applied-configuration"] == "x"
    assert found.argument("--metadata-annotations") == "from=workers,team=a"
    assert [container.name for container in found.pod.containers] == ["worker-container"]


def test_the_agent_needs_a_probe_of_the_worker() -> None:
    without, of_runtime, own = (
        worker({}),
        worker({}, readinessProbe=HTTP),
        worker({"containers": [{"readinessProbe": HTTP}]}),
    )
    starts = [found.startup.runs for found in (without, of_runtime, own) if found and found.startup]
    assert starts == [False, True, True]


def test_without_workers_there_is_none() -> None:
    assert worker() is None
    assert worker({}, multi_node=False) is None
