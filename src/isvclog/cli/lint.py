"""`isvclog lint`: everything that goes wrong with the loggers of files and folders."""

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from isvclog.cli.installation import ConfigFile, DeploymentMode, RuntimeFiles, installation
from isvclog.cli.options import Color, Filenames, KServeVersion, Output, OutputFiles
from isvclog.cli.output import note
from isvclog.cli.rulenames import known_rules
from isvclog.errors import IsvclogError, UsageError
from isvclog.findings import Severity
from isvclog.report.result import Run, counted

if TYPE_CHECKING:
    from isvclog.baseline import Baseline
    from isvclog.cli.linting import Fixing, Linter
    from isvclog.config import Config
    from isvclog.rules.catalogue import Description

_INTERRUPTED = 130


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
    ignore: Annotated[
        list[str] | None, typer.Option(metavar="RULE[,RULE]...", help="Do not report these rules; repeatable.")
    ] = None,
    fix: Annotated[bool, typer.Option("--fix", help="Apply the safe fixes.")] = False,
    unsafe_fixes: Annotated[
        bool, typer.Option("--unsafe-fixes", help="Apply the fixes that may not be what you meant, too.")
    ] = False,
    diff: Annotated[bool, typer.Option("--diff", help="Show what fixes would change, and write nothing.")] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing, and exit with 1 if a fix would change something.")
    ] = False,
    baseline: Annotated[
        str | None, typer.Option(metavar="FILE", help="Report only what is not in this baseline.")
    ] = None,
    write_baseline: Annotated[
        str | None, typer.Option("--write-baseline", metavar="FILE", help="Write what is found into a baseline.")
    ] = None,
    no_ignores: Annotated[
        bool, typer.Option("--no-ignores", help="Report also what comments and the project file ignore.")
    ] = False,
    config: Annotated[
        str | None, typer.Option(metavar="FILE", help="The project file; default the nearest .isvclog.yaml above.")
    ] = None,
    no_config: Annotated[bool, typer.Option("--no-config", help="Read no project file.")] = False,
    kserve_version: KServeVersion = None,
    deployment_mode: DeploymentMode = None,
    inferenceservice_config: ConfigFile = None,
    serving_runtime: RuntimeFiles = None,
    sink_profile: Annotated[
        str | None,
        typer.Option(
            metavar="KIND",
            help="What the sink is, for the size of headers it takes: nginx (default), tomcat, node, uvicorn, alb, "
            "quarkus, istio, knative or custom=BYTES.",
        ),
    ] = None,
    output: Output = "auto",
    output_file: OutputFiles = None,
    fail_on: Annotated[
        Literal["error", "warning", "info"] | None,
        typer.Option(help="Exit with 1 for findings at least this severe.", show_default="error"),
    ] = None,
    fail_on_empty: Annotated[
        bool, typer.Option("--fail-on-empty", help="Exit with 3 when there is no InferenceService.")
    ] = False,
    exit_zero: Annotated[bool, typer.Option("--exit-zero", help="Exit with 0 also when there are findings.")] = False,
    quiet: Annotated[bool, typer.Option("-q", "--quiet", help="Print findings and nothing else.")] = False,
    verbose: Annotated[bool, typer.Option("-v", "--verbose", help="Say what the run is based on.")] = False,
    color: Color = "auto",
) -> int:
    """Find every way a logger goes wrong, before it is deployed.

    All that `validate` finds, and what the API server accepts though events will lack data, leak it or never leave.
    `isvclog rules` lists what is looked for, `isvclog explain RULE` says more. The exit code is 0 if all is well, 1 for
    findings or, with --check or --diff, for fixes to be made, 2 for wrong usage and 3 if a file cannot be read.
    """
    from isvclog.cli.linting import Fixing, Linter
    from isvclog.cli.lintrun import Reports, run_lint, tell
    from isvclog.config import Config
    from isvclog.kserve.releases import NEWEST, find_release
    from isvclog.lint import choose
    from isvclog.report.formats import Settings
    from isvclog.rules.registry import all_rules

    places = [*(paths or ()), *(filename or ())] or ["."]
    fixing = Fixing(unsafe_fixes, not (diff or check)) if fix or unsafe_fixes or diff or check else None
    _check_usage(places, fixing, baseline and write_baseline, config and no_config)
    project = Config() if no_config else _project(config, all_rules())
    version = kserve_version or project.kserve_version
    known = installation(
        find_release(version) if version else NEWEST, deployment_mode, inferenceservice_config, serving_runtime
    )
    policy = project.policy
    if sink_profile:
        policy = policy._replace(**_sink(sink_profile))
    selected = _names(select or ()) or project.select or all_rules()
    names = frozenset(selected) - {*_names(ignore or ()), *project.ignore}
    linter = Linter(
        choose(known, policy, names),
        project,
        ignoring=not no_ignores,
        baseline=_read_baseline(baseline),
        fixing=fixing,
    )
    if verbose:
        note(f"KServe {known.release}, {counted(len(names), 'rule')}, {project.file or 'no project file'}")
    threshold = Severity[fail_on.upper()] if fail_on else project.fail_on or Severity.ERROR
    settings = Settings(summary=not quiet, fail_on=threshold, describe=_describe)
    run, stopped = run_lint(linter, places, Reports(output, output_file or (), color, settings, diff), write_baseline)
    if not quiet:
        tell(linter, run, output)
    if stopped:
        return _INTERRUPTED
    return _exit_code(run, linter, threshold, fail_on_empty, exit_zero or bool(write_baseline))


def _describe(rule: str) -> "Description | None":
    from isvclog.rules.catalogue import describe

    return describe(rule)


def _check_usage(places: Sequence[str], fixing: "Fixing | None", both_baselines: object, both_configs: object) -> None:
    if both_baselines:
        raise UsageError("--baseline and --write-baseline exclude each other: write the new one over the old.")
    if both_configs:
        raise UsageError("--config and --no-config exclude each other.")
    if fixing and fixing.write and "-" in places and len(places) > 1:
        raise UsageError("fixes of standard input go to standard output, so give no other files with -.")
    if places.count("-") > 1:
        raise UsageError("standard input (-) can be read only once.")


def _project(path: str | None, rules: Collection[str]) -> "Config":
    from isvclog.config import Config, find_config
    from isvclog.config.load import load_config

    file = path or find_config(".")
    return load_config(file, rules) if file else Config()


def _sink(profile: str) -> dict[str, Any]:
    from isvclog.config.load import parse_sink
    from isvclog.rules.policy import SINK_LIMITS

    try:
        sink, limit = parse_sink(profile)
    except ValueError:
        known = ", ".join(SINK_LIMITS)
        raise UsageError(f"--sink-profile {profile!a}: choose one of {known} or custom=BYTES.") from None
    return {"sink": sink, "sink_limit": limit}


def _names(options: Sequence[str]) -> list[str]:
    """The rules that options name, several to one; UsageError for a name that there is none of."""
    return known_rules([name.strip() for option in options for name in option.split(",") if name.strip()])


def _read_baseline(path: str | None) -> "Baseline | None":
    if path is None:
        return None
    from isvclog.baseline import read_baseline

    return read_baseline(path)


def _exit_code(run: Run, linter: "Linter", threshold: Severity, fail_on_empty: bool, exit_zero: bool) -> int:
    if run.failures or (fail_on_empty and not run.services):
        return IsvclogError.exit_code
    worst = run.worst()
    if linter.fixing and not linter.fixing.write and linter.changed:
        return 1
    return 1 if worst and worst >= threshold and not exit_zero else 0
