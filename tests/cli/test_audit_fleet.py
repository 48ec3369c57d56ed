"""`audit` for fleets: reports, metrics and pages of the clusters that it reads."""

import json
from collections.abc import Iterator
from pathlib import Path

import live_cluster
import pytest
from apiserver import ApiServer
from planting import run


@pytest.fixture
def api(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ApiServer]:
    """Start a cluster with two services and no pods."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".git").mkdir()
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1767225600")
    with ApiServer() as api:
        monkeypatch.setenv("KUBECONFIG", api.kubeconfig(tmp_path, namespace="ml"))
        api.add_all([live_cluster.config(), live_cluster.runtime(), live_cluster.sink()])
        api.add_all([live_cluster.service("iris"), live_cluster.service("wine")])
        yield api


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("-o", "openreports", "--context", "a", "--context", "b"), "audit one cluster at a time"),
        (("-o", "policyreport", "--all-contexts"), "audit one cluster at a time"),
        (("--by", "namespace"), "add -o openmetrics"),
        (("--watch", "-o", "html"), "leave out --output"),
    ],
)
def test_wrong_usage(arguments: tuple[str, ...], words: str, api: ApiServer) -> None:
    ended = run("audit", *arguments)
    assert ended.out == ""
    assert words in ended.err
    assert api.requests == []


def test_reports_are_owned_by_the_services_of_the_cluster(api: ApiServer) -> None:
    reports = json.loads(run("audit", "-o", "openreports").out)["items"]
    owners = [report["metadata"]["ownerReferences"][0] for report in reports]
    assert [owner["name"] for owner in owners] == ["iris", "wine"]
    assert [report["metadata"]["name"] for report in reports] == [f"isvclog-{owner['uid']}" for owner in owners]
    assert {result["timestamp"]["seconds"] for report in reports for result in report["results"]} == {1767225600}
    assert json.loads(run("audit", "-o", "policyreport").out)["items"][0]["kind"] == "PolicyReport"


def test_a_namespace_that_is_no_valid_name_is_not_said_to_look_secret(api: ApiServer) -> None:
    odd = live_cluster.service("odd")
    api.add({**odd, "metadata": {**odd["metadata"], "namespace": "Team_A"}})
    ended = run("audit", "-A", "-o", "openreports")
    assert [report["scope"]["name"] for report in json.loads(ended.out)["items"]] == ["iris", "wine"]
    assert "no report if their namespace is not a valid name, or is hidden as ***" in ended.err


def test_metrics_count_for_what_is_asked(api: ApiServer) -> None:
    assert '\nisvclog_audit_components{state="unknown"} 2\n' in run("audit", "-o", "openmetrics").out
    by_service = run("audit", "-o", "openmetrics", "--by", "service").out
    assert '\nisvclog_audit_components{namespace="ml",inferenceservice="wine",state="unknown"} 1\n' in by_service
    assert by_service.endswith("isvclog_audit_timestamp_seconds 1767225600\n# EOF\n")


def test_the_page_is_of_the_time_of_the_audit(api: ApiServer) -> None:
    assert "2026-01-01 00:00 UTC" in run("audit", "-A", "-o", "html").out


def test_a_comparison_fails_for_new_findings_only(api: ApiServer, tmp_path: Path) -> None:
    bad = live_cluster.service("bad")
    bad["metadata"]["annotations"]["team"] = "a,b"
    api.add(bad)
    old = tmp_path / "old.json"
    old.write_text(run("audit", "-o", "json").out, encoding="utf-8")
    assert "0 added, 0 removed, 0 in another state; no new findings." in flat("--compare", "old.json")
    api.delete("inferenceservices", "ml", "wine")
    assert "ml/wine predictor: removed, was unknown" in flat("--compare", "old.json")
    document = json.loads(run("audit", "--compare", "old.json", "-o", "json").out)
    assert document["summary"]["removed"] == 1
    api.add(dict(bad, metadata={**bad["metadata"], "name": "worse"}))
    assert "+ error: A comma ends the value of `team`" in flat("--compare", "old.json")
    assert "--compare: missing.json" in run("audit", "--compare", "missing.json").err


def flat(*arguments: str) -> str:
    """Run an audit, and join the lines that it prints."""
    return " ".join(run("audit", *arguments).out.split())
