"""Every format on the same run: as expected to the letter, and never more than printable lines."""

import json
import os
import re
import typing
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reports import RESULTS, SECRET, rendered

from isvclog.changes import Replace
from isvclog.cli.options.common import Output
from isvclog.findings import Edit, Finding, Fix, Severity, Span
from isvclog.lint.results import CheckedObject, FileResult, RunResult
from isvclog.report.formats import FINDINGS, FormatSettings, findings_format

EXPECTED = Path(__file__).with_name("expected")


@pytest.fixture(autouse=True)
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder is the root of a repository, and the version never changes."""
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("isvclog.report.findings.sarif.__version__", "1.2.3")
    return tmp_path


@pytest.mark.skipif(os.name == "nt", reason="the run has a path that is absolute elsewhere only")
@pytest.mark.parametrize("name", FINDINGS)
def test_a_run_looks_as_expected(name: str) -> None:
    found, expected = rendered(name, *RESULTS), EXPECTED / f"run.{name}"
    if os.environ.get("UPDATE_EXPECTED"):
        expected.write_text(found, encoding="utf-8", newline="\n")
    assert found == expected.read_text(encoding="utf-8")


def test_the_command_line_offers_them_all() -> None:
    (choices, *_) = typing.get_args(Output)
    assert typing.get_args(choices) == ("auto", *FINDINGS)


@pytest.mark.parametrize("name", FINDINGS)
def test_a_fix_does_not_tell_a_secret(name: str) -> None:
    report = rendered(name, *RESULTS)
    assert SECRET not in report
    assert "X-Request-Id" in report or name == "concise"


TEXTS = st.text(st.characters(), max_size=12) | st.sampled_from(
    ["::error::x", "\n::stop-commands::x", "##[add-mask]x", "##vso[x]y", "]]>", "<!--", "\r", "\x85", "%0A", "<stdin>"]
)
GITHUB_LINE = re.compile(r"(?!.*##\w*\[)::(error|warning|notice) (?:[a-zA-Z]+=[^:,]*,)*title=[a-z-]+::")
SPANS = st.integers(1, 9).map(lambda line: Span(line, 3, line + line % 2, 5))


@st.composite
def runs(draw: st.DrawFn) -> list[FileResult]:
    """Files whose names, findings, fixes and objects are any text, in some of them no file at all."""
    results = []
    for _ in range(draw(st.integers(0, 3))):
        file = os.fsdecode(draw(TEXTS).encode("utf-8", "surrogatepass"))
        if draw(st.booleans()):
            results.append(FileResult(file, failure=draw(TEXTS)))
            continue
        findings = []
        for _ in range(draw(st.integers(0, 3))):
            path = ("spec", draw(st.sampled_from(["logger", "annotations"])), draw(TEXTS))
            fix = Fix(
                draw(TEXTS) or "Do.", (Replace(path, ""),), draw(st.booleans()), (Edit(draw(SPANS), draw(TEXTS)),)
            )
            severity = draw(st.sampled_from(Severity))
            finding = Finding(file, draw(SPANS), severity, "a-rule", draw(TEXTS), draw(TEXTS), path, draw(TEXTS))
            findings.append(finding._replace(fix=draw(st.sampled_from([fix, None]))))
        data = draw(st.binary(max_size=20) | TEXTS.map(lambda text: text.encode("utf-8", "surrogatepass")))
        results.append(FileResult(file, findings, 1, data, "", (CheckedObject(draw(TEXTS)),)))
    return results


@given(runs(), st.sampled_from(sorted(FINDINGS)))
def test_nothing_but_printable_lines_leaves(results: list[FileResult], name: str) -> None:
    report = rendered(name, *results)
    assert report.replace("\n", "").isprintable()
    assert report == "" or report.endswith("\n")
    report.encode()
    if name in ("json", "sarif", "gitlab", "rdjson"):
        json.loads(report)
    elif name == "junit":
        ElementTree.fromstring(report)
    obeyed = [
        line for line in report.split("\n") if line.lstrip().startswith("::") or "##[" in line or "##vso[" in line
    ]
    assert [line for line in obeyed if not (name == "github" and GITHUB_LINE.match(line))] == []


@given(runs())
def test_concise_and_github_give_each_finding_a_line(results: list[FileResult]) -> None:
    findings = [finding for checked in results for finding in checked.findings]
    failures = [checked for checked in results if checked.failure]
    assert len(rendered("concise", *results).splitlines()) == len(findings)
    lines = rendered("github", *results).splitlines()
    assert len(lines) == len(findings) + len(failures) + 1
    kinds = [line.split()[0] for line in lines[len(failures) : -1]]
    assert kinds == sorted(kinds, key=["::error", "::warning", "::notice"].index)


@pytest.mark.parametrize("name", ["text", "concise", "json", "sarif", "gitlab"])
def test_findings_are_written_as_files_come_in(name: str) -> None:
    taken: list[str] = []

    def files() -> Iterator[FileResult]:
        for checked in RESULTS:
            taken.append(checked.file)
            yield checked

    next(piece for piece in findings_format(name)(RunResult(files()), FormatSettings()) if "fraud.yaml" in piece)
    assert taken == ["k8s/fraud.yaml"]
