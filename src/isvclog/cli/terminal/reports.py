"""Reports of a run, on standard output and in as many files as are requested."""

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from typing import NamedTuple

from isvclog.atomic import replace_file
from isvclog.cli.terminal.settings import terminal_settings
from isvclog.errors import UsageError
from isvclog.lint.results import FileResult, RunResult
from isvclog.report.formats import FINDINGS, NEEDS_DATA, FormatSettings, findings_format


class Reports(NamedTuple):
    """The requested output of a run.

    `output` is the format on standard output, None for nothing there. `output_files` has a `FORMAT=PATH` for each file
    to write. `baseline` is the baseline to write, or None.
    """

    output: str | None
    output_files: Sequence[str]
    color: str
    settings: FormatSettings
    baseline: str | None = None

    @property
    def format(self) -> str | None:
        """The format on standard output, with `auto` resolved."""
        return self.output and chosen_format(self.output)


def write_reports(run: RunResult, reports: Reports) -> None:
    """Complete a run: print its report, and write the files.

    Standard output is written during the run, with the colour and width of the terminal. Files are written completely
    or not at all. Raises UsageError for an invalid output file, and IsvclogError for one that cannot be written; both
    before the run begins, except when a disk is full.
    """
    targets = [_target(text) for text in reports.output_files]
    _refuse_repetition([path for _, path in targets])
    with ExitStack() as stack:
        files = [(name, stack.enter_context(replace_file(path))) for name, path in targets]
        kept: list[FileResult] = []
        if files:
            run.results = _remembered(run.results, kept, any(name in NEEDS_DATA for name, _ in files))
        for piece in _printed(run, reports):
            sys.stdout.write(piece)
        sys.stdout.flush()
        plain = reports.settings._replace(color=False, width=None)
        for name, write in files:
            write(map(str.encode, findings_format(name)(RunResult(kept, run.cluster, reveal=run.reveal), plain)))


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
        kept.append(checked._replace(data=checked.data if with_data and checked.findings else b"", fixed=None))
        yield checked


def _target(text: str) -> tuple[str, str]:
    name, equals, path = text.partition("=")
    if name not in FINDINGS:
        raise UsageError(f"--output-file {text!a}: write FORMAT=PATH; the formats are {', '.join(FINDINGS)}.")
    if not equals or not path or path == "-":
        raise UsageError(f"--output-file {text!a}: name a file, as in {name}=report.txt; for standard output use -o.")
    return name, path


def _refuse_repetition(paths: Sequence[str]) -> None:
    real = [os.path.realpath(path) for path in paths]
    for index, path in enumerate(real):
        if path in real[:index]:
            raise UsageError(f"--output-file names {paths[index]} twice; give each report a file of its own.")
