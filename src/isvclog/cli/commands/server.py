"""`isvclog server`: serves editors with findings, fixes and previews."""

import sys
from typing import Annotated

import typer

from isvclog.errors import UsageError


def server(
    stdio: Annotated[
        bool, typer.Option("--stdio", help="Talk on standard input and output, as it always does.")
    ] = False,
) -> int:
    """Language server: findings, fixes and previews in your editor.

    Speaks the Language Server Protocol on standard input and output, so an editor starts it; docs/editors.md says what
    to write into the settings of each. It needs pygls: pip install 'isvclog[editor]'.
    """
    from isvclog.editor.running import run_server

    if sys.stdin.isatty():
        raise UsageError("an editor starts this command, and talks to it on standard input; see isvclog server --help.")
    return run_server()
