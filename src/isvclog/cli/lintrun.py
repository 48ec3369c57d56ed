"""A run of `lint`: its reports, and what is said beside them."""

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import redirect_stdout
from typing import TYPE_CHECKING, NamedTuple

from isvclog.cli.interrupt import until_interrupted
from isvclog.cli.linting import Linter
from isvclog.cli.output import note
from isvclog.cli.progress import with_progress
from isvclog.cli.reports import chosen, report
from isvclog.findings import Finding
from isvclog.report.formats import Settings
from isvclog.report.result import Checked, Run, counted

if TYPE_CHECKING:
    from isvclog.baseline import Baseline

_SHOWN = 10


class Reports(NamedTuple):
    """How the run is printed, and into which files; with `diff`, standard output has what fixes change instead."""

    output: str
    output_files: Sequence[str]
    color: str
    settings: Settings
    diff: bool = False


def run_lint(linter: Linter, places: Sequence[str], reports: Reports, baseline: str | None) -> tuple[Run, bool]:
    """Check everything and report it; whether Ctrl-C ended it early. `baseline` is written where one is named."""
    found: list[Finding] = []
    with until_interrupted(linter.results(places)) as results:
        run = Run(_with_leftover(_kept(with_progress(results), found if baseline else None), linter))
        fixes_stdin = linter.fixing is not None and linter.fixing.write and "-" in places
        if reports.diff:
            with open(os.devnull, "w", encoding="utf-8") as nowhere, redirect_stdout(nowhere):
                report(run, "concise", reports.output_files, reports.color, reports.settings)
            _show_diff(linter, reports.color)
        elif fixes_stdin:
            with redirect_stdout(sys.stderr):
                report(run, reports.output, reports.output_files, reports.color, reports.settings)
            _pass_on(linter)
        else:
            report(run, reports.output, reports.output_files, reports.color, reports.settings)
        if baseline and not results.stopped:
            from isvclog.baseline import write_baseline

            entries = write_baseline(baseline, found)
            note(f"{baseline} holds {counted(entries, 'known finding')} now.")
        return run, results.stopped


def tell(linter: Linter, run: Run, output: str) -> None:
    """Say on standard error what the findings alone do not tell."""
    if not (run.services or run.failures or run.worst()):
        note(f"no InferenceService found in {counted(run.files, 'file')}")
    for sentence in linter.refused:
        note(sentence)
    if linter.fixing is not None:
        verb = "fixed" if linter.fixing.write else "would fix"
        if linter.fixed:
            note(f"{verb} {counted(linter.fixed, 'finding')} in {counted(len(linter.changed), 'file')}.")
    elif chosen(output) in ("text", "concise"):
        _tell_fixable(linter)
    silent = [f"{linter.ignored} ignored"] * bool(linter.ignored) + [f"{linter.known} in the baseline"] * bool(
        linter.known
    )
    if silent:
        note(f"not reported: {', '.join(silent)}.")
    if linter.baseline is not None:
        _tell_stale(linter.baseline)


def _tell_fixable(linter: Linter) -> None:
    if linter.fixable:
        more = f", {linter.fixable_unsafely} more with --unsafe-fixes" if linter.fixable_unsafely else ""
        note(f"--fix mends {counted(linter.fixable, 'finding')}{more}.")
    elif linter.fixable_unsafely:
        note(f"--unsafe-fixes mends {counted(linter.fixable_unsafely, 'finding')}.")


def _tell_stale(baseline: "Baseline") -> None:
    stale = baseline.stale()
    for entry, count in stale[:_SHOWN]:
        times = f" ({count} times)" if count > 1 else ""
        note(f"{baseline.path}: no longer found: {entry.rule} in {entry.file}, {entry.object}{times}.")
    if stale:
        rest = f"and {len(stale) - _SHOWN:,} more; " if len(stale) > _SHOWN else ""
        note(f"{rest}write the baseline again to take out what is no longer found.")


def _kept(results: Iterable[Checked], found: list[Finding] | None) -> Iterator[Checked]:
    for checked in results:
        if found is not None:
            found += checked.findings
        yield checked


def _with_leftover(results: Iterable[Checked], linter: Linter) -> Iterator[Checked]:
    """The results and, behind them, the project file, where something is wrong with its ignores."""
    yield from results
    if findings := linter.leftover():
        with open(findings[0].file, "rb") as file:
            yield Checked(findings[0].file, findings, data=file.read())


def _show_diff(linter: Linter, color: str) -> None:
    from isvclog.report.color import painter, wants_color
    from isvclog.report.diff import diff

    paint = painter(wants_color(color, sys.stdout))
    for name, old, new in linter.changed:
        for line in diff(name, old, new, paint):
            sys.stdout.write(line)


def _pass_on(linter: Linter) -> None:
    """Standard input, fixed, to standard output; as it came where there was nothing to fix."""
    sys.stdout.flush()
    sys.stdout.buffer.write(linter.changed[0].new if linter.changed else linter.stdin)
