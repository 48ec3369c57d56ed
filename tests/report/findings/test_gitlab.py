import json
from collections.abc import Callable
from typing import Any

from reports import RESULTS, rendered

from isvclog.findings import Finding, Span
from isvclog.lint.results import FileResult


def issues(*results: FileResult) -> list[dict[str, Any]]:
    parsed = json.loads(rendered("gitlab", *results))
    assert isinstance(parsed, list)
    return parsed


def fingerprints(*findings: Finding) -> list[str]:
    return [issue["fingerprint"] for issue in issues(FileResult("a.yaml", findings))]


def test_nothing_found_is_an_empty_list() -> None:
    assert rendered("gitlab") == "[]\n"


def test_every_issue_has_what_gitlab_asks_for() -> None:
    found = issues(*RESULTS)
    assert len(found) == 6
    for issue in found:
        assert issue.keys() == {"description", "check_name", "fingerprint", "severity", "location"}
        assert issue["severity"] in ("info", "minor", "major", "critical", "blocker")
        assert not issue["location"]["path"].startswith("./")
        assert issue["location"]["lines"]["begin"] >= 1
    assert len({issue["fingerprint"] for issue in found}) == len(found)


def test_fingerprints_stay_when_lines_move(finding: Callable[..., Finding]) -> None:
    moved = finding(span=Span(40, 9, 40, 27), document=2, message="Another message.")
    assert fingerprints(finding()) == fingerprints(moved)


def test_fingerprints_tell_findings_apart(finding: Callable[..., Finding]) -> None:
    different = [
        finding(),
        finding(),
        finding(rule="another-rule"),
        finding(path=("spec",)),
        finding(object="InferenceService/default/iris"),
        finding(fingerprint="0a"),
        finding(file="b.yaml"),
    ]
    found = fingerprints(*different)
    assert len(set(found)) == len(found)
    assert fingerprints(*different[::-1][:-2]) == found[:1:-1]
