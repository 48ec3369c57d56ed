"""The project file of a run: which one, the rules it leaves, and what it ignores."""

import os
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from isvclog.cli.rulenames import known_rules
from isvclog.errors import UsageError

if TYPE_CHECKING:
    from isvclog.config import Config
    from isvclog.ignores import Ignores

ProjectFile = Annotated[
    str | None, typer.Option(metavar="FILE", help="The project file; default the nearest .isvclog.yaml above.")
]
ABOUT_IGNORES = frozenset(("unused-ignore", "expired-ignore"))
"""The rules about ignores: what looks at a part of a project cannot say which are not used."""

NoConfig = Annotated[bool, typer.Option("--no-config", help="Read no project file.")]


def read_project(path: str | None, none: bool) -> "Config":
    """The project file that was named, or the nearest one, by its path from here, or one without wishes."""
    if path is not None and none:
        raise UsageError("--config and --no-config exclude each other.")
    from isvclog.config import Config, find_config

    if path is None and not none and (found := find_config(".")):
        path = os.path.relpath(found)
    if path is None:
        return Config()
    from isvclog.config.load import load_config
    from isvclog.rules.registry import all_rules

    return load_config(path, all_rules())


def chosen_rules(
    select: Sequence[str] | None, ignore: Sequence[str] | None, project: "Config"
) -> frozenset[str] | None:
    """The rules to run, None for all. What an option selects is not ignored by the project file."""
    if select is None and not (ignore or project.select or project.ignore):
        return None
    from isvclog.rules.registry import all_rules

    ignored = _names("--ignore", ignore or ())
    if select is None:
        selected: Collection[str] = project.select or all_rules()
        ignored += project.ignore
    elif not (selected := _names("--select", select)):
        raise UsageError("--select names no rule; `isvclog rules` lists them.")
    if names := frozenset(selected) - frozenset(ignored):
        return names
    raise UsageError("no rule is left to run: all that are selected are ignored, too; ignore fewer.")


def _names(option: str, texts: Sequence[str]) -> list[str]:
    """The rules that an option names, several to one text; UsageError for a name that there is none of."""
    names = [name.strip() for text in texts for name in text.split(",") if name.strip()]
    try:
        return known_rules(names)
    except UsageError as error:
        raise UsageError(f"{option}: {error}") from None


def ignores_of(project: "Config", active: Collection[str]) -> "Ignores":
    """What the project file ignores, and comments beside it, for a run of the active rules."""
    from datetime import date

    from isvclog.ignores import Ignores
    from isvclog.rules.registry import all_rules

    return Ignores(project.ignores, project.file, all_rules(), active, date.today())
