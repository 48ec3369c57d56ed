"""`isvclog validate`: the logger specs of files and folders against the API of a KServe release."""

from typing import Annotated, Literal

import typer

from isvclog.cli.options import Color, FailOnEmpty, Filenames, KServeVersion, Output, OutputFiles, Paths, Quiet
from isvclog.findings import Severity
from isvclog.report.result import Run


def validate(
    paths: Paths = None,
    filename: Filenames = None,
    kserve_version: KServeVersion = None,
    output: Output = "auto",
    output_file: OutputFiles = None,
    fail_on: Annotated[
        Literal["error", "warning", "info"], typer.Option(help="Exit with 1 for findings at least this severe.")
    ] = "error",
    fail_on_empty: FailOnEmpty = False,
    quiet: Quiet = False,
    color: Color = "auto",
) -> int:
    """Check logger specs against the API of a KServe release.

    Says which fields the release drops and which values its API server refuses, for every InferenceService in the
    given files. The exit code is 0 if all is well, 1 for findings, 2 for wrong usage, 3 if a file cannot be read, and
    130 after Ctrl-C, with a report of what was found so far.
    """
    from isvclog.cli.files import check_files
    from isvclog.cli.interrupt import until_interrupted
    from isvclog.cli.reports import report
    from isvclog.cli.running import Ending, check_places, exit_code, observed
    from isvclog.kserve.releases import NEWEST, find_release
    from isvclog.report.formats import Settings
    from isvclog.validate import validate as complaints

    release = find_release(kserve_version) if kserve_version else NEWEST
    ending = Ending(Severity[fail_on.upper()], fail_on_empty, quiet=quiet)
    settings = Settings(summary=not quiet, fail_on=ending.threshold)
    places = check_places(paths, filename)
    with until_interrupted(check_files(places, lambda obj: complaints(obj, release))) as results:
        run = Run(observed(results, quiet))
        report(run, output, output_file or (), color, settings)
    return exit_code(run, ending, results.stopped)
