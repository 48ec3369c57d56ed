"""Reports of a run, on standard output and in as many files as are requested."""

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack

from isvclog.atomic import replace_file
from isvclog.cli.options.common import terminal_width
from isvclog.errors import UsageError
from isvclog.lint.results import FileResult, Format, RunResult
from isvclog.report.color import wants_color
from isvclog.report.findings.formats import FORMATS, NEEDS_DATA, FormatSettings


def write_reports(
    run: RunResult,
    output: str,
    output_files: Sequence[str],
    color: str,
    settings: FormatSettings,
    instead: Format | None = None,
) -> None:
    """Complete a run: print it in the format `output`, and write each `FORMAT=PATH` of `output_files`.

    With `instead`, that is printed in place of a report.

    Standard output is written during the run, with the colour and width of the terminal. Files are written completely
    or not at all. Raises UsageError for an invalid output file, and IsvclogError for one that cannot be written; both
    before the run begins, except when a disk is full.
    """
    targets = [_target(text) for text in output_files]
    _refuse_repetition([path for _, path in targets])
    with ExitStack() as stack:
        files = [(name, stack.enter_context(replace_file(path))) for name, path in targets]
        kept: list[FileResult] = []
        if files:
            run.results = _remembered(run.results, kept, any(name in NEEDS_DATA for name, _ in files))
        settings = settings._replace(color=wants_color(color, sys.stdout), width=terminal_width())
        for piece in (instead or FORMATS[chosen_format(output)](settings))(run):
            sys.stdout.write(piece)
        sys.stdout.flush()
        for name, write in files:
            pieces = FORMATS[name](settings._replace(color=False, width=None))(RunResult(kept, run.cluster))
            write(map(str.encode, pieces))


def chosen_format(output: str) -> str:
    """Resolve the format `auto`; any other name is returned unchanged."""
    if output != "auto":
        return output
    if os.environ.get("GITHUB_ACTIONS") == "true":
        return "github"
    return "text" if sys.stdout.isatty() else "concise"


def _remembered(results: Iterable[FileResult], kept: list[FileResult], with_data: bool) -> Iterator[FileResult]:
    """Yield the results and keep each one, without the bytes of its file if no report shows lines of it."""
    for checked in results:
        kept.append(checked if with_data and checked.findings else checked._replace(data=b""))
        yield checked


def _target(text: str) -> tuple[str, str]:
    name, equals, path = text.partition("=")
    if name not in FORMATS:
        raise UsageError(f"--output-file {text!a}: write FORMAT=PATH, with a format out of {', '.join(FORMATS)}.")
    if not equals or not path or path == "-":
        raise UsageError(f"--output-file {text!a}: name a file, as in {name}=report.txt; for standard output use -o.")
    return name, path


def _refuse_repetition(paths: Sequence[str]) -> None:
    real = [os.path.realpath(path) for path in paths]
    for index, path in enumerate(real):
        if path in real[:index]:
            raise UsageError(f"--output-file names {paths[index]} twice; give each report a file of its own.")
