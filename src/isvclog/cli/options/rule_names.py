"""Names of rules as arguments and options: shell completion, and errors that suggest a name."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from isvclog.errors import UsageError

if TYPE_CHECKING:
    from isvclog.config import Config


def complete_rule(incomplete: str) -> list[str]:
    """List the rules that begin with the typed text."""
    from isvclog.rules.registry import all_rules

    return sorted(name for name in all_rules() if name.startswith(incomplete))


def complete_page(incomplete: str) -> list[str]:
    """List the symptoms and the rules that begin with the typed text."""
    from isvclog.rules.symptoms import SYMPTOMS

    return [*(name for name in SYMPTOMS if name.startswith(incomplete)), *complete_rule(incomplete)]


def complete_rules(incomplete: str) -> list[str]:
    """Complete the last of several names that are separated by commas."""
    before, comma, name = incomplete.rpartition(",")
    return [before + comma + rule for rule in complete_rule(name) if rule not in before.split(",")]


Select = Annotated[
    list[str] | None,
    typer.Option(
        metavar="RULE[,RULE]...",
        help="Report these rules only, whatever the project file says; repeatable.",
        autocompletion=complete_rules,
    ),
]
Ignore = Annotated[
    list[str] | None,
    typer.Option(
        metavar="RULE[,RULE]...", help="Do not report these rules; repeatable.", autocompletion=complete_rules
    ),
]


def chosen_rules(
    select: Sequence[str] | None, ignore: Sequence[str] | None, project: "Config"
) -> frozenset[str] | None:
    """Select the rules to run; None means all.

    A rule that an option selects runs even if the project file ignores it. Raises UsageError if no rule is left.
    """
    if select is None and not (ignore or project.select or project.ignore):
        return None
    from isvclog.config.selection import select_names

    selected = None if select is None else _names("--select", select)
    if selected == []:
        raise UsageError("--select is empty; `isvclog rules` lists the names of rules.")
    return select_names(selected, _names("--ignore", ignore or ()), project)


def _names(option: str, texts: Sequence[str]) -> list[str]:
    """Collect the rules that an option names, several in one text. Raises UsageError for an unknown name."""
    from isvclog.rules.names import known_rules

    names = [name.strip() for text in texts for name in text.split(",") if name.strip()]
    try:
        return known_rules(names)
    except UsageError as error:
        raise UsageError(f"{option}: {error}") from None
