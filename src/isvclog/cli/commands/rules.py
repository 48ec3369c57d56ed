"""`isvclog rules`: lists what lint can find."""

import sys
from typing import Annotated, Literal

import typer

from isvclog.cli.options.common import Color


def rules(
    output: Annotated[
        Literal["auto", "text", "concise", "json"],
        typer.Option("-o", "--output", help="How to list them; auto is text on a terminal, concise in a pipe."),
    ] = "auto",
    color: Color = "auto",
) -> int:
    """List the rules of lint.

    Shows the severity of each rule, the kind of its fix, and the releases of KServe that have the defect.
    """
    from isvclog.cli.terminal.settings import terminal_settings
    from isvclog.report.formats import rules_format
    from isvclog.rules.catalogue import groups

    if output == "auto":
        output = "text" if sys.stdout.isatty() else "concise"
    described = [rule for found in groups().values() for rule in found]
    name = "table" if output == "text" else output
    sys.stdout.writelines(rules_format(name)(described, terminal_settings(color)))
    return 0
