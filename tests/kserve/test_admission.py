"""What the API server and KServe's webhook refuse, and what they prune."""

from typing import Any

import pytest
from services import manifest, service

from isvclog.keypath import dotted
from isvclog.kserve.admission import read_service
from isvclog.kserve.releases import NEWEST
from isvclog.kserve.typed import Refused


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
def test_refused(changes: dict[str, Any], path: str) -> None:
    with pytest.raises(Refused) as refused:
        read_service(manifest(**changes), NEWEST)
    assert dotted(refused.value.path) == path


def test_a_predictor_beside_spec_is_refused_and_named() -> None:
    data = manifest()
    data["predictor"] = data.pop("spec")["predictor"]
    with pytest.raises(Refused, match="root of the document"):
        read_service(data, NEWEST)


def test_nulls_are_no_values_but_for_metadata() -> None:
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


def test_a_single_custom_container_is_renamed() -> None:
    containers = [{"name": "agent", "ports": [{"containerPort": 9000}]}]
    predictor = service(predictor={"model": None, "containers": containers}).components["predictor"]
    assert [(item.name, item.ports) for item in predictor.containers] == [("kserve-container", (9000,))]
