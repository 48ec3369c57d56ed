"""`isvclog lint`: everything that goes wrong with the loggers of files and folders."""

from typing import Annotated, Literal

import typer

from isvclog.cli.installation import ConfigFile, DeploymentMode, RuntimeFiles, installation
from isvclog.cli.options import Color, Filenames, KServeVersion, Output
from isvclog.cli.output import note
from isvclog.findings import Severity
from isvclog.report.result import Run, counted


def lint(
    paths: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[PATH]...",
            show_default=False,
            help="Files, folders (recursively) or - for standard input; the current folder if there are none.",
        ),
    ] = None,
    filename: Filenames = None,
    select: Annotated[
        list[str] | None, typer.Option(metavar="RULE[,RULE]...", help="Report these rules only; repeatable.")
    ] = None,
    kserve_version: KServeVersion = None,
    deployment_mode: DeploymentMode = None,
    inferenceservice_config: ConfigFile = None,
    serving_runtime: RuntimeFiles = None,
    output: Output = "auto",
    fail_on: Annotated[
        Literal["error", "warning", "info"], typer.Option(help="Exit with 1 for findings at least this severe.")
    ] = "error",
    quiet: Annotated[bool, typer.Option("-q", "--quiet", help="Print findings and nothing else.")] = False,
    color: Color = "auto",
) -> int:
    """Find every way a logger goes wrong that the API does not refuse."""
    from isvclog.cli.files import check_files
    from isvclog.cli.reports import report
    from isvclog.cli.validate import _exit_code
    from isvclog.kserve.releases import NEWEST, find_release
    from isvclog.lint import choose
    from isvclog.lint import lint as check
    from isvclog.report.formats import Settings
    from isvclog.rules.policy import Policy

    release = find_release(kserve_version) if kserve_version else NEWEST
    known = installation(release, deployment_mode, inferenceservice_config, serving_runtime)
    names = frozenset(name for item in select for name in item.split(",")) if select else None
    settings = choose(known, Policy(), names)
    run = Run(check_files([*(paths or ()), *(filename or ())] or ["."], lambda obj: check(obj, settings)))
    report(run, output, (), color, Settings(summary=not quiet))
    if not (run.services or run.failures or run.worst() or quiet):
        note(f"no InferenceService found in {counted(run.files, 'file')}")
    return _exit_code(run, Severity[fail_on.upper()], False)
