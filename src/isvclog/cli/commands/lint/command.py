"""`isvclog lint`: finds everything that goes wrong with the loggers of files and folders, or of a cluster."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from isvclog.cli.commands.lint.options import LintOptions
from isvclog.cli.options.cluster import ClusterOptions, Live
from isvclog.cli.options.common import Filenames, Paths, parse_jobs, parse_threshold, release_basis
from isvclog.cli.options.files import check_places, name_standard_input
from isvclog.cli.options.project import read_project
from isvclog.cli.options.rule_names import chosen_rules
from isvclog.cli.terminal.messages import note, note_release, reveal_secrets
from isvclog.errors import UsageError
from isvclog.findings import counted

if TYPE_CHECKING:
    from isvclog.cli.terminal.reports import Reports
    from isvclog.cli.terminal.runs import ExitPolicy
    from isvclog.config import Config
    from isvclog.kserve.apis.installation import Installation
    from isvclog.lint.baseline import Baseline
    from isvclog.lint.linter import Fixing, Linter
    from isvclog.lint.reading import FileReader
    from isvclog.rules.catalogue import Description
    from isvclog.rules.policy import Policy


def lint(
    paths: Paths = None,
    filename: Filenames = None,
    *,
    options: LintOptions,
    live: Live = False,
    cluster: ClusterOptions,
) -> int:
    """Find every way a logger goes wrong, before it is deployed.

    Reports everything that `validate` finds, and also what the API server accepts although events will lack data, leak
    it or never be sent. `isvclog rules` lists the rules, and `isvclog explain RULE` explains one. Options override the
    project file. If standard input is fixed, the result goes to standard output, and the report to standard error.

    With --helm or --kustomize, checks what a chart or an overlay renders. Findings of rendered text name the template
    or the file that they come from, and are fixed there if it has the text literally.

    With --live, checks the InferenceServices of a cluster, all of the namespace or the named ones, against the KServe
    that is installed there.

    The exit code is 0 if all is well, 1 for findings or, with --check or --diff, for fixes that would be made, 2 for
    wrong usage, 3 if something cannot be read or written, and 130 after Ctrl-C, with a report of the findings so far.
    """
    from isvclog.lint.reading import FileReader
    from isvclog.manifest.syntax.files import respect_gitignore

    reveal_secrets(options.reveal)
    respect_gitignore(not options.no_ignore_vcs)
    if not live:
        cluster.refuse("add --live, or leave it out")
    options.check_combinations(live)
    options.rendering.check((paths, filename, live, options.stdin_filename))
    named = name_standard_input(options.stdin_filename, [*(filename or ()), *(() if live else paths or ())])
    places = check_places(named, None, options.config, options.baseline, *options.installation.files)
    reader = FileReader(places)
    # Importing the rules takes as long as reading thousands of files.
    with reader.ahead(1 if live or options.rendering.given else parse_jobs(options.jobs)):
        if not live:
            return _lint_files(reader, options)
        return _lint_cluster(places, options, cluster, paths, filename)


def _lint_files(reader: "FileReader", options: LintOptions) -> int:
    from isvclog.cli.commands.lint.run import run_lint

    fixing = _fixing(options, reader.paths)
    project = read_project(options.config, options.no_config, options.stdin_filename)
    known = options.installation.read(project)
    linter = _linters(options, project, fixing)
    reports, exit_policy = _reports(options, project, reader.paths)
    renderings = options.rendering.render_all(options.values_matrix, options.chart_root)
    version = options.installation.kserve_version
    basis = release_basis(known.release, version, project.kserve_version, project.file)
    if options.select:
        basis += f", {counted(len(chosen_rules(options.select, options.ignore, project) or ()), 'rule')} only"
    return run_lint(linter(known), reader, reports, exit_policy, basis, renderings=renderings)


def _lint_cluster(
    places: Sequence[str], options: LintOptions, cluster: ClusterOptions, paths: Paths, filename: Filenames
) -> int:
    from isvclog.cli.commands.lint.run_live import lint_live
    from isvclog.cli.options.scope import overrides, scope_settings
    from isvclog.live.scope import open_scope

    fixing = _fixing(options, places)
    project = read_project(options.config, options.no_config, options.stdin_filename)
    options.installation.check_live()
    known = options.installation.read(None)
    linter = _linters(options, project, fixing)
    reports, exit_policy = _reports(options, project, places)
    has_config = bool(options.installation.inferenceservice_config)
    given = overrides(options.installation.kserve_version, project, known, has_config=has_config)
    with open_scope(scope_settings(cluster, given, paths, filename), note) as scope:
        return lint_live(scope, linter(scope.facts.general), reports, exit_policy, verbose=options.verbose)


def _fixing(options: LintOptions, places: Sequence[str]) -> "Fixing | None":
    """Build the choice of fixes, or None. Raises UsageError if printed files could not be told apart."""
    from isvclog.lint.linter import Fixing

    shows = options.diff or options.check
    if not (options.fix or options.unsafe_fixes or shows):
        return None
    if not shows:
        _refuse_unwritable(places)
    return Fixing(options.unsafe_fixes, not shows, options.diff, places)


def _refuse_unwritable(places: Sequence[str]) -> None:
    """Raise UsageError for places whose fixes cannot be written, or could not be told apart when they are printed."""
    from isvclog.atomic import is_special

    if "-" in places and len(places) > 1:
        raise UsageError("fixes of standard input go to standard output, so give no other files with -.")
    for place in places:
        if place != "-" and is_special(place):
            raise UsageError(f"{place} is not a file that can be replaced; write - to fix standard input.")


def _linters(options: LintOptions, project: "Config", fixing: "Fixing | None") -> "Callable[[Installation], Linter]":
    """Create a function that builds the linter for an installation and, with --verbose, prints what it is based on."""
    from isvclog.lint.engine import select_rules
    from isvclog.lint.linter import Linter

    policy = _with_sink(project.policy, options.sink_profile)
    names = chosen_rules(options.select, options.ignore, project)
    baseline = _read_baseline(options.baseline)
    jobs = parse_jobs(options.jobs)

    def linter(known: "Installation") -> Linter:
        chosen = select_rules(known, policy, names)
        if options.verbose:
            limits = f"headers of at most {policy.sink_limit:,} bytes, {project.file or 'no project file'}"
            note_release(known.release, f", {counted(len(chosen.names), 'rule')}, {limits}")
        return Linter(
            chosen,
            project,
            suppressing=not options.no_ignores,
            shows_suppressed=options.show_suppressed,
            baseline=baseline,
            fixing=fixing,
            jobs=jobs,
        )

    return linter


def _reports(options: LintOptions, project: "Config", places: Sequence[str]) -> "tuple[Reports, ExitPolicy]":
    """Build the settings of the reports, and the ExitPolicy of the run."""
    from isvclog.cli.terminal.reports import ReportFiles, Reports
    from isvclog.cli.terminal.runs import ExitPolicy
    from isvclog.report.formats import FormatSettings

    threshold = parse_threshold(options.fail_on, project.fail_on)
    settings = FormatSettings(
        summary=not options.quiet,
        fail_on=threshold,
        describe=_describe,
        reveal=options.reveal,
        show_suppressed=options.show_suppressed,
        has_baseline=options.baseline is not None,
    )
    output = None if options.write_baseline else "diff" if options.diff else options.output
    inputs = [*places, options.config, options.baseline, *options.installation.files]
    targets = ReportFiles(options.output_file or (), options.write_baseline, inputs, options.force)
    reports = Reports(output, targets, options.color, settings)
    exit_zero = options.exit_zero or options.write_baseline is not None
    return reports, ExitPolicy(threshold, options.fail_on_empty, exit_zero, options.quiet)


def _describe(rule: str) -> "Description | None":
    from isvclog.rules.catalogue import describe_rule

    return describe_rule(rule)


def _with_sink(policy: "Policy", profile: str | None) -> "Policy":
    if profile is None:
        return policy
    from isvclog.config.load import parse_sink
    from isvclog.rules.policy import SINK_LIMITS

    try:
        sink, limit = parse_sink(profile)
    except ValueError:
        known = ", ".join(SINK_LIMITS)
        raise UsageError(f"--sink-profile {profile!a}: choose one of {known} or custom=BYTES.") from None
    return policy._replace(sink=sink, sink_limit=limit)


def _read_baseline(path: str | None) -> "Baseline | None":
    if path is None:
        return None
    from isvclog.lint.baseline import read_baseline

    return read_baseline(path)
