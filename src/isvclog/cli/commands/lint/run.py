"""One run of `lint`: its reports, and the notes that are printed in addition."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, redirect_stdout
from typing import TYPE_CHECKING

from isvclog.cli.terminal.interrupt import Interruptible, until_interrupted
from isvclog.cli.terminal.messages import error, note
from isvclog.cli.terminal.reports import Reports, write_reports
from isvclog.cli.terminal.runs import ExitPolicy, exit_code, with_progress_and_failures
from isvclog.findings import Finding, counted
from isvclog.lint.linter import Linter
from isvclog.lint.reading import FileReader
from isvclog.lint.results import FileResult, RunResult, unlogged_sentence
from isvclog.records import NamedTuple

if TYPE_CHECKING:
    from isvclog.rendering.programs import Rendering


class Objects(NamedTuple):
    """The checked objects of a cluster, in place of files; `cluster` names it for people."""

    results: Iterable[FileResult]
    cluster: str


def run_lint(
    linter: Linter,
    reader: FileReader,
    reports: Reports,
    exit_policy: ExitPolicy,
    basis: str,
    objects: Objects | None = None,
    renderings: "Sequence[Rendering]" = (),
) -> int:
    """Check and report everything, print notes about the run, and return the exit code.

    `basis` is the assumed release with its source. With `objects`, these are reported, and with `renderings`, their
    texts are checked instead of files; `reader` has no paths with `objects`.

    Standard output has the report; with --diff, it has the diff instead; if a baseline is written, it has nothing. If
    standard input is fixed, it has the fixed text, and the report is on standard error.
    """
    found: list[Finding] = []
    places = reader.paths
    noun = "InferenceService" if objects else "file"
    source = linter.objects(objects.results) if objects else _results(linter, reader, renderings)
    with until_interrupted(source) as results:
        checked = with_progress_and_failures(results, exit_policy.quiet, noun)
        if reports.files.baseline:
            checked = _collected(checked, found)
        run = RunResult(
            _with_unused(checked, linter, places, results),
            objects.cluster if objects else "",
            basis=basis,
            is_interrupted=lambda: results.stopped,
            reveal=reports.settings.reveal,
        )
        with _fixed_stdin_on_stdout(linter, places):
            write_reports(run, reports)
    if reports.files.baseline:
        _write_baseline(reports.files.baseline, found, complete=not (results.stopped or run.failures), noun=noun)
    if not exit_policy.quiet:
        _print_notes(run, linter, reports, exit_policy)
    code = exit_code(run, exit_policy, results.stopped)
    return code or int(linter.would_change and not exit_policy.exit_zero)


def _results(linter: Linter, reader: FileReader, renderings: "Sequence[Rendering]") -> Iterator[FileResult]:
    return linter.rendering_results(renderings) if renderings else linter.results(reader)


@contextmanager
def _fixed_stdin_on_stdout(linter: Linter, places: Sequence[str]) -> Iterator[None]:
    """If standard input is fixed, send the report to standard error, and then the fixed text to standard output."""
    if not (linter.fixing and linter.fixing.write and "-" in places):
        yield
        return
    with redirect_stdout(sys.stderr):
        yield
    sys.stdout.buffer.write(linter.stdin)
    sys.stdout.flush()


def _collected(results: Iterable[FileResult], found: list[Finding]) -> Iterator[FileResult]:
    for checked in results:
        found += map(checked.redaction.finding, checked.findings)
        yield checked


def _with_unused(
    checked: Iterable[FileResult], linter: Linter, places: Sequence[str], results: Interruptible[FileResult]
) -> Iterator[FileResult]:
    """Yield the results and then, if something is wrong with their suppressions, the project file and templates.

    After an interruption they are not yielded: a suppression may be used in a file that was not reached.
    """
    yield from checked
    findings = [] if results.stopped else linter.unused_suppressions(places)
    for file in dict.fromkeys(finding.file for finding in findings):
        yield FileResult(file, [finding for finding in findings if finding.file == file])


def _write_baseline(path: str, found: Sequence[Finding], complete: bool, noun: str) -> None:
    if not complete:
        error(f"{path} is not written, because not every {noun} was checked; fix the cause, or name only the others.")
        return
    from isvclog.lint.baseline import write_baseline

    entries = write_baseline(path, found)
    note(f"{path} now has {counted(entries, 'known finding')}.")


def _print_notes(run: RunResult, linter: Linter, reports: Reports, exit_policy: ExitPolicy) -> None:
    from isvclog.report.findings.notes import run_notes, unfixed_note

    if run.unlogged and run.services and reports.format == "concise":  # which has no summary
        note(unlogged_sentence(run))
    is_for_people = reports.format == "text"
    has_findings = is_for_people and any(run.severities.values())
    fixable = is_for_people or reports.format == "concise"
    for sentence in run_notes(linter, reports.formats, fixable=fixable, has_findings=has_findings):
        note(sentence)
    if reports.output == "diff" and exit_policy.reaches_threshold(run.worst()) and (rest := unfixed_note(run, linter)):
        note(rest)
