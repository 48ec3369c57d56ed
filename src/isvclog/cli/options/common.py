"""Options that several commands share, so that they read and behave the same."""

import os
import shutil
import sys
from typing import Annotated, Literal

import typer

from isvclog.cli.options.completion import complete_service

Color = Annotated[
    Literal["auto", "always", "never"],
    typer.Option(help="Colour the output; auto asks the terminal, NO_COLOR and FORCE_COLOR."),
]

FailOnEmpty = Annotated[bool, typer.Option("--fail-on-empty", help="Exit with 3 when there is no InferenceService.")]

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

Output = Annotated[
    Literal["auto", "text", "concise", "json", "sarif", "github", "gitlab", "junit"],
    typer.Option(
        "-o",
        "--output",
        help="How to print findings; auto is text on a terminal, concise in a pipe, github in GitHub Actions.",
    ),
]

OutputFiles = Annotated[
    list[str] | None,
    typer.Option("--output-file", metavar="FORMAT=PATH", help="Write a report to a file as well; repeatable."),
]

Paths = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[PATH]...",
        show_default=False,
        help="Files, folders (recursively) or - for standard input; the current folder if there are none.",
        autocompletion=complete_service,
    ),
]

Quiet = Annotated[bool, typer.Option("-q", "--quiet", help="Print findings and nothing else.")]


def terminal_width() -> int | None:
    """Return the columns at which to wrap standard output: COLUMNS, else the terminal's; None if there is neither."""
    if not sys.stdout.isatty() and not os.environ.get("COLUMNS"):
        return None
    return shutil.get_terminal_size((0, 0)).columns or None
