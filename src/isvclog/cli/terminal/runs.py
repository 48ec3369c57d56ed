"""The common parts of every run over files or services: progress, failures and the exit code."""

from collections.abc import Iterator

from isvclog.cli.terminal.messages import error, note
from isvclog.cli.terminal.progress import with_progress
from isvclog.errors import INTERRUPTED, IsvclogError
from isvclog.findings import Severity, counted
from isvclog.lint.results import FileResult, RunResult, unlogged_sentence
from isvclog.records import NamedTuple


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
        """Return the exit code for the worst severity found.

        `failed` is True if something could not be read or written, and `empty` if nothing was checked.
        """
        if failed or (empty and self.fail_on_empty):
            return IsvclogError.exit_code
        return int(self.reaches_threshold(worst) and not self.exit_zero)

    def reaches_threshold(self, worst: Severity | None) -> bool:
        """Check whether the worst severity of a run is at the threshold or above it."""
        return worst is not None and worst >= self.threshold


def with_progress_and_failures(results: Iterator[FileResult], quiet: bool, noun: str = "file") -> Iterator[FileResult]:
    """Yield `results` unchanged while showing progress and failures on stderr. `noun` names one result ("file")."""
    for checked in with_progress(results, quiet, noun):
        if checked.failure:
            error(checked.failure, checked.redaction)
        yield checked


def exit_code(run: RunResult, exit_policy: ExitPolicy, interrupted: bool = False) -> int:
    """Return the exit code of a finished run, and print a note when nothing was found or the run was interrupted."""
    if interrupted:
        note(f"interrupted after {_amount(run)}.")
        return INTERRUPTED
    if not run.services:
        _report_empty(run, exit_policy)
    return exit_policy.exit_code(run.worst(), failed=bool(run.failures), empty=not run.services)


def _amount(run: RunResult) -> str:
    return counted(run.services, "InferenceService") if run.cluster else counted(run.files, "file")


def _report_empty(run: RunResult, exit_policy: ExitPolicy) -> None:
    sentence = f"no InferenceService found in {run.cluster or counted(run.files, 'file')}."
    if run.unlogged:
        sentence = f"{sentence} {unlogged_sentence(run)}"
    if exit_policy.fail_on_empty:
        error(sentence)
    elif not (run.failures or run.worst() is Severity.ERROR or exit_policy.quiet):
        note(sentence)
