"""Reports of policies: objects that an API server takes, one for each service, in any state."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from isvclog.audit.model import Audit, Failure, Row
from isvclog.drift import ComponentState, Difference, DriftCause
from isvclog.findings import NOWHERE, Finding, Severity
from isvclog.report.audit.reports import MOST_RESULTS
from isvclog.report.formats import FormatSettings, audit_format
from isvclog.rules.catalogue import describe_rule

CRDS = Path(__file__).parent / "crds"
KINDS = {
    "openreports": "openreports.io_Report_v1alpha1.json",
    "policyreport": "wgpolicyk8s.io_PolicyReport_v1alpha2.json",
}
UID = "0b1f9a52-3a0e-4d5c-9b57-0f6f8d6b7c11"
FINDING = Finding(
    "<cluster>:ml/iris",
    NOWHERE,
    Severity.ERROR,
    "stale-agent",
    "2 pods have old settings.",
    "Restart them.",
    ("spec", "predictor", "logger"),
)
ROW = Row("", "ml", "iris", "predictor", logger=True, state=ComponentState.MATCHES, pods=2, uid=UID)
BY_KIND = pytest.mark.parametrize("name", KINDS)


def reports(name: str, *items: Row | Failure, **look: Any) -> list[dict[str, Any]]:
    """Write the reports, and check them as an API server does that refuses unknown fields."""
    settings = FormatSettings(describe=describe_rule, seconds=1767225600, **look)
    output = "".join(audit_format(name)(Audit(items), settings))
    assert output.isascii()
    document = json.loads(output)
    assert (document["apiVersion"], document["kind"]) == ("v1", "List")
    validator = Draft202012Validator(strict(json.loads((CRDS / KINDS[name]).read_text(encoding="utf-8"))))
    for report in document["items"]:
        assert [error.message for error in validator.iter_errors(report)] == []
        assert re.fullmatch(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?", report["metadata"]["name"])
        assert sum(report["summary"].values()) >= len(report["results"])
    assert len({report["metadata"]["name"] for report in document["items"]}) == len(document["items"])
    return list(document["items"])


def strict(schema: Any) -> Any:
    """Forbid the fields that a schema does not name."""
    if not isinstance(schema, dict):
        return schema
    if "properties" in schema:
        schema = {"additionalProperties": False, **schema}
    return {key: strict(value) for key, value in schema.items()}


@BY_KIND
def test_a_report_for_each_service_with_a_result_for_each_finding(name: str) -> None:
    warning = FINDING._replace(severity=Severity.WARNING, rule="movable-record", path=())
    stale = ROW._replace(state=ComponentState.STALE, findings=(warning, FINDING))
    off = ROW._replace(component="transformer", state=ComponentState.OFF)
    first, second = reports(name, stale, off, ROW._replace(name="wine", uid=UID.replace("0", "1")))
    service = {"apiVersion": "serving.kserve.io/v1beta1", "kind": "InferenceService", "name": "iris", "uid": UID}
    assert first["metadata"] == {
        "name": f"isvclog-{UID}",
        "namespace": "ml",
        "labels": {"app.kubernetes.io/managed-by": "isvclog"},
        "ownerReferences": [service],
    }
    assert first["scope"] == {**service, "namespace": "ml"}
    assert first["summary"] == {"pass": 0, "fail": 1, "warn": 1, "error": 0, "skip": 1}
    error, other, skipped = first["results"]
    assert error == {
        "source": "isvclog",
        "policy": "stale-agent",
        "rule": "stale-agent",
        "category": "running",
        "result": "fail",
        "severity": "high",
        "message": "2 pods have old settings. Restart them.",
        "scored": True,
        "timestamp": {"seconds": 1767225600, "nanos": 0},
        "properties": {"component": "predictor", "state": "stale", "path": "spec.predictor.logger"},
    }
    assert (other["result"], other["severity"], other["rule"]) == ("warn", "medium", "movable-record")
    assert skipped["message"] == "No logger is declared, and none runs."
    assert [result["result"] for result in second["results"]] == ["pass"]
    assert (name == "openreports") == ("source" in first)


@BY_KIND
@pytest.mark.parametrize("state", ComponentState)
def test_a_component_without_findings_has_its_state(name: str, state: ComponentState) -> None:
    difference = Difference(DriftCause.CONFIG, "abc", 2, ("defaultUrl",))
    for row in (ROW, ROW._replace(note="no pod runs"), ROW._replace(differences=(difference,))):
        (report,) = reports(name, row._replace(state=state))
        (result,) = report["results"]
        assert result["result"] == ("pass" if state is ComponentState.MATCHES else "skip")
        assert result["message"].endswith(".")


@BY_KIND
def test_a_service_without_a_usable_identity_owns_nothing(name: str) -> None:
    without, again, hidden = reports(
        name, ROW._replace(uid=""), ROW._replace(uid="", name="iris-2"), ROW._replace(name="***")
    )
    for report in (without, again, hidden):
        assert "ownerReferences" not in report["metadata"]
    assert reports(name, ROW._replace(uid=""))[0]["metadata"]["name"] == without["metadata"]["name"]


@BY_KIND
def test_a_masked_namespace_gets_no_report_and_is_told(name: str) -> None:
    told: list[None] = []
    hidden = ROW._replace(namespace="***")
    assert reports(name, hidden, hidden._replace(name="wine"), on_hidden=lambda: told.append(None)) == []
    assert told == [None]


@BY_KIND
def test_a_report_is_small(name: str) -> None:
    findings = tuple(
        FINDING._replace(severity=Severity.INFO if number else Severity.ERROR, message=f"`{'x' * 5000}` {number}.")
        for number in reversed(range(1000))
    )
    (report,) = reports(name, ROW._replace(findings=findings))
    assert len(report["results"]) == MOST_RESULTS
    assert report["results"][0]["result"] == "fail"
    assert report["results"][-1]["message"] == "801 more results: see `isvclog audit`."
    assert report["summary"]["warn"] == 999
    assert len(json.dumps(report)) < 400_000


@BY_KIND
def test_no_service_gives_an_empty_list(name: str) -> None:
    assert reports(name) == []
    assert reports(name, Failure("", "The server cannot be reached.")) == []
