"""Findings that are not reported, in the formats that show them on request."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft4Validator, Draft202012Validator
from reports import SECRET, rendered

from isvclog.findings import Finding, Suppression
from isvclog.lint.results import FileResult
from isvclog.redact.gate import SecretRedaction
from isvclog.report.formats import FINDINGS, SHOW_SUPPRESSED

ROOT = Path(__file__).parents[3]
FORM = json.loads((ROOT / "schemas" / "findings.schema.json").read_text(encoding="utf-8"))
SARIF = json.loads((Path(__file__).with_name("sarif") / "sarif-schema-2.1.0.json").read_text(encoding="utf-8"))
CAUSES = [
    Suppression("comment", f"agreed, see [here](x) {SECRET}\n::error::"),
    Suppression("comment"),
    Suppression("project", "until May"),
    Suppression("baseline"),
]


@pytest.fixture
def checked(finding: Callable[..., Finding]) -> FileResult:
    """A file with one finding that is reported and one for each cause of suppression."""
    hidden = [finding(suppression=cause) for cause in CAUSES]
    return FileResult(
        "a.yaml", [finding()], 1, b"", suppressed=hidden, redaction=SecretRedaction([{"password": SECRET}])
    )


def results(checked: FileResult, **settings: bool) -> list[dict[str, Any]]:
    """The results of a SARIF log that is valid."""
    log = json.loads(rendered("sarif", checked, **settings))
    assert [error.message for error in Draft4Validator(SARIF).iter_errors(log)] == []
    return list(log["runs"][0]["results"])


def test_sarif_has_them_as_results_with_the_reason(checked: FileResult) -> None:
    found = results(checked, show_suppressed=True)
    assert [each["suppressions"] for each in found] == [
        [],
        [{"kind": "inSource", "justification": "agreed, see [here](x) ***\\n::error::"}],
        [{"kind": "inSource"}],
        [{"kind": "external", "justification": "until May"}],
        [{"kind": "external"}],
    ]
    assert not any("baselineState" in each for each in found)


def test_sarif_compares_with_the_baseline(checked: FileResult) -> None:
    states = [each["baselineState"] for each in results(checked, show_suppressed=True, has_baseline=True)]
    assert states == ["new", "new", "new", "new", "unchanged"]
    (only,) = results(checked._replace(suppressed=()), has_baseline=True)
    assert only["baselineState"] == "new"
    assert "suppressions" not in only


def test_the_others_keep_their_identities(checked: FileResult) -> None:
    (alone,) = results(checked._replace(suppressed=()))
    assert results(checked, show_suppressed=True)[0]["partialFingerprints"] == alone["partialFingerprints"]


def test_json_has_them_in_a_list_of_their_own(checked: FileResult) -> None:
    found = json.loads(rendered("json", checked, show_suppressed=True))
    Draft202012Validator(FORM).validate(found)
    assert [each["suppression"]["kind"] for each in found["suppressed"]] == [cause.kind for cause in CAUSES]
    assert (len(found["findings"]), found["summary"]["errors"]) == (1, 1)
    assert "suppression" not in found["findings"][0]
    del found["suppressed"][0]["suppression"]
    assert not Draft202012Validator(FORM).is_valid(found)


def test_json_has_an_empty_list_if_there_are_none(checked: FileResult) -> None:
    found = json.loads(rendered("json", checked._replace(suppressed=()), show_suppressed=True))
    assert found["suppressed"] == []
    assert "suppressed" not in json.loads(rendered("json", checked._replace(suppressed=())))


@pytest.mark.parametrize("name", sorted({*FINDINGS} - {*SHOW_SUPPRESSED}))
def test_other_formats_leave_them_out(name: str, checked: FileResult) -> None:
    assert rendered(name, checked, show_suppressed=True) == rendered(name, checked._replace(suppressed=()))


@pytest.mark.parametrize("name", SHOW_SUPPRESSED)
def test_a_reason_does_not_tell_a_secret(name: str, checked: FileResult) -> None:
    report = rendered(name, checked, show_suppressed=True)
    assert SECRET not in report
    assert "until May" in report
