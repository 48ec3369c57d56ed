"""What jsonschema is told apart from the standard: null in a mapping is absent, and errors name what they are about."""

from typing import Any

import pytest
from jsonschema import Draft7Validator

from isvclog.kserve.releases import ALL_RELEASES, NEWEST, Release
from isvclog.kserve.schema import logger_schema, service_schema
from isvclog.validate.violations import violations


@pytest.mark.parametrize("release", ALL_RELEASES, ids=str)
def test_our_schemas_are_schemas(release: Release) -> None:
    Draft7Validator.check_schema(service_schema(release))


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
