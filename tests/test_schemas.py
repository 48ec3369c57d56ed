"""The published schemas: valid, and as strict as they say."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from isvclog.kserve.apis.releases import ALL_RELEASES, NEWEST, NEXT, Release, capabilities, find_release
from isvclog.kserve.apis.schema import logger_schema, service_schema

ROOT = Path(__file__).parent.parent
SERVICE = {
    "apiVersion": "serving.kserve.io/v1beta1",
    "kind": "InferenceService",
    "metadata": {"name": "iris", "annotations": {"example.com/team": "fraud"}},
    "spec": {
        "predictor": {"model": {"modelFormat": {"name": "sklearn"}}, "logger": {"mode": "all", "url": "http://sink"}}
    },
}


def service(**logger: Any) -> dict[str, Any]:
    changed: dict[str, Any] = copy.deepcopy(SERVICE)
    changed["spec"]["predictor"]["logger"] |= logger
    return changed


def accepts(release: Release, data: Any) -> bool:
    return Draft7Validator(dict(service_schema(release))).is_valid(data)


@pytest.mark.parametrize("release", [*ALL_RELEASES, NEXT], ids=str)
def test_each_is_a_schema_of_its_own_release(release: Release) -> None:
    schema = json.loads((ROOT / "schemas" / f"inferenceservice-{release.name}.json").read_text(encoding="utf-8"))
    Draft7Validator.check_schema(schema)
    assert schema["$id"] == f"urn:isvclog:inferenceservice:{release.name}"
    assert str(release) in schema["title"]
    assert accepts(release, SERVICE)


@pytest.mark.parametrize("release", [*ALL_RELEASES, NEXT], ids=str)
def test_a_release_has_exactly_the_fields_it_knows(release: Release) -> None:
    fields = {name for name, row in capabilities().items() if row.kind == "field"} - {"canary", "component-annotations"}
    known = {name for name in fields if release.has(name)}
    assert set(logger_schema(release)["properties"]) == {"url", "mode"} | known
    spec = service_schema(release)["properties"]["spec"]["properties"]
    assert ("canary" in spec) == release.has("canary")
    component = service_schema(release)["definitions"]["component"]["properties"]
    assert ("annotations" in component) == ("labels" in component) == release.has("component-annotations")


@pytest.mark.parametrize("release", [*ALL_RELEASES, NEXT], ids=str)
def test_every_field_explains_itself(release: Release) -> None:
    for name, schema in logger_schema(release)["properties"].items():
        assert schema["description"].endswith("."), name
        unreleased = ("logAllResponses",)
        assert ("Since KServe" in schema["description"]) == (name not in ("url", "mode", *unreleased)), name
        assert ("Not released yet." in schema["description"]) == (name in unreleased), name


def test_what_only_some_releases_do_is_not_told_of_others() -> None:
    old, new = (logger_schema(find_release(text))["properties"] for text in ("0.14", "0.17"))
    assert "s3" not in old["url"]["description"]
    assert "s3" in new["url"]["description"]
    assert "one name only" in old["metadataHeaders"]["description"]
    assert "one name only" not in new["metadataHeaders"]["description"]
    assert "parquet" not in json.dumps(logger_schema(find_release("0.16")))
    assert "parquet" in json.dumps(new)


@pytest.mark.parametrize(
    "logger",
    [
        {"mode": "All"},
        {"mode": None},
        {"url": ["http://sink"]},
        {"batchSize": "10"},
        {"batchSize": True},
        {"metadataHeaders": "X-Request-Id"},
        {"metadataAnnotations": [1]},
        {"metadata-annotations": ["team"]},
        {"storage": {"path": "logs"}},
        {"storage": {"path": "logs", "key": "", "parameters": {"format": 1}}},
        {"storage": {"path": "logs", "key": "", "parameters": {}, "bucket": "b"}},
    ],
    ids=str,
)
def test_loggers_that_kserve_does_not_take(logger: dict[str, Any]) -> None:
    assert not accepts(NEWEST, service(**logger))
    canary = copy.deepcopy(SERVICE)
    canary["spec"]["canary"] = [{"trafficPercent": 10, "predictor": service(**logger)["spec"]["predictor"]}]  # type: ignore[index]
    assert not accepts(NEWEST, canary)


@pytest.mark.parametrize("place", ["metadata", "predictor", "transformer", "explainer"])
@pytest.mark.parametrize("name", ["annotations", "labels"])
def test_annotations_are_text(place: str, name: str) -> None:
    data = service()
    holder = data["metadata"] if place == "metadata" else data["spec"].setdefault(place, {})
    holder[name] = {"a": "yes"}
    assert accepts(NEWEST, data)
    holder[name] = {"a": True}
    assert not accepts(NEWEST, data)


def test_a_logger_without_mode_is_refused() -> None:
    data = service()
    del data["spec"]["predictor"]["logger"]["mode"]
    assert not accepts(NEWEST, data)


def test_the_rest_of_a_service_is_not_judged() -> None:
    assert accepts(NEWEST, {"kind": "Deployment", "spec": {"replicas": 1, "predictor": {"future": [1]}}, "status": {}})
