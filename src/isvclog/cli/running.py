"""What every run over files has in common: how its results pass by, and how it ends."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from isvclog.cli.main import INTERRUPTED
from isvclog.cli.output import error, note
from isvclog.cli.progress import with_progress
from isvclog.errors import IsvclogError, UsageError
from isvclog.findings import Severity, counted
from isvclog.report.result import FileResult, RunResult


class ExitPolicy(NamedTuple):
    """What a run fails for: findings of this severity, or the lack of anything to check. `quiet` keeps notes away."""

    threshold: Severity = Severity.ERROR
    fail_on_empty: bool = False
    exit_zero: bool = False
    quiet: bool = False


def check_places(paths: Iterable[str] | None, filenames: Iterable[str] | None, *others: str | None) -> list[str]:
    """The files and folders that arguments and options name, or the current one.

    UsageError for two times `-`, the `others`, which are files that are read as well, included.
    """
    places = [*(paths or ()), *(filenames or ())] or ["."]
    if [*places, *others].count("-") > 1:
        raise UsageError("standard input (-) can be read only once.")
    return places


def with_progress_and_failures(results: Iterator[FileResult], quiet: bool, noun: str = "file") -> Iterator[FileResult]:
    """The results, each one `noun`; standard error tells how far the run is, and at once of a file that failed."""
    for checked in with_progress(results, quiet, noun):
        if checked.failure:
            error(checked.failure)
        yield checked


def exit_code(run: RunResult, exit_policy: ExitPolicy, interrupted: bool = False) -> int:
    """The code for a run that has come to its end; says what the findings do not tell of it."""
    if interrupted:
        note(f"interrupted after {_amount(run)}.")
        return INTERRUPTED
    worst = run.worst()
    if not run.services:
        _tell_of_nothing(run, exit_policy)
    if run.failures or (exit_policy.fail_on_empty and not run.services):
        return IsvclogError.exit_code
    return 1 if worst and worst >= exit_policy.threshold and not exit_policy.exit_zero else 0


def _amount(run: RunResult) -> str:
    return counted(run.services, "InferenceService") if run.cluster else counted(run.files, "file")


def _tell_of_nothing(run: RunResult, exit_policy: ExitPolicy) -> None:
    sentence = f"no InferenceService found in {run.cluster or counted(run.files, 'file')}"
    if exit_policy.fail_on_empty:
        error(f"{sentence}.")
    elif not (run.failures or run.worst() is Severity.ERROR or exit_policy.quiet):
        note(sentence)
