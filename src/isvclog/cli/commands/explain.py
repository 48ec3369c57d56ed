"""`isvclog explain`: prints why a rule exists, and what to do about its findings."""

import sys
from typing import Annotated, Literal

import typer

from isvclog.cli.options.common import Color, terminal_width
from isvclog.cli.options.rule_names import complete_rule, known_rules


def explain(
    rules: Annotated[
        list[str],
        typer.Argument(metavar="RULE...", show_default=False, help="Names of rules.", autocompletion=complete_rule),
    ],
    output: Annotated[
        Literal["text", "json", "markdown"], typer.Option("-o", "--output", help="How to print it.")
    ] = "text",
    color: Color = "auto",
) -> int:
    """Explain rules: why it happens, what to do instead, and an example."""
    from isvclog.rules.catalogue import describe_rule

    described = [found for name in known_rules(rules) if (found := describe_rule(name))]
    if output == "json":
        from isvclog.report.rules.data import as_json

        sys.stdout.write(as_json(described))
    elif output == "markdown":
        from isvclog.report.rules.markdown import rule_section

        sys.stdout.write("\n".join(map(rule_section, described)))
    else:
        from isvclog.report.color import painter, wants_color
        from isvclog.report.rules.explanation import explanation

        paint = painter(wants_color(color, sys.stdout))
        sys.stdout.write("\n\n".join(explanation(rule, paint, terminal_width()) for rule in described))
    return 0
