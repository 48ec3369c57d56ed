"""`config.schema.json` and the code name the same things, and the published copy is the packaged file."""

from pathlib import Path

from jsonschema import Draft7Validator
from project_file import schema

from isvclog.config.load import ENTRY_FIELDS, FIELDS, SENSITIVE_FIELDS
from isvclog.findings import Severity
from isvclog.rules.policy import SINK_LIMITS
from isvclog.suppressions import EXPIRED, UNUSED

ROOT = Path(__file__).parent.parent.parent


def test_it_is_a_schema() -> None:
    Draft7Validator.check_schema(schema())


def test_the_keys_are_the_same() -> None:
    properties = schema()["properties"]
    entry = schema()["definitions"]["entry"]
    assert tuple(properties) == FIELDS
    assert tuple(properties["sensitive"]["properties"]) == SENSITIVE_FIELDS
    assert tuple(entry["properties"]) == ENTRY_FIELDS
    assert entry["required"] == ["rule", "reason"]


def test_the_enumerations_are_the_same() -> None:
    properties = schema()["properties"]
    assert properties["failOn"]["enum"] == [str(severity) for severity in reversed(Severity)]
    assert properties["sinkProfile"]["anyOf"][0]["enum"] == list(SINK_LIMITS)
    assert schema()["definitions"]["entry"]["properties"]["rule"]["not"]["enum"] == [UNUSED, EXPIRED]


def test_everything_explains_itself() -> None:
    entries = schema()["definitions"]["entry"]["properties"]
    for name, part in (schema()["properties"] | entries).items():
        assert part["description"].endswith("."), name


def test_it_is_published() -> None:
    published = (ROOT / "schemas" / "config.schema.json").read_text(encoding="utf-8")
    assert published == (ROOT / "src" / "isvclog" / "config" / "config.schema.json").read_text(encoding="utf-8")
