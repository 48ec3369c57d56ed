"""Options of `lint`, and the combinations of them that are rejected."""

from typing import Annotated

import typer

from isvclog.cli.options.common import (
    Color,
    FailOn,
    FailOnEmpty,
    ForceReports,
    Jobs,
    Output,
    OutputFiles,
    Quiet,
    Reveal,
    Verbose,
    exclude_options,
)
from isvclog.cli.options.completion import complete_sink_profile
from isvclog.cli.options.files import NoIgnoreVcs, StdinFilename
from isvclog.cli.options.installation import InstallationOptions
from isvclog.cli.options.project import NoConfig, ProjectFile
from isvclog.cli.options.rendering import ChartRoot, RenderingOptions, ValuesMatrix
from isvclog.cli.options.rule_names import Ignore, Select
from isvclog.errors import UsageError
from isvclog.records import NamedTuple


class LintOptions(NamedTuple):
    """Options of `lint`, except which files to check."""

    select: Select = None
    ignore: Ignore = None
    fix: Annotated[bool, typer.Option("--fix", help="Make the safe fixes, and report the other findings.")] = False
    unsafe_fixes: Annotated[
        bool, typer.Option("--unsafe-fixes", help="Make the unsafe fixes, too: they may not do what you intend.")
    ] = False
    diff: Annotated[
        bool, typer.Option("--diff", help="Print what fixes would change instead of findings, and write nothing.")
    ] = False
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing, and exit with 1 if a fix would change something.")
    ] = False
    baseline: Annotated[
        str | None, typer.Option(metavar="FILE", help="Report only findings that are not in the baseline.")
    ] = None
    write_baseline: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="Write the findings to a baseline instead of printing them; exit with 0."),
    ] = None
    no_ignores: Annotated[
        bool,
        typer.Option("--no-ignores", help="Also report findings that comments or the project file ignore."),
    ] = False
    show_suppressed: Annotated[
        bool,
        typer.Option(
            "--show-suppressed",
            help="Show findings that are ignored or in the baseline, marked as such, in text, JSON and SARIF.",
        ),
    ] = False
    no_ignore_vcs: NoIgnoreVcs = False
    stdin_filename: StdinFilename = None
    rendering: RenderingOptions = RenderingOptions()
    values_matrix: ValuesMatrix = None
    chart_root: ChartRoot = None
    config: ProjectFile = None
    no_config: NoConfig = False
    installation: InstallationOptions = InstallationOptions()
    sink_profile: Annotated[
        str | None,
        typer.Option(
            metavar="KIND",
            autocompletion=complete_sink_profile,
            help="The server that receives the events, for its limit of header bytes: nginx (default), tomcat, node, "
            "uvicorn, alb, quarkus, istio, knative or custom=BYTES.",
        ),
    ] = None
    output: Output = "auto"
    output_file: OutputFiles = None
    force: ForceReports = False
    fail_on: FailOn = None
    fail_on_empty: FailOnEmpty = False
    exit_zero: Annotated[
        bool, typer.Option("--exit-zero", help="Exit with 0 even if there are findings, or fixes to make.")
    ] = False
    quiet: Quiet = False
    verbose: Verbose = False
    reveal: Reveal = False
    color: Color = "auto"
    jobs: Jobs = "auto"

    def check_combinations(self, live: bool) -> None:
        """Raise UsageError for options that exclude each other; a cluster has no text that could be fixed."""
        exclude_options(
            {"--live": live, "--stdin-filename": self.stdin_filename},
            {"--live": live, "--fix": self.fix},
            {"--live": live, "--unsafe-fixes": self.unsafe_fixes},
            {"--live": live, "--diff": self.diff},
            {"--live": live, "--check": self.check},
            {"--values-matrix": self.values_matrix, "--fix": self.fix or self.unsafe_fixes},
            {"--values-matrix": self.values_matrix, "--diff": self.diff},
            {"--values-matrix": self.values_matrix, "--check": self.check},
            {"--baseline": self.baseline, "--write-baseline": self.write_baseline},
            {"--quiet": self.quiet, "--verbose": self.verbose},
            {"--diff": self.diff, "--write-baseline": self.write_baseline},
            {"--diff": self.diff, "--output": self.output != "auto"},
            {"--write-baseline": self.write_baseline, "--output": self.output != "auto"},
        )
        if self.write_baseline == "-":
            raise UsageError("--write-baseline needs a file to write, not -.")
