"""`isvclog validate`: checks the logger specs of files and folders against the API of a KServe release."""

from contextlib import ExitStack
from typing import TYPE_CHECKING, Annotated

import typer

from isvclog.cli.options.cluster import ClusterOptions, Live
from isvclog.cli.options.common import (
    Color,
    FailOn,
    FailOnEmpty,
    Filenames,
    ForceReports,
    Jobs,
    KServeVersion,
    Output,
    OutputFiles,
    Paths,
    Quiet,
    Reveal,
    Verbose,
    exclude_options,
    find_chosen_release,
    parse_jobs,
    parse_threshold,
    release_basis,
)
from isvclog.cli.options.files import NoIgnoreVcs, StdinFilename, check_places, name_standard_input
from isvclog.cli.options.project import NoConfig, ProjectFile, read_project
from isvclog.cli.options.rendering import ChartRoot, RenderingOptions, ValuesMatrix
from isvclog.lint.results import FileResult, RunResult

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from isvclog.findings import Finding, Severity
    from isvclog.live.scope import ClusterScope
    from isvclog.manifest import Object

Strict = Annotated[
    bool,
    typer.Option(
        "--strict", help="Check the whole service, not only loggers: report every field that kubectl rejects."
    ),
]


def validate(
    paths: Paths = None,
    filename: Filenames = None,
    kserve_version: KServeVersion = None,
    strict: Strict = False,
    output: Output = "auto",
    output_file: OutputFiles = None,
    force: ForceReports = False,
    fail_on: FailOn = None,
    fail_on_empty: FailOnEmpty = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
    no_ignore_vcs: NoIgnoreVcs = False,
    stdin_filename: StdinFilename = None,
    values_matrix: ValuesMatrix = None,
    chart_root: ChartRoot = None,
    reveal: Reveal = False,
    config: ProjectFile = None,
    no_config: NoConfig = False,
    color: Color = "auto",
    jobs: Jobs = "auto",
    live: Live = False,
    *,
    rendering: RenderingOptions,
    cluster: ClusterOptions,
) -> int:
    """Check logger specs against the API of a KServe release; lint checks more.

    Reports which fields the release drops and which values its API server rejects, for every InferenceService in the
    given files, or in what --helm or --kustomize renders. With --strict, checks every field of the service and not only
    its loggers. With --live, checks those of a cluster for the release that runs there, and also reports which fields
    the cluster dropped. The exit code is 0 if all is well, 1 for findings, 2 for wrong usage, 3 if a file or a service
    cannot be read, and 130 after Ctrl-C, with a report of the findings so far.
    """
    from isvclog.cli.terminal.interrupt import until_interrupted
    from isvclog.cli.terminal.messages import note, note_release, reveal_secrets
    from isvclog.cli.terminal.reports import ReportFiles, Reports, write_reports
    from isvclog.cli.terminal.runs import ExitPolicy, exit_code, with_progress_and_failures
    from isvclog.findings import Severity
    from isvclog.kserve.apis.kinds import SERVICE
    from isvclog.lint.files import check_files, check_source
    from isvclog.manifest.kustomize.finder import OverlayFinder
    from isvclog.manifest.syntax.files import respect_gitignore
    from isvclog.report.formats import FormatSettings
    from isvclog.validate.objects import validate_object

    reveal_secrets(reveal)
    exclude_options({"--quiet": quiet, "--verbose": verbose}, {"--live": live, "--stdin-filename": stdin_filename})
    rendering.check((paths, filename, live, stdin_filename))
    respect_gitignore(not no_ignore_vcs)
    project = read_project(config, no_config, stdin_filename)
    release = find_chosen_release(kserve_version or project.kserve_version)
    exit_policy = ExitPolicy(parse_threshold(fail_on), fail_on_empty, quiet=quiet)
    settings = FormatSettings(summary=not quiet, fail_on=exit_policy.threshold)
    rest = Severity.ERROR if strict else None
    places: list[str] = []
    with ExitStack() as stack:
        if live:
            from isvclog.cli.options.scope import overrides, scope_settings
            from isvclog.live.scope import open_scope

            known = overrides(kserve_version, project)
            scope = stack.enter_context(open_scope(scope_settings(cluster, known, paths, filename), note))
            release = scope.facts.release
            checked = _check_scope(scope, rest)
            noun, place, basis = "InferenceService", scope.place, scope.facts.basis
        else:
            cluster.refuse("add --live, or leave it out")
            places = check_places(name_standard_input(stdin_filename, [*(filename or ()), *(paths or ())]), None)
            patches = OverlayFinder(SERVICE, places)

            def check(obj: "Object") -> "Sequence[Finding]":
                return validate_object(obj, release, patch=bool(patches.patching_folder(obj.file)), rest=rest)

            if renderings := rendering.render_all(values_matrix, chart_root):
                from isvclog.lint.rendered import check_renderings

                checked = iter(check_renderings(renderings, lambda source: check_source(source, check)))
            else:
                checked = check_files(places, check, parse_jobs(jobs))
            basis = release_basis(release, kserve_version, project.kserve_version, project.file)
            noun, place = "file", ""
        if verbose:
            note_release(release)
        results = stack.enter_context(until_interrupted(checked))
        checked_files = with_progress_and_failures(results, quiet, noun)
        run = RunResult(checked_files, place, basis=basis, is_interrupted=lambda: results.stopped, reveal=reveal)
        files = ReportFiles(output_file or (), inputs=places, force=force)
        write_reports(run, Reports(output, files, color, settings))
    return exit_code(run, exit_policy, results.stopped)


def _check_scope(scope: "ClusterScope", rest: "Severity | None") -> "Iterator[FileResult]":
    """Validate the services of a cluster for its release, and report the fields that it dropped."""
    from isvclog.lint.live import check_services
    from isvclog.validate.objects import validate_object

    facts = scope.facts
    return check_services(
        scope.services(), lambda obj: [*validate_object(obj, facts.release, rest=rest), *facts.pruned(obj)]
    )
