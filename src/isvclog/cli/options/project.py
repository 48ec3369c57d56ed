"""The project file of a run."""

import os
from typing import TYPE_CHECKING, Annotated

import typer

from isvclog.errors import UsageError

if TYPE_CHECKING:
    from isvclog.config import Config

ProjectFile = Annotated[
    str | None, typer.Option(metavar="FILE", help="The project file; default the nearest .isvclog.yaml above.")
]
NoConfig = Annotated[bool, typer.Option("--no-config", help="Read no project file.")]


def read_project(path: str | None, none: bool, stdin_filename: str | None = None) -> "Config":
    """Load the named project file or the nearest one; without one, return a `Config` without overrides.

    The nearest one is that of the current folder or, if standard input has the name of a file, of its folder.
    The name of a file that is found is relative to the current folder. From then on, what is printed is masked by its
    words, too. Raises UsageError.
    """
    config = _read(path, none, os.path.dirname(stdin_filename or "") or ".")
    if config.file:
        from isvclog.redact.words import use_vocabulary

        use_vocabulary(config.policy.vocabulary)
    return config


def _read(path: str | None, none: bool, folder: str) -> "Config":
    if path is not None and none:
        raise UsageError("--config and --no-config exclude each other.")
    from isvclog.config import Config, find_config

    if path is None and not none and (found := find_config(folder)):
        path = os.path.relpath(found)
    if path is None:
        return Config()
    from isvclog.config.load import load_config
    from isvclog.rules.registry import all_rules

    return load_config(path, all_rules())
