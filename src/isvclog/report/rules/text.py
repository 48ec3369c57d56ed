"""The documentation of rules, for people at a terminal."""

import textwrap
from collections.abc import Iterator, Sequence

from isvclog import home
from isvclog.report.color import STYLES, Paint, painter
from isvclog.report.columns import wrap_sentence
from isvclog.report.formats import FormatSettings
from isvclog.report.rules import phrases
from isvclog.rules.catalogue import Description
from isvclog.rules.symptoms import Symptom


def write(pages: Sequence[Description | Symptom], settings: FormatSettings) -> Iterator[str]:
    """Yield the page of each rule or symptom, with two blank lines between pages."""
    paint = painter(settings.color)
    for index, page in enumerate(pages):
        yield "\n\n" * bool(index)
        if isinstance(page, Symptom):
            yield symptom_page(page, paint, settings.width)
        else:
            yield rule_page(page, paint, settings.width)


def rule_page(rule: Description, paint: Paint, width: int | None = None) -> str:
    """Format everything known about a rule; prose is wrapped at `width` columns (None: no limit), examples are not."""
    return "\n".join(_lines(rule, paint, width)) + "\n"


def symptom_page(symptom: Symptom, paint: Paint, width: int | None = None) -> str:
    """Format the commands to begin with, and the causes with the rules, commands and pages they lead to."""
    return "\n".join(_symptom_lines(symptom, paint, width)) + "\n"


def _symptom_lines(symptom: Symptom, paint: Paint, width: int | None) -> Iterator[str]:
    yield paint(symptom.name, "bold")
    yield from wrap_sentence(symptom.title, width)
    yield from _titled("Start here", paint)
    for command, shows in symptom.first:
        yield f"    {command}"
        yield from wrap_sentence(shows, width, "        ")
    yield from _titled("Causes, the most likely first", paint)
    for number, cause in enumerate(symptom.causes, 1):
        yield ""
        yield from wrap_sentence(cause.text, width, f"{number:>3}. ", "     ")
        for label, names in phrases.leads(cause):
            yield from wrap_sentence(", ".join(names), width, f"     {label:<9} ", " " * 15)
    yield ""
    yield from wrap_sentence(phrases.NEXT, width)


def _lines(rule: Description, paint: Paint, width: int | None) -> Iterator[str]:
    yield paint(rule.name, "bold")
    yield from wrap_sentence(rule.summary, width)
    yield ""
    yield f"  severity  {paint(str(rule.severity), STYLES[rule.severity])}"
    for label, fact in (("releases", phrases.releases(rule)), ("fix", phrases.FIXES[rule.fix])):
        first, *later = wrap_sentence(fact, width, " " * 12)
        yield f"  {label:<8}  {first.lstrip()}"
        yield from later
    for title, paragraphs in (("Why", rule.why), ("Instead", (rule.instead,) if rule.instead else ())):
        if paragraphs:
            yield from _titled(title, paint)
            yield from _prose(paragraphs, width)
    for title, example in (("Before", phrases.command(rule) + rule.before), ("After", rule.after)):
        if example:
            yield from _titled(title, paint)
            yield from textwrap.indent(example, "    ").splitlines()
    yield from _titled("To ignore it", paint)
    written, where = phrases.ignoring(rule)
    yield f"    {written}"
    yield from wrap_sentence(where, width, "  ")
    if address := home.rule_address(rule.name):
        yield ""
        yield f"More: {address}"


def _titled(title: str, paint: Paint) -> Iterator[str]:
    yield ""
    yield paint(title, "bold")


def _prose(paragraphs: tuple[str, ...], width: int | None) -> Iterator[str]:
    """Yield paragraphs with blank lines between them, and list items without."""
    separated = False
    for index, paragraph in enumerate(paragraphs):
        item = paragraph.startswith(("- ", "* "))
        if index and not (item and separated):
            yield ""
        separated = item
        yield from wrap_sentence(paragraph, width, "  ", "    " if item else "  ")
