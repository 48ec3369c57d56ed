"""Options that the editing commands share."""

from typing import TYPE_CHECKING, Annotated

import typer

from isvclog.cli.project import chosen_rules, ignores_of, read_project
from isvclog.cli.running import check_places
from isvclog.errors import UsageError

if TYPE_CHECKING:
    from isvclog.cli.editrun import Manner, Run

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
Namespace = Annotated[
    str | None, typer.Option("-n", "--namespace", metavar="NAMESPACE", help="The namespace of the service.")
]
Unshare = Annotated[
    bool, typer.Option("--unshare", help="Write out what an anchor shares with places that are not meant.")
]
Force = Annotated[bool, typer.Option("--force", help="Make the edit though lint finds an error in it.")]
Diff = Annotated[bool, typer.Option("--diff", help="Show what would change, and write nothing.")]
Check = Annotated[bool, typer.Option("--check", help="Write nothing, and exit with 1 if something would change.")]
Stdout = Annotated[bool, typer.Option("--stdout", help="Print the result, and write nothing.")]


def prepare(
    filename: list[str] | None,
    components: list[str] | None,
    choice: tuple[str | None, str | None],
    kserve_version: str | None,
    config: str | None,
    no_config: bool,
    manner: "Manner",
) -> "Run":
    """What a run is about, by its options; UsageError where they do not go together."""
    from isvclog.cli.editrun import Run
    from isvclog.edit import ALL
    from isvclog.kserve.constants import COMPONENTS
    from isvclog.kserve.defaults import Installation
    from isvclog.kserve.releases import NEWEST, find_release
    from isvclog.lint import choose
    from isvclog.verdict import Choice

    if not filename:
        raise UsageError("name a manifest behind -f (- reads standard input).")
    places = check_places(None, filename, config)
    for component in components or ():
        if component not in (*COMPONENTS, ALL):
            raise UsageError(f"--component {component!a}: choose one of {', '.join(COMPONENTS)} or {ALL}.")
    if manner.diff and manner.stdout:
        raise UsageError("--diff and --stdout exclude each other.")
    project = read_project(config, no_config)
    version = kserve_version or project.kserve_version
    installation = Installation(find_release(version) if version else NEWEST)
    settings = choose(installation, project.policy, chosen_rules(None, None, project))
    own = ("unused-ignore", "expired-ignore")  # of a part of the findings, nobody can say what is not used
    return Run(places, Choice(*choice), settings, ignores_of(project, settings.names.difference(own)), manner)
