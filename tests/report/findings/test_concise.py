from collections.abc import Callable

from isvclog.findings import Finding, Severity
from isvclog.lint.results import FileResult, RunResult
from isvclog.report.findings import concise
from isvclog.report.formats import FormatSettings


def lines(*findings: Finding) -> str:
    return "".join(concise.write(RunResult([FileResult("a.yaml", findings)]), FormatSettings()))


def test_a_finding_is_one_line(finding: Callable[..., Finding]) -> None:
    assert lines(finding(), finding(severity=Severity.WARNING, message="Short.")) == (
        "a.yaml:3:7: error: KServe 0.20.0 does not know `metadataAnnotation` and drops it. "
        "(InferenceService/default/fraud) [unknown-field]\n"
        "a.yaml:3:7: warning: Short. (InferenceService/default/fraud) [unknown-field]\n"
    )


def test_no_findings_say_nothing() -> None:
    assert lines() == ""


def test_hostile_names_and_messages_stay_one_line(finding: Callable[..., Finding]) -> None:
    shown = lines(finding(file="a\nb\x1b]0;\x07.yaml", message="x\u2028\u202ey"))
    assert (
        shown
        == "a\\nb\\x1b]0;\\x07.yaml:3:7: error: x\\u2028\\u202ey (InferenceService/default/fraud) [unknown-field]\n"
    )


def test_an_object_without_a_name_is_not_shown(finding: Callable[..., Finding]) -> None:
    assert lines(finding(object="", message="Short.")) == "a.yaml:3:7: error: Short. [unknown-field]\n"
