"""`isvclog lint`: everything that goes wrong with the loggers of files and folders, or of a cluster."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from isvclog.cli.clusteroptions import ClusterOptions, Live
from isvclog.cli.installation import ConfigFile, DeploymentMode, RuntimeFiles, installation
from isvclog.cli.options import Color, FailOnEmpty, Filenames, KServeVersion, Output, OutputFiles, Paths, Quiet
from isvclog.cli.output import note
from isvclog.cli.project import NoConfig, ProjectFile, read_project
from isvclog.cli.rulenames import chosen_rules, complete_rules
from isvclog.errors import UsageError
from isvclog.findings import Severity, counted

if TYPE_CHECKING:
    from isvclog.baseline import Baseline
    from isvclog.kserve.defaults import Installation
    from isvclog.rules.catalogue import Description


def lint(
    paths: Paths = None,
    filename: Filenames = None,
    select: Annotated[
        list[str] | None,
        typer.Option(
            metavar="RULE[,RULE]...",
            help="Report these rules only, whatever the project file says; repeatable.",
            autocompletion=complete_rules,
        ),
    ] = None,
    ignore: Annotated[
        list[str] | None,
        typer.Option(
            metavar="RULE[,RULE]...", help="Do not report these rules; repeatable.", autocompletion=complete_rules
        ),
    ] = None,
    fix: Annotated[bool, typer.Option("--fix", help="Apply the safe fixes to what would be reported.")] = False,
    unsafe_fixes: Annotated[
        bool, typer.Option("--unsafe-fixes", help="Like --fix, with the fixes that may not be what you meant, too.")
    ] = False,
    diff: Annotated[
        bool, typer.Option("--diff", help="Print what fixes would change instead of findings, and write nothing.")
    ] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing, and exit with 1 if a fix would change something.")
    ] = False,
    baseline: Annotated[
        str | None, typer.Option(metavar="FILE", help="Report only what is not in this baseline.")
    ] = None,
    write_baseline: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="Write what is found into a baseline instead of printing it; exit with 0."),
    ] = None,
    no_ignores: Annotated[
        bool,
        typer.Option("--no-ignores", help="Report also what comments and `ignores` of the project file ignore."),
    ] = False,
    config: ProjectFile = None,
    no_config: NoConfig = False,
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
    fail_on_empty: FailOnEmpty = False,
    exit_zero: Annotated[
        bool, typer.Option("--exit-zero", help="Exit with 0 also for findings, and for fixes to be made.")
    ] = False,
    quiet: Quiet = False,
    verbose: Annotated[bool, typer.Option("-v", "--verbose", help="Say what the run is based on.")] = False,
    color: Color = "auto",
    live: Live = False,
    *,
    cluster: ClusterOptions,
) -> int:
    """Find every way a logger goes wrong, before it is deployed.

    All that `validate` finds, and what the API server accepts though events will lack data, leak it or never leave.
    `isvclog rules` lists what is looked for, `isvclog explain RULE` says more. What options say counts before the
    project file. Fixes of standard input go to standard output, and the report to standard error.

    With --live it is the InferenceServices of a cluster that are checked, all of the namespace or those that are named,
    as KServe is installed there.

    The exit code is 0 if all is well, 1 for findings or, with --check or --diff, for fixes to be made, 2 for wrong
    usage, 3 if something cannot be read or written, and 130 after Ctrl-C, with a report of what was found so far.
    """
    from isvclog.cli.linting import Fixing, Linter
    from isvclog.cli.lintrun import Reports, run_lint
    from isvclog.cli.running import Ending, check_places
    from isvclog.kserve.releases import NEWEST, find_release
    from isvclog.lint import choose
    from isvclog.report.formats import Settings

    if live:
        texts: dict[str, object] = {
            "--fix": fix,
            "--unsafe-fixes": unsafe_fixes,
            "--diff": diff,
            "--check": check,
        }  # a cluster has none
        _exclude(*({"--live": live, name: value} for name, value in texts.items()))
    else:
        cluster.refuse("add --live, or leave it out")

    _exclude(
        {"--baseline": baseline, "--write-baseline": write_baseline},
        {"--quiet": quiet, "--verbose": verbose},
        {"--diff": diff, "--write-baseline": write_baseline},
        {"--diff": diff, "--output": output != "auto"},
        {"--write-baseline": write_baseline, "--output": output != "auto"},
    )
    places = check_places(
        None if live else paths, filename, config, baseline, inferenceservice_config, *(serving_runtime or ())
    )
    if write_baseline == "-":
        raise UsageError("--write-baseline needs a file to write, not -.")
    fixing = Fixing(unsafe_fixes, not (diff or check), diff) if fix or unsafe_fixes or diff or check else None
    if fixing and fixing.write and "-" in places and len(places) > 1:
        raise UsageError("fixes of standard input go to standard output, so give no other files with -.")
    project = read_project(config, no_config)
    version = kserve_version or (None if live else project.kserve_version)
    release = find_release(version) if version else NEWEST
    known = installation(release, deployment_mode, inferenceservice_config, serving_runtime)
    policy = project.policy._replace(**_sink(sink_profile)) if sink_profile is not None else project.policy
    names = chosen_rules(select, ignore, project)
    threshold = Severity[fail_on.upper()] if fail_on else project.fail_on or Severity.ERROR
    settings = Settings(summary=not quiet, fail_on=threshold, describe=_describe)
    reports = Reports(output, output_file or (), color, settings, write_baseline)
    known_findings = _read_baseline(baseline)
    ending = Ending(threshold, fail_on_empty, exit_zero or write_baseline is not None, quiet)

    def linter(known: "Installation") -> Linter:
        chosen = choose(known, policy, names)
        if verbose:
            limits = f"headers of at most {policy.sink_limit:,} bytes, {project.file or 'no project file'}"
            note(f"KServe {known.release}, {counted(len(chosen.names), 'rule')}, {limits}")
        return Linter(chosen, project, ignoring=not no_ignores, baseline=known_findings, fixing=fixing)

    if not live:
        return run_lint(linter(known), places, reports, ending)
    from isvclog.cli.live import looking, wishes
    from isvclog.cli.livelint import lint_live

    wish = wishes(kserve_version, project, known, has_config=bool(inferenceservice_config))
    with looking(paths, filename, cluster, wish) as look:
        return lint_live(look, linter(look.facts.general), reports, ending, verbose=verbose)


def _exclude(*pairs: Mapping[str, object]) -> None:
    """UsageError for options of a pair that are both given."""
    for pair in pairs:
        if all(value not in (None, False) for value in pair.values()):
            hint = "; write the report to a file with --output-file" if "--output" in pair else ""
            raise UsageError(f"{' and '.join(pair)} exclude each other{hint}.")


def _describe(rule: str) -> "Description | None":
    from isvclog.rules.catalogue import describe

    return describe(rule)


def _sink(profile: str) -> dict[str, Any]:
    from isvclog.config.load import parse_sink
    from isvclog.rules.policy import SINK_LIMITS

    try:
        sink, limit = parse_sink(profile)
    except ValueError:
        known = ", ".join(SINK_LIMITS)
        raise UsageError(f"--sink-profile {profile!a}: choose one of {known} or custom=BYTES.") from None
    return {"sink": sink, "sink_limit": limit}


def _read_baseline(path: str | None) -> "Baseline | None":
    if path is None:
        return None
    from isvclog.baseline import read_baseline

    return read_baseline(path)
