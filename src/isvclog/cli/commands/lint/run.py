"""One run of `lint`: its reports, and the notes that are printed in addition."""

import sys
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import nullcontext, redirect_stdout
from typing import TYPE_CHECKING, NamedTuple

from isvclog.cli.terminal.interrupt import Interruptible, until_interrupted
from isvclog.cli.terminal.messages import error, note
from isvclog.cli.terminal.reports import chosen_format, write_reports
from isvclog.cli.terminal.runs import ExitPolicy, exit_code, with_progress_and_failures
from isvclog.findings import Finding, counted
from isvclog.lint.linter import Linter
from isvclog.lint.results import FileResult, Format, RunResult
from isvclog.report.findings.formats import FormatSettings

if TYPE_CHECKING:
    from isvclog.lint.baseline import Baseline

_SHOWN = 10


class Reports(NamedTuple):
    """The output of a run: its format, the files to write, and the baseline to write, or None."""

    output: str
    output_files: Sequence[str]
    color: str
    settings: FormatSettings
    baseline: str | None = None


class Objects(NamedTuple):
    """The checked objects of a cluster, in place of files; `cluster` names it for people."""

    results: Iterable[FileResult]
    cluster: str


def run_lint(
    linter: Linter, places: Sequence[str], reports: Reports, exit_policy: ExitPolicy, objects: Objects | None = None
) -> int:
    """Check and report everything, print notes about the run, and return the exit code.

    With `objects`, these are reported, and `places` is empty.

    Standard output has the report; with --diff, it has the diff instead; if a baseline is written, it has nothing. If
    standard input is fixed, it has the fixed text, and the report is on standard error.
    """
    output, output_files, color, settings, baseline = reports
    fixing = linter.fixing
    passes_on = fixing is not None and fixing.write and "-" in places
    found: list[Finding] = []
    source, noun = (
        (linter.objects(objects.results), "InferenceService") if objects else (linter.results(places), "file")
    )
    with until_interrupted(source) as results:
        checked = with_progress_and_failures(results, exit_policy.quiet, noun)
        instead: Format | None = None
        if fixing and fixing.diff:
            instead = _diffs(linter, color)
        elif baseline:
            checked, instead = _kept(checked, found), _silently
        run = RunResult(_with_leftover(checked, linter, places, results), objects.cluster if objects else "")
        with redirect_stdout(sys.stderr) if passes_on else nullcontext():
            write_reports(run, output, output_files, color, settings, instead)
        if passes_on:
            sys.stdout.buffer.write(linter.stdin)
            sys.stdout.flush()
    if baseline:
        _write_baseline(baseline, found, complete=not (results.stopped or run.failures), noun=noun)
    if not exit_policy.quiet:
        _notify(linter, fixable=not baseline and chosen_format(output) in ("text", "concise"))
        if fixing and fixing.diff and (worst := run.worst()) and worst >= exit_policy.threshold:
            _tell_unfixed(run, linter)
    code = exit_code(run, exit_policy, results.stopped)
    would_change = fixing is not None and not fixing.write and linter.mended > 0 and not exit_policy.exit_zero
    return code or int(would_change)


def _diffs(linter: Linter, color: str) -> Format:
    """Create a format that prints the changes of fixes file by file, so that at most one file is kept."""
    from isvclog.report.color import painter, wants_color
    from isvclog.report.diff import diff

    paint = painter(wants_color(color, sys.stdout))

    def diffs(run: RunResult) -> Iterator[str]:
        for _ in run:
            while linter.diffs:
                name, old, new = linter.diffs.pop()
                yield from diff(name, old, new, paint)

    return diffs


def _silently(run: RunResult) -> Iterator[str]:
    for _ in run:
        yield ""


def _kept(results: Iterable[FileResult], found: list[Finding]) -> Iterator[FileResult]:
    for checked in results:
        found += checked.findings
        yield checked


def _with_leftover(
    checked: Iterable[FileResult], linter: Linter, places: Sequence[str], results: Interruptible[FileResult]
) -> Iterator[FileResult]:
    """Yield the results and then, if something is wrong with its suppressions, the project file.

    After an interruption it is not yielded: a suppression may be used in a file that was not reached.
    """
    yield from checked
    if not results.stopped and (findings := linter.unused_suppressions(places)):
        yield FileResult(findings[0].file, findings)


def _write_baseline(path: str, found: Sequence[Finding], complete: bool, noun: str) -> None:
    if not complete:
        error(f"{path} is not written, as not every {noun} was checked; mend that, or name only the others.")
        return
    from isvclog.lint.baseline import write_baseline

    entries = write_baseline(path, found)
    note(f"{path} holds {counted(entries, 'known finding')} now.")


def _notify(linter: Linter, fixable: bool) -> None:
    """Print notes about what the findings alone do not show; about possible fixes only if `fixable`."""
    for sentence in linter.refused:
        note(sentence)
    if linter.fixing is not None:
        verb = "fixed" if linter.fixing.write else "would fix"
        if linter.fixed:
            note(f"{verb} {counted(linter.fixed, 'finding')} in {counted(linter.mended, 'file')}.")
    elif fixable:
        _tell_fixable(linter)
    counts = ((linter.ignored, "ignored"), (linter.known, "in the baseline"))
    if silent := [f"{count:,} {why}" for count, why in counts if count]:
        note(f"not reported: {', '.join(silent)}.")
    if linter.baseline is not None:
        _tell_stale(linter.baseline, linter.settings.names)


def _tell_unfixed(run: RunResult, linter: Linter) -> None:
    total = sum(run.severities.values())
    if total > linter.fixed:
        note(f"{counted(total, 'finding')} in all; run without --diff to see what is left.")


def _tell_fixable(linter: Linter) -> None:
    if linter.fixable:
        more = f", {linter.fixable_unsafely:,} more with --unsafe-fixes" if linter.fixable_unsafely else ""
        note(f"--fix mends {counted(linter.fixable, 'finding')}{more}.")
    elif linter.fixable_unsafely:
        note(f"--unsafe-fixes mends {counted(linter.fixable_unsafely, 'finding')}.")


def _tell_stale(baseline: "Baseline", rules: Collection[str]) -> None:
    """Print the baseline entries that no longer match a finding, but only those of rules that ran."""
    stale = [(entry, count) for entry, count in baseline.stale() if entry.rule in rules]
    for entry, count in stale[:_SHOWN]:
        where = f"{entry.file}, {entry.object}" if entry.object else entry.file
        times = f" ({count} times)" if count > 1 else ""
        note(f"{baseline.path}: no longer found: {entry.rule} in {where}{times}.")
    if stale:
        rest = f"and {len(stale) - _SHOWN:,} more; " if len(stale) > _SHOWN else ""
        note(f"{rest}write the baseline again to take out what is no longer found.")
