"""Options that several commands share, so that they read and behave the same."""

import os
import shutil
import sys
from typing import Annotated, Literal

import typer

Color = Annotated[
    Literal["auto", "always", "never"],
    typer.Option(help="Colour the output; auto asks the terminal, NO_COLOR and FORCE_COLOR."),
]

Filenames = Annotated[
    list[str] | None,
    typer.Option("-f", "--filename", metavar="FILE", help="A file or folder, as kubectl takes them; repeatable."),
]

KServeVersion = Annotated[
    str | None,
    typer.Option(
        "--kserve-version",
        metavar="VERSION",
        help="The release of KServe it is for, such as v0.16; default the newest.",
    ),
]


def terminal_width() -> int | None:
    """The columns to wrap standard output at: COLUMNS if it is set, else the terminal's; None when there is neither."""
    if not sys.stdout.isatty() and not os.environ.get("COLUMNS"):
        return None
    return shutil.get_terminal_size((0, 0)).columns or None
