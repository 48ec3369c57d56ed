"""`isvclog explain`: prints why a rule exists, and what to do about its findings."""

import sys
from typing import Annotated, Literal

import typer

from isvclog.cli.options.common import Color
from isvclog.cli.options.rule_names import complete_rule, explained_rules


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
    """Explain rules: why it happens, what to do instead, and an example.

    A kind of KServe without a logger, such as llminferenceservice, is explained, too.
    """
    from isvclog.cli.terminal.settings import terminal_settings
    from isvclog.report.formats import rules_format
    from isvclog.rules.catalogue import describe_rule

    described = [found for name in explained_rules(rules) if (found := describe_rule(name))]
    sys.stdout.writelines(rules_format(output)(described, terminal_settings(color)))
    return 0
