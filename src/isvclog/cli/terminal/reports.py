"""Reports of a run, on standard output and in as many files as are requested."""

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from functools import partial

from isvclog.atomic import is_special, replace_file
from isvclog.cli.terminal.messages import around_document
from isvclog.cli.terminal.settings import terminal_settings
from isvclog.errors import IsvclogError, UsageError
from isvclog.lint.results import FileResult, RunResult
from isvclog.records import NamedTuple
from isvclog.report.formats import DOCUMENTS, FINDINGS, NEEDS_DATA, FormatSettings, findings_format


class ReportFiles(NamedTuple):
    """The files that a run writes.

    `reports` has a `FORMAT=PATH` for each report. `baseline` is the baseline to write, or None. A file is not replaced
    if it is one of `inputs`, which the run reads, or something else than such a report or baseline, unless `force`.
    """

    reports: Sequence[str] = ()
    baseline: str | None = None
    inputs: Sequence[str | None] = ()
    force: bool = False


class Reports(NamedTuple):
    """The requested output of a run. `output` is the format on standard output, None for nothing there."""

    output: str | None
    files: ReportFiles
    color: str
    settings: FormatSettings

    @property
    def format(self) -> str | None:
        """The format on standard output, with `auto` resolved."""
        return self.output and chosen_format(self.output)

    @property
    def formats(self) -> list[str | None]:
        """The formats of all reports, on standard output and in files."""
        return [self.format, *(text.partition("=")[0] for text in self.files.reports)]


def write_reports(run: RunResult, reports: Reports) -> None:
    """Complete a run: print its report, and write the files.

    Standard output is written during the run, with the colour and width of the terminal. Files are written completely
    or not at all. Raises UsageError for an invalid output file or one that must not be replaced, and IsvclogError for
    one that cannot be written; both before the run begins, except when a disk is full.
    """
    targets = [_target(text) for text in reports.files.reports]
    _check_files(targets, reports.files)
    with ExitStack() as stack:
        files = [(name, stack.enter_context(replace_file(path))) for name, path in targets]
        kept: list[FileResult] = []
        if files:
            run.results = _remembered(run.results, kept, any(name in NEEDS_DATA for name, _ in files))
        with around_document(reports.format in DOCUMENTS):
            for piece in _printed(run, reports):
                sys.stdout.write(piece)
            sys.stdout.flush()
        plain = reports.settings._replace(color=False, width=None)
        for name, write in files:
            kept_run = run.of(kept)
            write(map(str.encode, findings_format(name)(kept_run, plain)))


def chosen_format(output: str) -> str:
    """Resolve the format `auto`; any other name is returned unchanged."""
    if output != "auto":
        return output
    if os.environ.get("GITHUB_ACTIONS") == "true":
        return "github"
    return "text" if sys.stdout.isatty() else "concise"


def _printed(run: RunResult, reports: Reports) -> Iterator[str]:
    if reports.format is None:
        return ("" for _ in run)
    return findings_format(reports.format)(run, terminal_settings(reports.color, reports.settings))


def _remembered(results: Iterable[FileResult], kept: list[FileResult], with_data: bool) -> Iterator[FileResult]:
    """Yield the results and keep each one, without the bytes of its file if no report shows lines of it."""
    for checked in results:
        is_shown = with_data and (checked.findings or checked.suppressed)
        kept.append(checked._replace(data=checked.data if is_shown else b"", fixed=None))
        yield checked


def _target(text: str) -> tuple[str, str]:
    name, equals, path = text.partition("=")
    if name not in FINDINGS:
        raise UsageError(f"--output-file {text!a}: write FORMAT=PATH; the formats are {', '.join(FINDINGS)}.")
    if not equals or not path or path == "-":
        raise UsageError(f"--output-file {text!a}: name a file, as in {name}=report.txt; for standard output use -o.")
    return name, path


def _check_files(targets: Sequence[tuple[str, str]], files: ReportFiles) -> None:
    """Raise UsageError if a file is named twice, or must not be replaced."""
    named = [("--output-file", path) for _, path in targets]
    if files.baseline:
        named.append(("--write-baseline", files.baseline))
    seen: set[str] = set()
    for option, path in named:
        if (real := os.path.realpath(path)) in seen and not is_special(path):
            raise UsageError(f"{option} names {path} again; give each report a file of its own.")
        seen.add(real)
    if files.force or not named:
        return
    from isvclog.lint.baseline import is_baseline
    from isvclog.report.recognition import is_report

    for format_name, path in targets:
        _check_file("--output-file", path, f"a {format_name} report", partial(is_report, format_name), files.inputs)
    if files.baseline:
        _check_file("--write-baseline", files.baseline, "a baseline", is_baseline, files.inputs)


def _check_file(
    option: str, path: str, kind: str, is_known: Callable[[bytes], bool], inputs: Iterable[str | None]
) -> None:
    """Raise UsageError if a file is an input, or exists with another content. An empty file has nothing to lose."""
    if is_special(path) or not os.path.isfile(path):
        return
    from isvclog.manifest import read_file

    if any(file and os.path.exists(file) and os.path.samefile(file, path) for file in inputs):
        raise UsageError(
            f"{option} names {path}, which the run reads; name another file, or add --force to replace it."
        )
    try:
        data = read_file(path).data.strip()
    except IsvclogError:
        data = b"something that cannot be read"
    if data and not is_known(data):
        raise UsageError(
            f"{option} names {path}, which is not {kind}; name another file, or add --force to replace it."
        )
