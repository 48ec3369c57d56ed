"""Options that the editing commands share."""

from typing import Annotated, Literal

import typer

from isvclog.cli.options.cluster import Connection, Context, Namespace
from isvclog.cli.options.common import Color, KServeVersion, Reveal
from isvclog.cli.options.completion import complete_component, complete_service_in_files
from isvclog.cli.options.files import NoIgnoreVcs, StdinFilename
from isvclog.cli.options.project import NoConfig, ProjectFile
from isvclog.records import NamedTuple


class EditTarget(NamedTuple):
    """The options that select services and their loggers; without files, a service of a cluster is edited."""

    filename: Annotated[
        list[str] | None,
        typer.Option(
            "-f",
            "--filename",
            metavar="FILE",
            help="A file, a folder (recursively) or - for standard input; repeatable.",
        ),
    ] = None
    component: Annotated[
        list[str] | None,
        typer.Option(
            metavar="COMPONENT",
            help="The component: predictor, transformer, explainer or all; repeatable; default all with a logger, or "
            "else the predictor.",
            show_default=False,
            autocompletion=complete_component,
        ),
    ] = None
    name: Annotated[
        str | None,
        typer.Option(
            metavar="NAME", help="The service to edit, if a file has several.", autocompletion=complete_service_in_files
        ),
    ] = None
    all_: Annotated[bool, typer.Option("--all", help="Edit every service of a file that has several.")] = False
    namespace: Namespace = None
    values_matrix: Annotated[
        str | None,
        typer.Option(
            "--values-matrix",
            metavar="GLOB",
            help="Edit the chart only if the result is right with each of these values files, such as "
            "'ci/*-values.yaml'.",
        ),
    ] = None


class EditOptions(NamedTuple):
    """The options about how an edit is made and checked, and where the result is written."""

    unshare: Annotated[
        bool, typer.Option("--unshare", help="Replace a YAML alias with a copy, if other places share what is edited.")
    ] = False
    force: Annotated[bool, typer.Option("--force", help="Make the edit even if lint finds an error in it.")] = False
    diff: Annotated[bool, typer.Option("--diff", help="Show what would change, and write nothing.")] = False
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing, and exit with 1 if something would change.")
    ] = False
    stdout: Annotated[bool, typer.Option("--stdout", help="Print the result, and write nothing.")] = False
    no_ignore_vcs: NoIgnoreVcs = False
    stdin_filename: StdinFilename = None
    config: ProjectFile = None
    no_config: NoConfig = False
    dry_run: Annotated[
        Literal["none", "client", "server"],
        typer.Option(help="In a cluster: print what would change; with server, the API server checks it, too."),
    ] = "none"
    context: Context = None
    connection: Connection = Connection()
    kserve_version: KServeVersion = None
    quiet: Annotated[bool, typer.Option("-q", "--quiet", help="Do not print what was done.")] = False
    reveal: Reveal = False
    color: Color = "auto"

    @property
    def writes(self) -> bool:
        """True if files are written."""
        return not (self.diff or self.check or self.stdout)
