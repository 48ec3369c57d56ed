"""The common parts of every run over files: progress, failures and the exit code."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from isvclog.cli.main import INTERRUPTED
from isvclog.cli.terminal.messages import error, note
from isvclog.cli.terminal.progress import with_progress
from isvclog.errors import IsvclogError, UsageError
from isvclog.findings import Severity, counted
from isvclog.lint.results import FileResult, RunResult


class ExitPolicy(NamedTuple):
    """The conditions under which a run exits with an error.

    These are findings at `threshold` or worse (unless `exit_zero`) and, with `fail_on_empty`, that nothing was checked.
    `quiet` suppresses notes.
    """

    threshold: Severity = Severity.ERROR
    fail_on_empty: bool = False
    exit_zero: bool = False
    quiet: bool = False

    def exit_code(self, worst: Severity | None, *, failed: bool, empty: bool) -> int:
        """Return the exit code for the worst severity found. `empty` is True if nothing was checked."""
        if failed or (self.fail_on_empty and empty):
            return IsvclogError.exit_code
        return 1 if worst and worst >= self.threshold and not self.exit_zero else 0


def check_places(paths: Iterable[str] | None, filenames: Iterable[str] | None, *others: str | None) -> list[str]:
    """Collect the files and folders that arguments and options name, or the current folder if there are none.

    Raises UsageError if `-` is given twice; `others` are files that are read, too, and they count for this.
    """
    places = [*(paths or ()), *(filenames or ())] or ["."]
    if [*places, *others].count("-") > 1:
        raise UsageError("standard input (-) can be read only once.")
    return places


def with_progress_and_failures(results: Iterator[FileResult], quiet: bool, noun: str = "file") -> Iterator[FileResult]:
    """Yield `results` unchanged while showing progress and failures on stderr. `noun` names one result ("file")."""
    for checked in with_progress(results, quiet, noun):
        if checked.failure:
            error(checked.failure)
        yield checked


def exit_code(run: RunResult, exit_policy: ExitPolicy, interrupted: bool = False) -> int:
    """Return the exit code of a finished run, and print a note when nothing was found or the run was interrupted."""
    if interrupted:
        note(f"interrupted after {_amount(run)}.")
        return INTERRUPTED
    if not run.services:
        _tell_of_nothing(run, exit_policy)
    return exit_policy.exit_code(run.worst(), failed=bool(run.failures), empty=not run.services)


def _amount(run: RunResult) -> str:
    return counted(run.services, "InferenceService") if run.cluster else counted(run.files, "file")


def _tell_of_nothing(run: RunResult, exit_policy: ExitPolicy) -> None:
    sentence = f"no InferenceService found in {run.cluster or counted(run.files, 'file')}"
    if exit_policy.fail_on_empty:
        error(f"{sentence}.")
    elif not (run.failures or run.worst() is Severity.ERROR or exit_policy.quiet):
        note(sentence)
