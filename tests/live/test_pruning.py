"""Fields that a CustomResourceDefinition drops: known from what was applied, the schema and the live object."""

import json
from time import monotonic
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from live_cluster import ALL_FIELDS, applied, crd, service

from isvclog.filenames import live_name
from isvclog.findings import NOWHERE, Finding
from isvclog.keypath import dotted
from isvclog.kserve.apis.constants import LAST_APPLIED
from isvclog.kserve.apis.releases import ALL_RELEASES, NEWEST, find_release
from isvclog.live.pruning import installed_schema, pruned_fields, released_schema
from isvclog.manifest import live_object
from isvclog.rules.registry import all_rules

OLD = ("url", "mode", "metadataHeaders", "metadataAnnotations")


def pruned(item: dict[str, Any], definition: dict[str, Any], version: str = "0.17.0") -> list[Finding]:
    obj = live_object(live_name("ml", "iris"), item)
    return pruned_fields(obj, installed_schema(definition), find_release(version))


def places(findings: list[Finding]) -> list[str]:
    return [dotted(found.path) for found in findings]


def test_a_field_that_the_crd_lacks_is_pruned() -> None:
    (found,) = pruned(applied(service(), batchSize=3), crd(*OLD))
    assert dotted(found.path) == "spec.predictor.logger.batchSize"
    assert (found.rule, found.span, found.object) == ("pruned-field", NOWHERE, "InferenceService/ml/iris")
    assert found.severity == all_rules()["pruned-field"].severity
    assert found.remedy == "Upgrade the CustomResourceDefinitions to KServe 0.17.0, and apply the manifest again."


def test_a_release_that_lacks_the_field_too_has_to_be_upgraded() -> None:
    (found,) = pruned(applied(service(), batchSize=3), crd(*OLD), "0.16.0")
    assert "0.17.0" in found.remedy


def test_a_misspelled_field_is_told_its_name() -> None:
    (found,) = pruned(applied(service(), **{"metadata-annotations": ["team"]}), crd(*ALL_FIELDS))
    assert "`metadata-annotations` was applied" in found.message
    assert "metadataAnnotations" in found.remedy


def test_no_value_is_shown() -> None:
    findings = pruned(applied(service(), secret="hunter2", batchSize={"hunter2": "x"}), crd(*OLD))
    assert len(findings) == 2
    assert "hunter2" not in "".join(found.message + found.remedy for found in findings)


@pytest.mark.parametrize(
    "definition",
    [
        crd(),
        {**crd("url"), "spec": {**crd("url")["spec"], "preserveUnknownFields": True}},
        {"spec": {"versions": [{"name": "v1alpha2", "schema": {}}]}},
        {"spec": {"versions": [{"name": "v1beta1"}, None]}},
        {"spec": {"versions": {}}},
        {"spec": None},
        {},
    ],
)
def test_without_a_schema_nothing_is_pruned(definition: dict[str, Any]) -> None:
    assert pruned(applied(service(), batchSize=3, other=1), definition) == []


def test_what_is_still_there_was_not_pruned() -> None:
    assert pruned(applied(service(batchSize=3), batchSize=3), crd(*OLD)) == []


def test_a_logger_that_somebody_removed_was_not_pruned() -> None:
    item = applied(service(), batchSize=3)
    del item["spec"]["predictor"]["logger"]
    assert pruned(item, crd(*OLD)) == []


def test_a_null_is_no_field() -> None:
    assert pruned(applied(service(), batchSize=None), crd(*OLD)) == []


def test_a_whole_logger_may_be_pruned() -> None:
    definition = crd(*OLD)
    schema = definition["spec"]["versions"][1]["schema"]["openAPIV3Schema"]["properties"]["spec"]
    del schema["properties"]["transformer"]
    item = service()
    item["spec"]["transformer"] = {"logger": {"mode": "all"}}
    applied(item)
    del item["spec"]["transformer"]
    assert places(pruned(item, definition)) == ["spec.transformer"]


def test_storage_and_canaries_are_looked_into() -> None:
    schema = {"spec": {"versions": [{"name": "v1beta1", "schema": {"openAPIV3Schema": released_schema(NEWEST)}}]}}
    item = service(storage={"path": "a", "parameters": {}, "key": "k"})
    item["spec"]["canary"] = [{}, {"predictor": {"logger": {"mode": "all"}}}]
    meant = json.loads(json.dumps(item))
    meant["spec"]["predictor"]["logger"]["storage"] |= {"bucket": "b", "parameters": {"any": "thing"}}
    meant["spec"]["canary"][1]["predictor"]["logger"]["sink"] = "x"
    item["spec"]["predictor"]["logger"]["storage"]["parameters"] = {"any": "thing"}
    item["metadata"]["annotations"][LAST_APPLIED] = json.dumps(meant)
    assert places(pruned(item, schema)) == [
        "spec.predictor.logger.storage.bucket",
        "spec.canary[1].predictor.logger.sink",
    ]


def test_what_was_applied_in_a_wrong_place_is_looked_for() -> None:
    item = service()
    meant = json.loads(json.dumps(item))
    meant["spec"]["logger"] = {"mode": "all"}
    meant["spec"]["predictor"] |= {"metadataAnnotations": ["team"], "Logger": {"mode": "all"}, "minReplicas": 1}
    item["metadata"]["annotations"][LAST_APPLIED] = json.dumps(meant)
    schema = {"spec": {"versions": [{"name": "v1beta1", "schema": {"openAPIV3Schema": released_schema(NEWEST)}}]}}
    assert [(dotted(found.path), found.remedy) for found in pruned(item, schema)] == [
        (
            "spec.predictor.metadataAnnotations",
            "Remove it, after adding what it has to `spec.predictor.logger.metadataAnnotations`.",
        ),
        ("spec.predictor.Logger", "Write `logger`."),
        ("spec.logger", "Move it to `spec.predictor.logger`."),
    ]


def test_many_fields_in_wrong_places_take_no_time_each_for_those_before() -> None:
    item = service()
    meant = json.loads(json.dumps(item))
    many = 15_000  # about as many as an annotation holds
    item["spec"]["predictor"]["containers"] = [{}] * many
    meant["spec"]["predictor"]["containers"] = [{"logger": {}}] * many
    item["metadata"]["annotations"][LAST_APPLIED] = json.dumps(meant)
    component = {
        "properties": {
            "containers": {"items": {"properties": {"name": {}}}},
            "logger": {"x-kubernetes-preserve-unknown-fields": True},
        }
    }
    schema = {"properties": {"spec": {"properties": {"predictor": component}}}}
    start = monotonic()
    assert len(pruned_fields(live_object("x", item), schema, NEWEST)) == many
    assert monotonic() - start < 10


def test_what_is_dropped_around_a_wrong_place_is_not_to_be_moved() -> None:
    item = service()
    meant = json.loads(json.dumps(item))
    meant["spec"]["predictr"] = {"logger": {"mode": "all"}, "metadataHeaders": ["x"]}
    meant["spec"]["canary"] = [{"predictor": {"model": {"metadataHeaders": ["x"]}}}]
    item["metadata"]["annotations"][LAST_APPLIED] = json.dumps(meant)
    assert [(dotted(found.path), found.remedy) for found in pruned(item, crd(*OLD))] == [
        ("spec.canary", "Upgrade the CustomResourceDefinitions to KServe 0.17.0, and apply the manifest again."),
        ("spec.predictr", "Move the `logger` in it to `spec.predictor.logger`."),
    ]


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "3", '{"spec": 3}', '{"spec": {"predictor": []}}', "[" * 9999])
def test_what_was_applied_may_be_malformed(text: str) -> None:
    item = service()
    item["metadata"]["annotations"][LAST_APPLIED] = text
    assert pruned(item, crd("url")) == []


@pytest.mark.parametrize("release", ALL_RELEASES, ids=str)
def test_a_release_keeps_what_it_knows(release: Any) -> None:
    obj = live_object("x", applied(service(), url="http://a", mode="all"))
    del obj.data["spec"]["predictor"]["logger"]["url"]
    assert pruned_fields(obj, released_schema(release), release) == [] or release < find_release("0.15.1")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["logger", "spec", "predictor", "canary", "storage", "url", "x"]), inner, max_size=4
        )
    ),
    max_leaves=12,
)


@given(JSON, JSON, JSON)
def test_nothing_that_a_server_says_is_too_odd(meant: Any, live: Any, schema: Any) -> None:
    data = {"kind": "InferenceService", "spec": live, "metadata": {"annotations": {LAST_APPLIED: json.dumps(meant)}}}
    definition = {"spec": {"versions": [{"name": "v1beta1", "schema": {"openAPIV3Schema": {"properties": schema}}}]}}
    pruned(data, definition)
    pruned_fields(live_object("x", data), released_schema(NEWEST), NEWEST)
