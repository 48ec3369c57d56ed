import json
from collections.abc import Callable, Iterator
from pathlib import Path

import jsonschema
import pytest
from reports import RESULTS

from isvclog.findings import Finding, Severity, Span
from isvclog.lint.results import FileResult, RunResult
from isvclog.report.findings import json as json_format
from isvclog.report.formats import FormatSettings

SCHEMA = json.loads((Path(__file__).parents[3] / "schemas" / "findings.schema.json").read_text(encoding="utf-8"))


def document(*results: FileResult) -> dict[str, object]:
    text = "".join(json_format.write(RunResult(results), FormatSettings()))
    assert text.isascii()
    assert text.replace("\n", "").isprintable()
    parsed: dict[str, object] = json.loads(text)
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.validate(parsed, SCHEMA, cls=jsonschema.Draft202012Validator)
    return parsed


def test_nothing_found() -> None:
    assert document() == {
        "schemaVersion": 1,
        "findings": [],
        "failures": [],
        "summary": {"files": 0, "inferenceServices": 0, "errors": 0, "warnings": 0, "infos": 0},
    }


def test_every_fact_of_a_finding_is_there(finding: Callable[..., Finding]) -> None:
    found = finding(span=Span(3, 7, 4, 2), path=("metadata", "annotations", "a/b~c", 0), document=2)
    assert document(FileResult("a.yaml", [found], services=2))["findings"] == [
        {
            "file": "a.yaml",
            "line": 3,
            "column": 7,
            "endLine": 4,
            "endColumn": 2,
            "severity": "error",
            "rule": "unknown-field",
            "message": "KServe 0.20.0 does not know `metadataAnnotation` and drops it.",
            "remedy": "Write `metadataAnnotations`.",
            "pointer": "/metadata/annotations/a~1b~0c/0",
            "object": "InferenceService/default/fraud",
            "document": 2,
            "fingerprint": "",
            "fix": None,
        }
    ]


def test_the_summary_counts(finding: Callable[..., Finding]) -> None:
    report = document(
        FileResult("a.yaml", [finding(), finding(severity=Severity.INFO)], services=2),
        FileResult("b.yaml", failure="b.yaml cannot be read."),
    )
    assert report["failures"] == ["b.yaml cannot be read."]
    assert report["summary"] == {"files": 2, "inferenceServices": 2, "errors": 1, "warnings": 0, "infos": 1}


def test_control_characters_survive_as_escapes(finding: Callable[..., Finding]) -> None:
    hostile = "\x1b\x7f\x9b\u202e\u2028\udcff"
    report = document(FileResult(hostile, [finding(file=hostile)]))
    assert report["findings"][0]["file"] == hostile  # type: ignore[index]


def test_findings_are_written_as_files_come_in(finding: Callable[..., Finding]) -> None:
    taken: list[int] = []

    def files() -> Iterator[FileResult]:
        for number in range(3):
            taken.append(number)
            yield FileResult(f"{number}.yaml", [finding(file=f"{number}.yaml")])

    pieces = json_format.write(RunResult(files()), FormatSettings())
    next(pieces)
    assert "0.yaml" in next(pieces)
    assert taken == [0]


def test_everything_at_once_is_as_the_schema_says() -> None:
    fixes = [found["fix"] for found in document(*RESULTS)["findings"] if found["fix"]]  # type: ignore[attr-defined]
    place = {"line": 7, "column": 25, "endLine": 7, "endColumn": 37}
    edit = {**place, "text": "X-Request-Id", "masked": False}
    assert fixes[1] == {"title": "Write `X-Request-Id`.", "safe": True, "edits": [edit]}
    assert fixes[0]["edits"][0] | {"text": '"***"', "masked": True} == fixes[0]["edits"][0]


@pytest.mark.parametrize("change", [{"fix": {}}, {"fingerprint": "x"}, {"fix": {"title": "", "safe": 1, "edits": []}}])
def test_the_schema_refuses_what_is_not_so(change: dict[str, object], finding: Callable[..., Finding]) -> None:
    report = document(FileResult("a.yaml", [finding()]))
    report["findings"][0] |= change  # type: ignore[index]
    assert not jsonschema.Draft202012Validator(SCHEMA).is_valid(report)


def test_no_ci_system_finds_a_command(finding: Callable[..., Finding]) -> None:
    text = "".join(
        json_format.write(RunResult([FileResult("a.yaml", [finding(object="##[group]###vso[x]")])]), FormatSettings())
    )
    assert "##" not in text
    assert json.loads(text)["findings"][0]["object"] == "##[group]###vso[x]"
