"""The project file of a run, and its suppressions."""

import os
from collections.abc import Collection
from typing import TYPE_CHECKING, Annotated

import typer

from isvclog.errors import UsageError

if TYPE_CHECKING:
    from isvclog.config import Config
    from isvclog.suppressions import Suppressions

ProjectFile = Annotated[
    str | None, typer.Option(metavar="FILE", help="The project file; default the nearest .isvclog.yaml above.")
]
_ABOUT_IGNORES = frozenset(("unused-ignore", "expired-ignore"))
"""The rules about ignores: what looks at a part of a project cannot say which are not used."""

NoConfig = Annotated[bool, typer.Option("--no-config", help="Read no project file.")]


def read_project(path: str | None, none: bool) -> "Config":
    """Load the named project file or the nearest one; without one, return a `Config` without overrides.

    The name of a file that is found is relative to the current folder. Raises UsageError.
    """
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


def suppressions_of(project: "Config", active: Collection[str]) -> "Suppressions":
    """Build the suppressions of the project file and of comments, for a run of the active rules."""
    from datetime import date

    from isvclog.rules.registry import all_rules
    from isvclog.suppressions import Suppressions

    return Suppressions(project.suppressions, project.file, all_rules(), active, date.today())


def suppressions_of_selected(project: "Config", rules: Collection[str] | None) -> "Suppressions":
    """Build the suppressions for a run of these rules (None for all) over a part of a project.

    Unused and expired suppressions are not reported then, because a part cannot show which ones are unused.
    """
    from isvclog.rules.registry import all_rules

    return suppressions_of(project, frozenset(all_rules() if rules is None else rules) - _ABOUT_IGNORES)
