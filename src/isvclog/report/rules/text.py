"""The documentation of rules, for people at a terminal."""

import textwrap
from collections.abc import Iterator, Sequence

from isvclog.report.color import STYLES, Paint, painter
from isvclog.report.columns import wrap_sentence
from isvclog.report.formats import FormatSettings
from isvclog.report.rules import phrases
from isvclog.rules.catalogue import Description


def write(rules: Sequence[Description], settings: FormatSettings) -> Iterator[str]:
    """Yield the page of each rule, with two blank lines between pages."""
    paint = painter(settings.color)
    for index, rule in enumerate(rules):
        yield "\n\n" * bool(index) + rule_page(rule, paint, settings.width)


def rule_page(rule: Description, paint: Paint, width: int | None = None) -> str:
    """Format everything known about a rule; prose is wrapped at `width` columns (None: no limit), examples are not."""
    return "\n".join(_lines(rule, paint, width)) + "\n"


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
