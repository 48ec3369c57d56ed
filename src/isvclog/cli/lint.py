"""`isvclog lint`: everything that goes wrong with the loggers of files and folders."""

import sys
from typing import Annotated, Literal

import typer

from isvclog.cli.options import Color, Filenames, KServeVersion
from isvclog.cli.output import note
from isvclog.findings import Severity
from isvclog.report.result import Run, counted

Output = Literal["auto", "text", "concise", "json"]


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
    deployment_mode: Annotated[
        Literal["Knative", "Standard", "ModelMesh", "Serverless", "RawDeployment"] | None,
        typer.Option(help="Override the mode of the manifest and of the ConfigMap."),
    ] = None,
    inferenceservice_config: Annotated[
        str | None, typer.Option(metavar="FILE", help="The ConfigMap inferenceservice-config of the cluster.")
    ] = None,
    serving_runtime: Annotated[
        list[str] | None, typer.Option(metavar="FILE", help="A ServingRuntime or ClusterServingRuntime; repeatable.")
    ] = None,
    output: Annotated[
        Output,
        typer.Option("-o", "--output", help="How to print findings; auto is text on a terminal, concise in a pipe."),
    ] = "auto",
    fail_on: Annotated[
        Literal["error", "warning", "info"], typer.Option(help="Exit with 1 for findings at least this severe.")
    ] = "error",
    quiet: Annotated[bool, typer.Option("-q", "--quiet", help="Print findings and nothing else.")] = False,
    color: Color = "auto",
) -> int:
    """Find every way a logger goes wrong that the API does not refuse."""
    from isvclog.cli.files import check_files
    from isvclog.cli.preview import _installation
    from isvclog.cli.validate import _exit_code, _report
    from isvclog.kserve.constants import LEGACY_MODES
    from isvclog.kserve.defaults import Installation
    from isvclog.kserve.releases import NEWEST, find_release
    from isvclog.lint import choose
    from isvclog.lint import lint as check
    from isvclog.rules.policy import Policy

    release = find_release(kserve_version) if kserve_version else NEWEST
    mode = LEGACY_MODES.get(deployment_mode or "", deployment_mode)
    installation = _installation(Installation(release, mode=mode), inferenceservice_config, serving_runtime or ())
    names = frozenset(name for item in select for name in item.split(",")) if select else None
    settings = choose(installation, Policy(), names)
    run = Run(check_files([*(paths or ()), *(filename or ())] or ["."], lambda obj: check(obj, settings)))
    for piece in _report(run, output, color, quiet):
        sys.stdout.write(piece)
    sys.stdout.flush()
    if not (run.services or run.failures or run.worst() or quiet):
        note(f"no InferenceService found in {counted(run.files, 'file')}")
    return _exit_code(run, Severity[fail_on.upper()], False)
