import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from descriptions import LOST
from jsonschema import Draft4Validator
from reports import RESULTS, rendered

from isvclog.changes import Remove
from isvclog.findings import Edit, Finding, Fix, Severity, Span
from isvclog.lint.results import FileResult

SCHEMA = json.loads((Path(__file__).with_name("sarif") / "sarif-schema-2.1.0.json").read_text(encoding="utf-8"))


def log(*results: FileResult) -> dict[str, Any]:
    """The run of a log that is valid."""
    parsed = json.loads(rendered("sarif", *results))
    assert [error.message for error in Draft4Validator(SCHEMA).iter_errors(parsed)] == []
    (run,) = parsed["runs"]
    assert isinstance(run, dict)
    return run


def test_the_schema_refuses_something() -> None:
    assert not Draft4Validator(SCHEMA).is_valid({"version": "2.1.0", "runs": [{}]})


def test_a_log_without_findings() -> None:
    run = log(FileResult("a.yaml", services=1))
    assert run["results"] == []
    assert run["invocations"] == [{"executionSuccessful": True, "toolExecutionNotifications": []}]


def test_everything_at_once_is_valid() -> None:
    run = log(*RESULTS)
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert [rules[result["ruleIndex"]] for result in run["results"]] == [result["ruleId"] for result in run["results"]]
    assert run["invocations"][0]["executionSuccessful"] is False
    assert run["columnKind"] == "unicodeCodePoints"
    places = [result["locations"][0]["physicalLocation"] for result in run["results"]]
    assert all(place["region"]["startLine"] >= 1 and place["region"]["startColumn"] >= 1 for place in places)
    assert "snippet" not in json.dumps(run)
    # RFC 3986, so far as these have it: a scheme or none, and nothing that had to be escaped.
    uris = [place["artifactLocation"]["uri"] for place in places]
    assert all(re.fullmatch(r"(file://)?(/?[A-Za-z0-9._~-]|%[0-9A-F]{2}|/)+", uri) for uri in uris)


def test_help_has_the_example_where_markdown_is_read(finding: Callable[..., Finding]) -> None:
    documented = LOST._replace(name="unknown-field")
    report = rendered("sarif", FileResult("a.yaml", [finding()]), describe=lambda rule: documented)
    (rule,) = json.loads(report)["runs"][0]["tool"]["driver"]["rules"]
    assert "**Instead:** " in rule["help"]["markdown"]
    assert f"```yaml\n{LOST.after}```" in rule["help"]["markdown"]
    assert "```" not in rule["help"]["text"]


def test_a_score_is_a_string_and_makes_a_rule_one_of_security() -> None:
    rules = {rule["id"]: rule for rule in log(*RESULTS)["tool"]["driver"]["rules"]}
    assert rules["overwritten-logger"]["properties"] == {"tags": ["security", "policy"], "security-severity": "7.0"}
    assert rules["non-canonical-header"]["properties"] == {"tags": ["headers"]}
    assert rules["overwritten-logger"]["defaultConfiguration"] == {"level": "note"}


@pytest.mark.parametrize(
    ("severity", "level"), [(Severity.INFO, "note"), (Severity.WARNING, "warning"), (Severity.ERROR, "error")]
)
def test_severities_are_levels(severity: Severity, level: str, finding: Callable[..., Finding]) -> None:
    assert log(FileResult("a.yaml", [finding(severity=severity)]))["results"][0]["level"] == level


def test_taking_something_out_inserts_nothing(finding: Callable[..., Finding]) -> None:
    path = ("metadata", "annotations", "a")
    fix = Fix("Remove it.", (Remove(path),), edits=(Edit(Span(2, 1, 3, 1), ""),))
    (result,) = log(FileResult("a.yaml", [finding(fix=fix, path=path)]))["results"]
    (change,) = result["fixes"][0]["artifactChanges"]
    assert change["replacements"] == [
        {"deletedRegion": {"startLine": 2, "startColumn": 1, "endLine": 3, "endColumn": 1}}
    ]


def test_a_fix_that_is_not_placed_is_left_out(finding: Callable[..., Finding]) -> None:
    (result,) = log(FileResult("a.yaml", [finding(fix=Fix("Remove it.", (Remove(("kind",)),)))]))["results"]
    assert "fixes" not in result
