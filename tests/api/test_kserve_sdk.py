"""`isvclog.api` with the real Python package kserve, where it is installed.

It was last run with kserve 0.21.0, with kubernetes 32.0.1 and 37.0.1. Elsewhere the stand-ins of `sdk_models` are
what there is.
"""

import json
import re
import warnings
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from isvclog.api import check, predict
from isvclog.api.inputs import given_text

PAGE = Path(__file__).parents[2] / "docs" / "api.md"

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    kserve: Any = pytest.importorskip("kserve", reason="the Python package kserve is not installed")
    client: Any = pytest.importorskip("kubernetes.client")

MANIFEST: dict[str, Any] = {
    "apiVersion": "serving.kserve.io/v1beta1",
    "kind": "InferenceService",
    "metadata": {"name": "fraud", "namespace": "ml", "annotations": {"example.com/team": "fraud"}},
    "spec": {
        "predictor": {
            "minReplicas": 1,
            "logger": {
                "mode": "all",
                "url": "http://sink.ml.svc.cluster.local",
                "metadataAnnotations": ["example.com/team"],
                "metadataHeaders": ["x-request-id"],
            },
            "model": {
                "modelFormat": {"name": "sklearn"},
                "name": "",
                "storageUri": "gs://models/fraud",
                "resources": {"limits": {"cpu": "1"}},
                "env": [{"name": "A", "value": "b"}],
            },
        }
    },
}


@pytest.fixture
def service() -> Any:
    return kserve.V1beta1InferenceService(
        api_version="serving.kserve.io/v1beta1",
        kind="InferenceService",
        metadata=client.V1ObjectMeta(name="fraud", namespace="ml", annotations={"example.com/team": "fraud"}),
        spec=kserve.V1beta1InferenceServiceSpec(
            predictor=kserve.V1beta1PredictorSpec(
                min_replicas=1,
                logger=kserve.V1beta1LoggerSpec(
                    mode="all",
                    url="http://sink.ml.svc.cluster.local",
                    metadata_annotations=["example.com/team"],
                    metadata_headers=["x-request-id"],
                ),
                model=kserve.V1beta1ModelSpec(
                    model_format=kserve.V1beta1ModelFormat(name="sklearn"),
                    storage_uri="gs://models/fraud",
                    resources=client.V1ResourceRequirements(limits={"cpu": "1"}),
                    env=[client.V1EnvVar(name="A", value="b")],
                ),
            )
        ),
    )


def test_an_object_is_read_as_the_manifest_that_it_becomes(service: Any) -> None:
    assert json.loads(given_text(service).source.data) == MANIFEST


def test_an_object_is_checked_and_predicted(service: Any) -> None:
    [found] = check(service)
    assert (found.rule, found.fix) == ("non-canonical-header", "Write `X-Request-Id`.")
    assert found.path == ("spec", "predictor", "logger", "metadataHeaders", 0)
    [prediction] = predict(service)
    assert [event.annotations for event in prediction.components[0].events] == [{"example.com/team": "fraud"}] * 2
    service.spec.predictor.logger.metadata_headers = ["X-Request-Id"]
    assert check(service) == []


def test_the_program_of_the_page_runs(service: Any) -> None:
    [program] = re.findall(r"```python\n(from kserve .*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    names: dict[str, Any] = {}
    exec(program, names)
    created: list[Any] = []
    names["KServeClient"] = lambda: SimpleNamespace(create=created.append)
    with pytest.raises(ValueError, match="non-canonical-header"):
        names["create"](service)
    service.spec.predictor.logger.metadata_headers = ["X-Request-Id"]
    names["create"](service)
    assert created == [service]
