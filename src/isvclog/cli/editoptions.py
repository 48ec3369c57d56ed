"""What the editing commands share: their options, and the run that these make."""

from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple

import typer

from isvclog.cli.clusteroptions import ClusterOptions, Connection, Context, Namespace
from isvclog.cli.options import Color, KServeVersion
from isvclog.cli.project import NoConfig, ProjectFile, ignores_of_part, read_project
from isvclog.cli.rulenames import chosen_rules
from isvclog.cli.running import check_places
from isvclog.errors import UsageError

if TYPE_CHECKING:
    from isvclog.cli.editrun import Manner
    from isvclog.verdict import Planning


class Target(NamedTuple):
    """Which services are meant, and which of their loggers; without files, a service of a cluster."""

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
            help="Whose logger: predictor, transformer, explainer or all; repeatable; default every one there is, or "
            "the predictor's.",
            show_default=False,
        ),
    ] = None
    name: Annotated[str | None, typer.Option(metavar="NAME", help="The service, where a file holds several.")] = None
    namespace: Namespace = None


class EditOptions(NamedTuple):
    """How an edit is made and judged, and what becomes of it."""

    unshare: Annotated[
        bool, typer.Option("--unshare", help="Write out what an anchor shares with places that are not meant.")
    ] = False
    force: Annotated[bool, typer.Option("--force", help="Make the edit though lint finds an error in it.")] = False
    diff: Annotated[bool, typer.Option("--diff", help="Show what would change, and write nothing.")] = False
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing, and exit with 1 if something would change.")
    ] = False
    stdout: Annotated[bool, typer.Option("--stdout", help="Print the result, and write nothing.")] = False
    config: ProjectFile = None
    no_config: NoConfig = False
    dry_run: Annotated[
        Literal["none", "client", "server"],
        typer.Option(help="In a cluster: say what would change; server has the API server check it, too."),
    ] = "none"
    context: Context = None
    connection: Connection = Connection()
    kserve_version: KServeVersion = None
    quiet: Annotated[bool, typer.Option("-q", "--quiet", help="Do not say what was done.")] = False
    color: Color = "auto"


def split(arguments: list[str], files: list[str] | None) -> tuple[str | None, list[str]]:
    """The service of a cluster that is named, which there is only without files, and the keys."""
    if files:
        return None, arguments
    service, *keys = arguments
    if "=" in service:
        raise UsageError(
            "name a service of the cluster before the keys, or a manifest behind -f (- is standard input)."
        )
    if not keys:
        raise UsageError(f"name a key to go with the service {service!a}, or a manifest behind -f.")
    return service, keys


def run(service: str | None, target: Target, options: EditOptions, planning: "Planning") -> int:
    """Edit the `service` of a cluster, or files if it is None; the exit code.

    UsageError where options do not go together.
    """
    from isvclog.cli.editrun import Manner
    from isvclog.edit import ALL
    from isvclog.kserve.constants import COMPONENTS

    for component in target.component or ():
        if component not in (*COMPONENTS, ALL):
            raise UsageError(f"--component {component!a}: choose one of {', '.join(COMPONENTS)} or {ALL}.")
    manner = Manner(
        diff=options.diff,
        check=options.check,
        stdout=options.stdout,
        force=options.force,
        quiet=options.quiet,
        color=options.color,
    )
    if service is None:
        return _edit_files(target, options, manner, planning)
    return _edit_service(service, target, options, manner, planning)


def _edit_files(target: Target, options: EditOptions, manner: "Manner", planning: "Planning") -> int:
    from isvclog.cli.editrun import Run, run_edits
    from isvclog.kserve.defaults import Installation
    from isvclog.kserve.releases import NEWEST, find_release
    from isvclog.lint import choose
    from isvclog.verdict import Choice

    cluster = ClusterOptions(context=options.context, connection=options.connection)
    cluster.refuse("leave it out, or name a service instead of -f")
    if options.dry_run != "none":
        raise UsageError("--dry-run is about a cluster; --diff shows what would change in a file.")
    if options.diff and options.stdout:
        raise UsageError("--diff and --stdout exclude each other.")
    places = check_places(None, target.filename, options.config)
    project = read_project(options.config, options.no_config)
    version = options.kserve_version or project.kserve_version
    installation = Installation(find_release(version) if version else NEWEST)
    rules = chosen_rules(None, None, project)
    settings = choose(installation, project.policy, rules)
    choice = Choice(target.name, target.namespace)
    return run_edits(Run(places, choice, settings, ignores_of_part(project, rules), manner), planning)


def _edit_service(service: str, target: Target, options: EditOptions, manner: "Manner", planning: "Planning") -> int:
    from isvclog.cli.editlive import LiveRun, edit_live
    from isvclog.cli.live import looking, wishes

    for option, given in (("--diff", options.diff), ("--stdout", options.stdout)):
        if given:
            raise UsageError(f"{option} is about files; --dry-run says what would change in a cluster.")
    if target.name:
        raise UsageError("--name is about files; a service of the cluster is named before the keys.")
    project = read_project(options.config, options.no_config)
    rules = chosen_rules(None, None, project)
    cluster = ClusterOptions(namespace=target.namespace, context=options.context, connection=options.connection)
    with looking([service], None, cluster, wishes(options.kserve_version, project)) as look:
        live = LiveRun(look.facts, project.policy, rules, ignores_of_part(project, rules), manner, options.dry_run)
        return edit_live(look.cluster, service, planning, live)
