"""Options that the editing commands share."""

from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple

import typer

from isvclog.cli.clusteroptions import ClusterOptions
from isvclog.cli.project import ignores_of_part, read_project
from isvclog.cli.rulenames import chosen_rules
from isvclog.cli.running import check_places
from isvclog.errors import UsageError

if TYPE_CHECKING:
    from isvclog.cli.editrun import Manner
    from isvclog.verdict import Planning

Files = Annotated[
    list[str] | None,
    typer.Option(
        "-f",
        "--filename",
        metavar="FILE",
        help="A file, a folder (recursively) or - for standard input; repeatable.",
    ),
]
Components = Annotated[
    list[str] | None,
    typer.Option(
        metavar="COMPONENT",
        help="Whose logger: predictor, transformer, explainer or all; repeatable; default every one there is, or the "
        "predictor's.",
        show_default=False,
    ),
]
Name = Annotated[str | None, typer.Option(metavar="NAME", help="The service, where a file holds several.")]
Unshare = Annotated[
    bool, typer.Option("--unshare", help="Write out what an anchor shares with places that are not meant.")
]
Force = Annotated[bool, typer.Option("--force", help="Make the edit though lint finds an error in it.")]
Diff = Annotated[bool, typer.Option("--diff", help="Show what would change, and write nothing.")]
Check = Annotated[bool, typer.Option("--check", help="Write nothing, and exit with 1 if something would change.")]
Stdout = Annotated[bool, typer.Option("--stdout", help="Print the result, and write nothing.")]


DryRun = Annotated[
    Literal["none", "client", "server"],
    typer.Option("--dry-run", help="In a cluster: say what would change; server has the API server check it, too."),
]


class Request(NamedTuple):
    """What the user asks for, but for the keys. `service` is the name of one of the cluster, None for files."""

    service: str | None
    files: list[str] | None
    components: list[str] | None
    name: str | None
    cluster: ClusterOptions
    dry_run: str
    kserve_version: str | None
    config: str | None
    no_config: bool
    manner: "Manner"


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


def run(request: Request, planning: "Planning") -> int:
    """Edit the files, or the service; the exit code. UsageError where options do not go together."""
    from isvclog.edit import ALL
    from isvclog.kserve.constants import COMPONENTS

    for component in request.components or ():
        if component not in (*COMPONENTS, ALL):
            raise UsageError(f"--component {component!a}: choose one of {', '.join(COMPONENTS)} or {ALL}.")
    return _edit_service(request, planning) if request.service is not None else _edit_files(request, planning)


def _edit_files(request: Request, planning: "Planning") -> int:
    from isvclog.cli.editrun import Run, run_edits
    from isvclog.kserve.defaults import Installation
    from isvclog.kserve.releases import NEWEST, find_release
    from isvclog.lint import choose
    from isvclog.verdict import Choice

    request.cluster._replace(namespace=None).refuse("leave it out, or name a service instead of -f")
    if request.dry_run != "none":
        raise UsageError("--dry-run is about a cluster; --diff shows what would change in a file.")
    if request.manner.diff and request.manner.stdout:
        raise UsageError("--diff and --stdout exclude each other.")
    places = check_places(None, request.files, request.config)
    project = read_project(request.config, request.no_config)
    version = request.kserve_version or project.kserve_version
    installation = Installation(find_release(version) if version else NEWEST)
    rules = chosen_rules(None, None, project)
    settings = choose(installation, project.policy, rules)
    choice = Choice(request.name, request.cluster.namespace)
    return run_edits(Run(places, choice, settings, ignores_of_part(project, rules), request.manner), planning)


def _edit_service(request: Request, planning: "Planning") -> int:
    from isvclog.cli.editlive import LiveRun, edit_live
    from isvclog.cli.live import looking, wishes

    manner = request.manner
    for option, given in (("--diff", manner.diff), ("--stdout", manner.stdout)):
        if given:
            raise UsageError(f"{option} is about files; --dry-run says what would change in a cluster.")
    if request.name:
        raise UsageError("--name is about files; a service of the cluster is named before the keys.")
    service = str(request.service)
    project = read_project(request.config, request.no_config)
    rules = chosen_rules(None, None, project)
    with looking([service], None, request.cluster, wishes(request.kserve_version, project)) as look:
        live = LiveRun(look.facts, project.policy, rules, ignores_of_part(project, rules), manner, request.dry_run)
        return edit_live(look.cluster, service, planning, live)
