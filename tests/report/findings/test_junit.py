import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from pathlib import Path

import pytest
from reports import RESULTS, rendered

from isvclog.findings import Finding, Severity
from isvclog.lint.results import CheckedObject, FileResult

FRAUD = CheckedObject("InferenceService/default/fraud", 1, 1)


def document(*results: FileResult, **settings: object) -> ElementTree.Element:
    """The report, in the shape that readers of JUnit's XML agree on."""
    root = ElementTree.fromstring(rendered("junit", *results, **settings))
    assert root.tag == "testsuites"
    for suite in root:
        assert suite.tag == "testsuite"
        assert suite.get("tests") == str(len(suite))
        assert {case.tag for case in suite} == {"testcase"}
        assert all(case.get("name") and case.get("classname") for case in suite)
        for kind in ("failure", "error"):
            assert suite.get(f"{kind}s") == str(len(suite.findall(f"testcase/{kind}")))
    for count in ("tests", "failures", "errors"):
        assert root.get(count) == str(sum(int(suite.get(count, "")) for suite in root))
    return root


def test_everything_at_once() -> None:
    assert len(document(*RESULTS)) == 5


def test_a_file_without_services_has_no_suite() -> None:
    assert len(document(FileResult("a.yaml"))) == 0


def test_each_service_is_a_case(finding: Callable[..., Finding]) -> None:
    other = CheckedObject("InferenceService/default/iris", 2, 20)
    root = document(FileResult("a.yaml", [finding(), finding(rule="other-rule")], 2, objects=(FRAUD, other)))
    failed, passed = root[0]
    assert (failed.get("name"), failed.get("line")) == ("InferenceService/default/fraud", "1")
    assert (passed.get("line"), len(passed)) == ("20", 0)
    (failure,) = failed
    assert (failure.get("type"), len((failure.text or "").splitlines())) == ("unknown-field", 2)


def test_what_is_milder_than_a_failure_is_output(finding: Callable[..., Finding]) -> None:
    mild = finding(severity=Severity.WARNING)
    checked = FileResult("a.yaml", [mild, finding(rule="worse")], 1, objects=(FRAUD,))
    assert [child.tag for child in document(checked)[0][0]] == ["failure", "system-out"]
    (failure,) = document(checked, fail_on=Severity.WARNING)[0][0]
    assert failure.get("type") == "worse"
    assert len(document(FileResult("a.yaml", [mild], 1, objects=(FRAUD,)))[0].findall("testcase/failure")) == 0


def test_what_is_about_the_file_is_a_case_of_its_own(finding: Callable[..., Finding]) -> None:
    root = document(FileResult("a.yaml", [finding(object="", rule="unused-ignore")], 1, objects=(FRAUD,)))
    assert [len(case) for case in root[0]] == [0, 1]


def test_hostile_text_stays_text(finding: Callable[..., Finding]) -> None:
    hostile = ']]></failure><x a="\x00\x0b\ufffe\ud800&amp;'
    root = document(FileResult(hostile, [finding(message=hostile)], 1, objects=(FRAUD,)))
    assert root[0].get("name") == ']]></failure><x a="\\x00\\x0b\\ufffe\\ud800&amp;'
    assert [element.tag for element in root.iter()] == ["testsuites", "testsuite", "testcase", "failure"]


def test_the_file_is_named_from_the_root_of_the_repository(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, finding: Callable[..., Finding]
) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "models").mkdir()
    monkeypatch.chdir(tmp_path / "models")
    ((case,),) = document(FileResult("./a.yaml", [finding(file="./a.yaml")]))
    assert (case.get("file"), case.get("classname")) == ("models/a.yaml", "./a.yaml")
