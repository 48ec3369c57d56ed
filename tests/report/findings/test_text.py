from collections.abc import Callable

from isvclog.changes import Rename
from isvclog.findings import Finding, Fix, Severity, Span
from isvclog.lint.results import FileResult, RunResult
from isvclog.report.findings import text
from isvclog.report.formats import FormatSettings

MANIFEST = b"spec:\n    logger:\n      metadataAnnotation: [team]\n"


def report(*results: FileResult, color: bool = False, width: int | None = None, summary: bool = True) -> str:
    return "".join(text.write(RunResult(results), FormatSettings(color, width, summary)))


def test_a_finding_is_a_paragraph(finding: Callable[..., Finding]) -> None:
    assert report(FileResult("a.yaml", [finding()], services=1, data=MANIFEST)) == (
        "InferenceService/default/fraud\n"
        "a.yaml:3:7: error: KServe 0.20.0 does not know `metadataAnnotation` and drops it. [unknown-field]\n"
        "    3 |       metadataAnnotation: [team]\n"
        "      |       ^^^^^^^^^^^^^^^^^^\n"
        "  help: Write `metadataAnnotations`.\n"
        "\n"
        "Checked 1 InferenceService in 1 file: 1 error.\n"
    )


def test_a_narrow_terminal_wraps_sentences(finding: Callable[..., Finding]) -> None:
    shown = report(FileResult("a.yaml", [finding()], services=1, data=MANIFEST), width=40, summary=False)
    assert shown == (
        "InferenceService/default/fraud\n"
        "a.yaml:3:7: error: KServe 0.20.0 does\n"
        "  not know `metadataAnnotation` and\n"
        "  drops it. [unknown-field]\n"
        "    3 |       metadataAnnotation: [team]\n"
        "      |       ^^^^^^^^^^^^^^^^^^\n"
        "  help: Write `metadataAnnotations`.\n"
        "\n"
    )


def test_a_path_longer_than_the_terminal_stays_whole(finding: Callable[..., Finding]) -> None:
    shown = report(
        FileResult("", [finding(file="a/long/path/to/some.yaml", object="", message="No.", remedy="")]), width=24
    )
    assert shown.startswith("a/long/path/to/some.yaml\na/long/path/to/some.yaml:3:7: error:\n  No. [unknown-field]\n\n")


def test_colour_changes_nothing_but_colour(finding: Callable[..., Finding]) -> None:
    import re

    checked = FileResult("a.yaml", [finding(), finding(severity=Severity.INFO)], services=1, data=MANIFEST)
    for width in (None, 24, 60):
        colored = report(checked, color=True, width=width)
        assert "\x1b[1;31merror:\x1b[0m" in colored
        assert re.sub(r"\x1b\[[0-9;]*m", "", colored) == report(checked, width=width)


def test_no_line_to_show_no_remedy_to_give(finding: Callable[..., Finding]) -> None:
    shown = report(FileResult("a.yaml", [finding(span=Span(9, 1, 9, 1), remedy="")], data=MANIFEST), summary=False)
    assert shown == (
        "InferenceService/default/fraud\n"
        "a.yaml:9:1: error: KServe 0.20.0 does not know `metadataAnnotation` and drops it. [unknown-field]\n\n"
    )


def test_markup_in_a_manifest_is_text(finding: Callable[..., Finding]) -> None:
    shown = report(FileResult("a.yaml", [finding(message="[red]x[/red]\x1b[31m")]), color=True)
    assert "[red]x[/red]\\x1b[31m" in shown


def test_totals_name_what_there_is(finding: Callable[..., Finding]) -> None:
    warning = finding(severity=Severity.WARNING)
    assert report() == "Checked 0 InferenceServices in 0 files: nothing was checked.\n"
    shown = report(
        FileResult("a.yaml", [finding(), finding(), warning], services=1_000),
        FileResult("b.yaml", failure="b.yaml cannot be read."),
    )
    assert shown.endswith("Checked 1,000 InferenceServices in 2 files: 2 errors, 1 warning, 1 failed file.\n")


def test_a_fix_comes_with_the_option_that_applies_it(finding: Callable[..., Finding]) -> None:
    fix = Fix("Rename it to `metadataAnnotations`.", (Rename(finding().path, "metadataAnnotations"),), safe=False)
    assert report(FileResult("a.yaml", [finding(fix=fix)]), summary=False).endswith(
        "  help: Write `metadataAnnotations`.\n  fix:  Rename it to `metadataAnnotations`. (lint --unsafe-fixes)\n\n"
    )


def test_a_fix_that_does_what_the_remedy_says_is_told_once(finding: Callable[..., Finding]) -> None:
    fix = Fix(finding().remedy, (Rename(finding().path, "metadataAnnotations"),))
    shown = report(FileResult("a.yaml", [finding(fix=fix)]), width=30, summary=False)
    assert shown.endswith("[unknown-field]\n  fix:  Write\n        `metadataAnnotations`.\n        (lint --fix)\n\n")


def test_a_service_is_named_once_above_its_findings(finding: Callable[..., Finding]) -> None:
    other, unreadable = finding(object="InferenceService/b/two"), finding(object="")
    found = [finding(), finding(), other, unreadable, other]
    shown = report(FileResult("a.yaml", found, data=MANIFEST), FileResult("b.yaml", [other]), summary=False)
    names = [
        line for line in shown.splitlines() if line in ("a.yaml", "b.yaml") or line.startswith("InferenceService/")
    ]
    fraud, two = "InferenceService/default/fraud", "InferenceService/b/two"
    assert names == [fraud, two, "a.yaml", two, two]


def test_the_totals_name_the_release() -> None:
    run = RunResult([], basis="KServe 0.16.0 (from .isvclog.yaml)")
    shown = "".join(text.write(run.of([]), FormatSettings()))
    assert shown == (
        "Checked 0 InferenceServices in 0 files for KServe 0.16.0 (from .isvclog.yaml): nothing was checked.\n"
    )
