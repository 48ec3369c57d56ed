from collections.abc import Callable

from reports import rendered

from isvclog.findings import Finding, Severity, Span
from isvclog.lint.results import FileResult, RunResult
from isvclog.report.findings import github
from isvclog.report.formats import FormatSettings


def lines(*findings: Finding) -> list[str]:
    return "".join(
        github.write(RunResult([FileResult("a.yaml", findings)]), FormatSettings(summary=False))
    ).splitlines()


def test_the_worst_come_first_and_the_rest_in_order(finding: Callable[..., Finding]) -> None:
    severities = enumerate([*Severity] * 2)
    mixed = [finding(severity=severity, remedy="", object="", message=str(n)) for n, severity in severities]
    assert [line.split("::")[1].split()[0] + line[-1] for line in lines(*mixed)] == [
        "error2",
        "error5",
        "warning1",
        "warning4",
        "notice0",
        "notice3",
    ]


def test_columns_are_for_one_line_only(finding: Callable[..., Finding]) -> None:
    assert ",line=3,endLine=3,col=7,endColumn=25,title=unknown-field::" in lines(finding())[0]
    assert ",line=3,endLine=4,title=unknown-field::" in lines(finding(span=Span(3, 7, 4, 1)))[0]


def test_properties_and_messages_are_escaped_as_the_toolkit_does(finding: Callable[..., Finding]) -> None:
    (line,) = lines(finding(file="a,b:c%.yaml", message="50%, 1:2", remedy=""))
    assert "a%2Cb%3Ac%25.yaml,line=3," in line
    assert line.endswith("::a,b:c%25.yaml:3:7: 50%25, 1:2 (InferenceService/default/fraud)")


def test_no_text_of_a_manifest_starts_a_command(finding: Callable[..., Finding]) -> None:
    hostile = "x\n::stop-commands::t\r\n##[add-mask]y\u2028::error::z"
    shown = lines(finding(file=hostile, message=hostile, remedy=hostile))
    assert len(shown) == 1
    assert "##[" not in shown[0]


def test_quiet_leaves_the_totals_out(finding: Callable[..., Finding]) -> None:
    assert rendered("github", summary=False) == ""
    assert rendered("github") == "Checked 0 InferenceServices in 0 files: nothing was checked.\n"
