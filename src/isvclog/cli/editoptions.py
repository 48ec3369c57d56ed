"""Options that the editing commands share."""

from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from isvclog.cli.running import check_places
from isvclog.errors import UsageError

if TYPE_CHECKING:
    from isvclog.cli.editrun import Manner
    from isvclog.lint import Lint
    from isvclog.verdict import Choice

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


class Prepared(NamedTuple):
    places: list[str]
    choice: "Choice"
    settings: "Lint"
    manner: "Manner"


def prepare(
    filename: list[str] | None,
    components: list[str] | None,
    name: str | None,
    namespace: str | None,
    kserve_version: str | None,
    *,
    diff: bool,
    check: bool,
    stdout: bool,
) -> Prepared:
    """What a run is about, by its options; UsageError where they do not go together."""
    from isvclog.edit import ALL
    from isvclog.kserve.constants import COMPONENTS

    if not filename:
        raise UsageError("name a manifest behind -f (- reads standard input).")
    places = check_places(None, filename)
    for component in components or ():
        if component not in (*COMPONENTS, ALL):
            raise UsageError(f"--component {component!a}: choose one of {', '.join(COMPONENTS)} or {ALL}.")
    if diff + stdout > 1:
        raise UsageError("--diff and --stdout exclude each other.")
    from isvclog.cli.editrun import Manner
    from isvclog.kserve.defaults import Installation
    from isvclog.kserve.releases import NEWEST, find_release
    from isvclog.lint import choose
    from isvclog.rules.policy import Policy
    from isvclog.verdict import Choice

    release = find_release(kserve_version) if kserve_version else NEWEST
    settings = choose(Installation(release), Policy())
    return Prepared(places, Choice(name, namespace), settings, Manner(diff=diff, check=check, stdout=stdout))
