"""Findings for people: position, severity, what will happen, the line concerned, and what to do instead."""

from collections.abc import Iterator

from isvclog.filenames import shown_name
from isvclog.findings import Finding
from isvclog.lint.results import RunResult, run_summary
from isvclog.manifest.syntax.decode import to_utf8
from isvclog.patterns import late_pattern
from isvclog.report.color import STYLES, Paint, painter
from isvclog.report.columns import MIN_WIDTH, text_width, wrap_sentence
from isvclog.report.escape import printable
from isvclog.report.findings.excerpt import Excerpt, excerpt
from isvclog.report.findings.location import format_location, rendered_note
from isvclog.report.formats import FormatSettings
from isvclog.report.spelling import respelled_places

_LINE_BREAK = late_pattern(rb"\r\n?|\n")
# What may spell a text otherwise than it reads: an escape, a doubled quotation mark, or one that is not closed.
_SPELLED = late_pattern(rb"\\|''|\"[^\"]*\Z|'[^']*\Z")

_CAUSES = {"comment": "ignored by a comment", "project": "ignored by the project file", "baseline": "in the baseline"}


def write(run: RunResult, settings: FormatSettings) -> Iterator[str]:
    """Yield each finding as a paragraph, then one line of totals. Those of a service are below a line with its name.

    A fix that does what the remedy says replaces it, with the option that applies the fix. A suppressed finding is
    marked as such, and has the reason in their place. Lines are wrapped at `settings.width` columns; None, for output
    that is not a terminal, keeps each sentence in one line.
    """
    paint, width = painter(settings.color), settings.width
    group = ""
    for checked in run:
        findings = checked.all_findings()
        lines = _LINE_BREAK.split(to_utf8(checked.data)) if findings else []
        shown_lines = {finding.span.line for finding in findings if 0 < finding.span.line <= len(lines)}
        is_spelled = any(_SPELLED.search(lines[number - 1]) for number in shown_lines)
        respelled = respelled_places(checked.data, checked.redaction) if is_spelled else {}
        for finding in findings:
            if (name := f"{checked.file}:{finding.object}") != group:
                group = name
                yield paint(printable(finding.object or shown_name(finding.file)), "underline") + "\n"
            number = finding.span.line
            line = lines[number - 1].decode(errors="replace") if number in shown_lines else ""
            room = width and width - len(_gutter(finding))
            shown = excerpt(finding, line, room, checked.redaction, respelled.get(number, ()))
            yield "\n".join(_paragraph(finding, shown if line.strip() else None, paint, width)) + "\n\n"
    if settings.summary:
        yield "\n".join(wrap_sentence(printable(run_summary(run)), width, "", "  ")) + "\n"


def _gutter(finding: Finding) -> str:
    return f"{finding.span.line:>5} | "


def _paragraph(finding: Finding, shown: Excerpt | None, paint: Paint, width: int | None) -> Iterator[str]:
    style, severity = STYLES[finding.severity], f"{finding.severity}:"
    if finding.suppression:
        style, severity = "dim", f"{finding.severity} ({_CAUSES[finding.suppression.kind]}):"
    where = f"{printable(format_location(finding))}:"
    painted = f"{paint(where, 'bold')} {paint(severity, style)}"
    sentence = f"{printable(finding.message + rendered_note(finding))} [{finding.rule}]"
    if width and text_width(f"{where} {severity} ") + MIN_WIDTH > width:
        yield painted
        yield from wrap_sentence(sentence, width, "  ", "  ")
    else:
        lead = f"{where} {severity} "
        first, *rest = wrap_sentence(sentence, width, lead, "  ")
        yield painted + first[len(lead) - 1 :]
        yield from rest
    if shown:
        gutter = _gutter(finding)
        yield paint(gutter, "dim") + shown.line
        bar = " " * (len(gutter) - 2) + "| "
        yield paint(bar, "dim") + " " * shown.indent + paint("^" * shown.length, style)
    for label, advice in _advices(finding):
        yield from _advice(label, printable(advice), paint, width)


def _advices(finding: Finding) -> Iterator[tuple[str, str]]:
    """Yield what to do, each with its label, or why nothing is to be done."""
    if finding.suppression:
        if finding.suppression.reason:
            yield "  reason: ", finding.suppression.reason
        return
    fix = finding.fix
    if finding.remedy and not (fix and fix.title == finding.remedy):
        yield "  help: ", finding.remedy
    if fix:
        option = "lint --fix" if fix.safe else "lint --unsafe-fixes"
        yield "  fix:  ", f"{fix.title} ({option})"


def _advice(label: str, sentence: str, paint: Paint, width: int | None) -> Iterator[str]:
    first, *rest = wrap_sentence(sentence, width, label, " " * len(label))
    bold = label.rstrip()
    yield paint(bold, "bold") + first[len(bold) :]
    yield from rest
