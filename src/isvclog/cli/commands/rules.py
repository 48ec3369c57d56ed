"""`isvclog rules`: lists what lint can find."""

import sys
from typing import Annotated, Literal

import typer

from isvclog.cli.options.common import Color, terminal_width


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
    from isvclog.report.color import painter, wants_color
    from isvclog.report.rules.table import table, table_lines
    from isvclog.rules.catalogue import groups

    if output == "json":
        from isvclog.report.rules.data import as_json

        sys.stdout.write(as_json(rule for found in groups().values() for rule in found))
    elif output == "concise" or (output == "auto" and not sys.stdout.isatty()):
        sys.stdout.writelines(table_lines(groups()))
    else:
        sys.stdout.writelines(table(groups(), painter(wants_color(color, sys.stdout)), terminal_width()))
    return 0
