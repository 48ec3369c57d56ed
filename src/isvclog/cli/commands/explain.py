"""`isvclog explain`: prints why a rule exists and what to do about its findings, or what causes a symptom."""

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Literal, NoReturn

import typer

from isvclog.cli.options.common import Color
from isvclog.cli.options.rule_names import complete_page
from isvclog.errors import UsageError

if TYPE_CHECKING:
    from isvclog.rules.catalogue import Description
    from isvclog.rules.symptoms import Symptom


def explain(
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[RULE|SYMPTOM]...",
            show_default=False,
            help="Names of rules, or a symptom by name or in words; default a list of both.",
            autocompletion=complete_page,
        ),
    ] = None,
    output: Annotated[
        Literal["text", "json", "markdown"], typer.Option("-o", "--output", help="How to print it.")
    ] = "text",
    color: Color = "auto",
) -> int:
    """Explain a rule or a symptom: why it happens, and what to do instead.

    A symptom is what you see, such as no-events or pod-crash-loops. Its page has the causes, the most likely first,
    with the rules that report them and the commands that show them. Words find it, too: isvclog explain no events.
    Without an argument, lists the symptoms and the rules. A kind of KServe without a logger, such as
    llminferenceservice, is explained, too.
    """
    from isvclog.cli.terminal.settings import terminal_settings
    from isvclog.report.formats import rules_format

    pages = _found(names) if names else _all_pages()
    name = "overview" if output == "text" and not names else output
    sys.stdout.writelines(rules_format(name)(pages, terminal_settings(color)))
    return 0


def _all_pages() -> "list[Description | Symptom]":
    from isvclog.rules.catalogue import groups
    from isvclog.rules.symptoms import all_symptoms

    return [*all_symptoms().values(), *(rule for found in groups().values() for rule in found)]


def _found(names: Sequence[str]) -> "list[Description | Symptom]":
    """Find the page of each name, or the one that all words together describe. Raises UsageError."""
    names = list(dict.fromkeys(names))
    pages = {name: page for name in names if (page := _page(name))}
    if not pages and (found := _described(" ".join(names))):
        return [found]
    return [pages.get(name) or _described(name) or _fail(name if pages else " ".join(names)) for name in names]


def _page(name: str) -> "Description | Symptom | None":
    """Return the page with this name. The kind of an object that has no logger stands for the rule about it."""
    from isvclog.kserve.apis.kinds import INSTEAD
    from isvclog.rules.catalogue import describe_rule
    from isvclog.rules.manifest import LOGGERLESS_KIND
    from isvclog.rules.symptoms import SYMPTOMS, all_symptoms

    name = name.strip("[]`'\"").lower().replace("_", "-")
    if name in SYMPTOMS:
        return all_symptoms()[name]
    return describe_rule(LOGGERLESS_KIND.name if name in {kind.lower() for kind in INSTEAD} else name)


def _described(phrase: str) -> "Symptom | None":
    """Find the symptom that a phrase describes; None if it is more like a misspelled name, or if no page fits.

    Raises UsageError, with their names, if several pages fit as well.
    """
    from isvclog.rules.symptoms import find_symptoms

    if " " not in phrase and _closest(phrase):
        return None
    found = find_symptoms(phrase)
    if len(found) > 1:
        known = " or ".join(symptom.name for symptom in found)
        raise UsageError(f"{phrase[:60]!a} fits more than one symptom: did you mean {known}?")
    return found[0] if found else None


def _closest(name: str) -> str:
    from isvclog.rules.registry import all_rules
    from isvclog.rules.symptoms import SYMPTOMS
    from isvclog.suggest import closest_name

    return closest_name(name, [*SYMPTOMS, *all_rules()])


def _fail(name: str) -> NoReturn:
    similar = _closest(name)
    hint = f"did you mean {similar}?" if similar else "`isvclog explain` lists them."
    raise UsageError(f"there is no rule or symptom {name[:60]!a}: {hint}")
