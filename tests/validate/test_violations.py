"""What jsonschema is told apart from the standard: null in a mapping is absent, and errors name what they are about."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft7Validator

from isvclog.kserve.apis.releases import ALL_RELEASES, NEWEST, Release
from isvclog.kserve.apis.schema import logger_schema, service_schema
from isvclog.manifest import live_object
from isvclog.validate.objects import validate_object
from isvclog.validate.violations import accepts, jsonschema_violations, violations

NAMES = st.sampled_from([*logger_schema(NEWEST)["properties"], "path", "key", "parameters", "other"])


@pytest.mark.parametrize("release", ALL_RELEASES, ids=str)
def test_our_schemas_are_schemas(release: Release) -> None:
    Draft7Validator.check_schema(service_schema(release))


def test_findings_without_a_place_are_in_the_order_of_their_paths() -> None:
    data = {
        "apiVersion": "serving.kserve.io/v1beta1",
        "kind": "InferenceService",
        "metadata": {"annotations": dict.fromkeys("querty", 1)},
        "spec": {"predictor": {"model": {}}},
    }
    found = validate_object(live_object("iris", data), NEWEST)
    assert "".join(str(finding.path[-1]) for finding in found) == "eqrtuy"


def test_a_null_counts_as_absent_except_in_a_list() -> None:
    logger = {"mode": None, "url": None, "URL": None, "metadataHeaders": [None]}
    assert sorted(violations(logger_schema(NEWEST), logger), key=lambda item: len(item.path)) == [
        ((), "required", ["mode"]),
        (("URL",), "additionalProperties", False),
        (("metadataHeaders", 0), "type", "string"),
    ]


@pytest.mark.parametrize(
    ("logger", "found"),
    [
        ({"mode": "all"}, []),
        ({"mode": "All"}, [(("mode",), "enum")]),
        ({"mode": True}, [(("mode",), "type")]),
        ({"mode": "all", "batchSize": 1.0}, []),
        ({"mode": "all", "batchSize": 1.5}, [(("batchSize",), "type")]),
        ({"mode": "all", "batchSize": True}, [(("batchSize",), "type")]),
        ({"mode": "all", "storage": {"path": "x"}}, [(("storage",), "required")]),
        (
            {"mode": "all", "storage": {"path": "x", "key": "k", "parameters": {"a": 1, "b": None}}},
            [(("storage", "parameters", "a"), "type")],
        ),
        ([], [((), "type")]),
    ],
)
def test_violations(logger: Any, found: list[tuple[Any, str]]) -> None:
    assert [(item.path, item.keyword) for item in violations(logger_schema(NEWEST), logger)] == found


SCALARS = st.sampled_from(["all", "request", "", "x", 1, 1.0, 1.5, True, None])
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(NAMES, inner, max_size=4))


@given(st.dictionaries(NAMES, VALUES, max_size=5) | VALUES, st.sampled_from(ALL_RELEASES))
def test_what_is_accepted_without_jsonschema_breaks_no_rule(value: Any, release: Release) -> None:
    schema = logger_schema(release)
    if accepts(schema, value, schema):
        assert not list(jsonschema_violations(schema, value))
    service = {"metadata": {"annotations": value}, "spec": {"predictor": {"logger": value}}}
    schema = service_schema(release)
    if accepts(schema, service, schema):
        assert not list(jsonschema_violations(schema, service))


def test_a_logger_without_faults_is_accepted() -> None:
    logger = {"mode": "all", "url": None, "metadataHeaders": ["a"], "batchSize": 1, "storage": None}
    schema = service_schema(NEWEST)
    service = {"spec": {"predictor": {"logger": logger, "model": {}}, "canary": [{"predictor": {"logger": logger}}]}}
    assert accepts(schema, service, schema)


@pytest.mark.parametrize("schema", [{"type": "number"}, {"minimum": 1}, {"not": {}}, {"oneOf": [{}]}])
def test_what_is_not_understood_is_not_accepted(schema: dict[str, Any]) -> None:
    assert not accepts(schema, 1, schema)
