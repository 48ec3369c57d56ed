"""Findings in objects of a cluster: `namespace/name` and the key path in every format, and nowhere a line."""

import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from jsonschema import Draft4Validator, Draft202012Validator
from reports import HOSTILE, SECRET, describe

from isvclog.filenames import live_name
from isvclog.findings import NOWHERE, Finding, Severity
from isvclog.lint.results import CheckedObject, FileResult, RunResult
from isvclog.report.formats import FINDINGS, FormatSettings, findings_format

ROOT = Path(__file__).parents[3]
FRAUD = live_name("risk", "fraud")
LABEL = "InferenceService/risk/fraud"
HEADER = ("spec", "predictor", "logger", "metadataHeaders", 0)
FOUND = (
    Finding(FRAUD, NOWHERE, Severity.ERROR, "non-canonical-header", "It never matches.", "Mend it.", HEADER, LABEL),
    Finding(FRAUD, NOWHERE, Severity.WARNING, "overwritten-logger", "It goes elsewhere.", object=LABEL),
    Finding(FRAUD, NOWHERE, Severity.INFO, "overwritten-logger", "x", path=("metadata", HOSTILE), object=LABEL),
)
RESULTS = (
    FileResult(FRAUD, FOUND, 1, objects=(CheckedObject(LABEL, line=0),)),
    FileResult(live_name("risk", "clean"), (), 1, objects=(CheckedObject("InferenceService/risk/clean", line=0),)),
    FileResult(live_name("risk", "odd"), failure="risk/odd has no spec."),
)


def rendered(name: str) -> str:
    return "".join(findings_format(name)(RunResult(RESULTS, "context kind-a"), FormatSettings(describe=describe)))


@pytest.mark.parametrize("name", FINDINGS)
def test_every_format_tells_the_object_and_the_key_and_no_position(name: str) -> None:
    report = rendered(name)
    assert "risk/fraud" in report
    assert "spec.predictor.logger.metadataHeaders[0]" in report or "/spec/predictor/logger/metadataHeaders/0" in report
    assert "<cluster>" not in report
    assert "&lt;cluster" not in report
    assert not re.search(r":0\b|: 0:|[Ll]ine\"?[=:] ?\"?0", report)
    assert SECRET not in report
    assert "\x1b" not in report


def test_concise_has_a_line_for_each() -> None:
    first, second, *_ = rendered("concise").splitlines()
    assert first == (
        "risk/fraud:spec.predictor.logger.metadataHeaders[0]: error: It never matches. "
        "(InferenceService/risk/fraud) [non-canonical-header]"
    )
    assert second == "risk/fraud: warning: It goes elsewhere. (InferenceService/risk/fraud) [overwritten-logger]"


def test_text_shows_no_line_and_counts_no_files() -> None:
    report = rendered("text")
    assert " | " not in report
    assert report.startswith(
        "InferenceService/risk/fraud\nrisk/fraud:spec.predictor.logger.metadataHeaders[0]: error: It never matches."
    )
    assert report.endswith("Checked 2 InferenceServices in context kind-a: 1 error, 1 warning, 1 info, 1 failure.\n")


def test_json_is_valid_and_has_no_lines() -> None:
    schema = json.loads((ROOT / "schemas" / "findings.schema.json").read_text(encoding="utf-8"))
    document = json.loads(rendered("json"))
    Draft202012Validator(schema).validate(document)
    first = document["findings"][0]
    assert (first["file"], first["line"], first["endColumn"]) == ("risk/fraud", None, None)
    assert document["summary"] == {"files": 0, "inferenceServices": 2, "errors": 1, "warnings": 1, "infos": 1}


def test_sarif_is_valid_and_has_logical_locations_only() -> None:
    schema = json.loads((Path(__file__).with_name("sarif") / "sarif-schema-2.1.0.json").read_text(encoding="utf-8"))
    document: dict[str, Any] = json.loads(rendered("sarif"))
    assert [error.message for error in Draft4Validator(schema).iter_errors(document)] == []
    (run,) = document["runs"]
    assert all(set(result["locations"][0]) == {"logicalLocations"} for result in run["results"])
    (logical,) = run["results"][0]["locations"][0]["logicalLocations"]
    assert logical["fullyQualifiedName"] == f"{LABEL}#/spec/predictor/logger/metadataHeaders/0"


def test_identities_do_not_depend_on_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "inner").mkdir()
    monkeypatch.chdir(tmp_path)
    above = rendered("gitlab")
    monkeypatch.chdir(tmp_path / "inner")
    assert rendered("gitlab") == above


def test_github_annotates_no_file() -> None:
    lines = rendered("github").splitlines()
    assert "::error title=non-canonical-header::risk/fraud:spec.predictor.logger.metadataHeaders[0]: " in lines[1]
    assert "file=" not in "".join(lines)
    assert "line=" not in "".join(lines)


def test_gitlab_gets_the_path_and_line_it_asks_for() -> None:
    first = json.loads(rendered("gitlab"))[0]
    assert first["location"] == {"path": "risk/fraud", "lines": {"begin": 1, "end": 1}}
    assert first["description"].startswith("spec.predictor.logger.metadataHeaders[0]: It never matches.")


def test_junit_names_no_file() -> None:
    suites = ElementTree.fromstring(rendered("junit"))
    assert [suite.get("name") for suite in suites] == ["risk/fraud", "risk/clean", "risk/odd"]
    cases = suites.findall(".//testcase")
    assert all(case.get("file") is None and case.get("line") is None for case in cases)
    assert [case.get("name") for case in cases] == [LABEL, "InferenceService/risk/clean", "unreadable object"]
