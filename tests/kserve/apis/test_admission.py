"""What the API server and KServe's webhook refuse, and what they prune."""

from typing import Any

import pytest
from services import manifest, service

from isvclog.keypath import dotted
from isvclog.kserve.apis.admission import read_service
from isvclog.kserve.apis.decode import Rejected
from isvclog.kserve.apis.releases import NEWEST


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"annotations": {"a": True}}, "metadata.annotations.a"),
        ({"annotations": {"a": 5}}, "metadata.annotations.a"),
        ({"logger": {"mode": "All"}}, "spec.predictor.logger.mode"),
        ({"logger": {"mode": None}}, "spec.predictor.logger.mode"),
        ({"logger": {"url": ["http://a"]}}, "spec.predictor.logger.url"),
        ({"logger": {"batchSize": "10"}}, "spec.predictor.logger.batchSize"),
        ({"logger": {"batchSize": 1.5}}, "spec.predictor.logger.batchSize"),
        ({"logger": {"metadataAnnotations": "team"}}, "spec.predictor.logger.metadataAnnotations"),
        ({"logger": {"metadataAnnotations": ["a", 1]}}, "spec.predictor.logger.metadataAnnotations[1]"),
        ({"logger": {"storage": {"path": "x", "key": "k"}}}, "spec.predictor.logger.storage.parameters"),
        ({"logger": {"storage": {"parameters": {}, "key": "k"}}}, "spec.predictor.logger.storage.path"),
        ({"predictor": {"annotations": {"a": 1}}}, "spec.predictor.annotations.a"),
        ({"transformer": "yes"}, "spec.transformer"),
    ],
)
def test_rejected(changes: dict[str, Any], path: str) -> None:
    with pytest.raises(Rejected) as refused:
        read_service(manifest(**changes), NEWEST)
    assert dotted(refused.value.path) == path


def test_a_predictor_beside_spec_is_rejected_and_named() -> None:
    data = manifest()
    data["predictor"] = data.pop("spec")["predictor"]
    with pytest.raises(Rejected, match="root of the document"):
        read_service(data, NEWEST)


def test_nulls_are_dropped_except_in_metadata() -> None:
    read = service(annotations={"a": None}, logger={"url": None}, predictor={"annotations": {"b": None}})
    assert read.annotations == {"a": ""}
    predictor = read.components["predictor"]
    assert predictor.annotations == {}
    assert predictor.logger is not None
    assert predictor.logger.url is None


@pytest.mark.parametrize(
    ("release", "headers", "annotations", "storage"),
    [
        ("0.13.1", None, None, False),
        ("0.14.0", ("X-A",), None, False),
        ("0.15.0", ("X-A",), None, False),
        ("0.15.1", ("X-A",), ("a",), False),
        ("0.16.0", ("X-A",), ("a",), True),
    ],
)
def test_fields_newer_than_the_release_are_pruned(
    release: str, headers: tuple[str, ...] | None, annotations: tuple[str, ...] | None, storage: bool
) -> None:
    fields = {"metadataHeaders": ["X-A"], "metadataAnnotations": ["a"]}
    logger = service(release, logger=fields | {"storage": {"path": "p", "key": "k", "parameters": {}}}).predictor_logger
    assert logger is not None
    assert (logger.metadata_headers, logger.metadata_annotations) == (headers, annotations)
    assert (logger.storage is not None) == storage


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"predictor": {"model": None}}, "spec.predictor"),
        ({"predictor": {"model": None, "workerSpec": {}}}, "spec.predictor"),
        ({"predictor": {"containers": [{"name": "kserve-container"}]}}, "spec.predictor"),
        ({"predictor": {"model": None, "sklearn": {}, "onnx": {}}}, "spec.predictor"),
        ({"predictor": {"model": None, "containers": [{"name": "kserve-container"}] * 2}}, "spec.predictor"),
        ({"transformer": {"logger": {"mode": "all"}}}, "spec.transformer"),
        ({"explainer": {}}, "spec.explainer"),
        ({"explainer": {"art": {}, "containers": [{}]}}, "spec.explainer"),
    ],
)
def test_a_component_needs_exactly_one_implementation(changes: dict[str, Any], path: str) -> None:
    with pytest.raises(Rejected, match="KServe needs") as refused:
        service(**changes)
    assert dotted(refused.value.path) == path


@pytest.mark.parametrize(
    "changes",
    [
        {"predictor": {"containers": [{"name": "side"}]}},
        {"predictor": {"model": None, "containers": [{"name": "a"}, {"name": "b"}]}},
        {"predictor": {"sklearn": {}}},
        {"transformer": {"containers": [{}]}},
        {"explainer": {"art": {"type": "SquareAttack"}}},
    ],
)
def test_one_implementation_is_accepted(changes: dict[str, Any]) -> None:
    assert service(**changes).name == "iris"


def test_a_framework_replaces_the_model() -> None:
    model = service(predictor={"triton": {"storageUri": "s3://b"}}).components["predictor"].model
    assert model is not None
    assert (model.format, model.storage_uri) == ("triton", "s3://b")


@pytest.mark.parametrize(
    ("metadata", "path"),
    [
        ({"name": None}, "metadata.name"),
        ({"name": ""}, "metadata.name"),
        ({"name": "1st"}, "metadata.name"),
        ({"name": None, "generateName": "1st-"}, "metadata.generateName"),
    ],
)
def test_a_name_is_needed(metadata: dict[str, Any], path: str) -> None:
    data = manifest()
    data["metadata"] |= metadata
    with pytest.raises(Rejected) as refused:
        read_service(data, NEWEST)
    assert dotted(refused.value.path) == path


def test_a_name_may_be_generated() -> None:
    data = manifest()
    data["metadata"] |= {"name": None, "generateName": "iris-"}
    assert read_service(data, NEWEST).name == "iris-"


@pytest.mark.parametrize(
    ("key", "accepted"),
    [
        ("team", True),
        ("example.com/cost-center", True),
        ("Example.COM/Team_1.x", True),
        ("n" * 63, True),
        ("n" * 64, False),
        (f"{'p' * 253}/n", True),
        (f"{'p' * 254}/n", False),
        ("", False),
        ("a b", False),
        ("-a", False),
        ("a-", False),
        ("a/b/c", False),
        ("/a", False),
        ("a/", False),
        ("example..com/a", False),
        ("ex_ample/a", False),
        ("a,b", False),
        ("a=b", False),
        ("größe", False),
        ("a\n", False),
    ],
)
def test_keys_of_annotations_are_qualified_names(key: str, accepted: bool) -> None:
    if accepted:
        assert service(annotations={key: "x"}).annotations == {key: "x"}
        return
    with pytest.raises(Rejected) as refused:
        service(annotations={key: "x"})
    assert refused.value.path == ("metadata", "annotations", key)


def test_all_annotations_have_at_most_262144_bytes() -> None:
    assert service(annotations={"k": "é" * 131_071, "x": ""})
    with pytest.raises(Rejected, match="262,145 bytes"):
        service(annotations={"k": "é" * 131_071, "xy": ""})


NAMED = [{"name": "agent", "ports": [{"containerPort": 9000}]}, {"name": "b"}]


@pytest.mark.parametrize(
    ("release", "part", "containers", "names"),
    [
        ("0.20.0", "predictor", NAMED, ["agent", "b"]),
        ("0.15.0", "predictor", NAMED, ["agent", "b"]),
        ("0.14.1", "predictor", NAMED, ["kserve-container", "b"]),
        ("0.20.0", "predictor", NAMED[:1], ["kserve-container"]),
        ("0.20.0", "predictor", [{}, {"name": "b"}], ["kserve-container", "b"]),
        ("0.20.0", "transformer", NAMED, ["kserve-container", "b"]),
        ("0.20.0", "explainer", NAMED, ["kserve-container", "b"]),
        ("0.14.1", "transformer", NAMED, ["kserve-container", "b"]),
    ],
)
def test_how_the_first_custom_container_is_named(
    release: str, part: str, containers: list[dict[str, Any]], names: list[str]
) -> None:
    component = {"containers": containers} | ({"model": None} if part == "predictor" else {})
    read = service(release, **{part: component}).components[part]
    assert [container.name for container in read.containers] == names


def test_containers_beside_a_model_keep_their_names() -> None:
    predictor = service(predictor={"containers": [{"name": "side"}]}).components["predictor"]
    assert [container.name for container in predictor.containers] == ["side"]
