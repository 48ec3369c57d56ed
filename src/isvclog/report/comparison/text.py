"""A comparison for people: each component whose events change, then each name, and at the end the totals."""

from collections.abc import Iterator, Sequence

from isvclog.preview.comparison import PreviewComparison
from isvclog.preview.facts import Kind
from isvclog.report.color import painter
from isvclog.report.columns import text_width
from isvclog.report.comparison.lines import fitting_lines
from isvclog.report.comparison.shown import (
    NO_SERVICE,
    ChangeKind,
    ShownChange,
    ShownLogger,
    ShownService,
    shown_services,
    totals,
)
from isvclog.report.comparison.words import change_sentence, status_word
from isvclog.report.escape import printable
from isvclog.report.formats import FormatSettings
from isvclog.report.preview.layout import Style, keep_end, wrap

_LOOKS = {
    ChangeKind.ADDED: "green",
    ChangeKind.REMOVED: "red",
    ChangeKind.CHANGED: "yellow",
    ChangeKind.LISTED: "bold yellow",
    ChangeKind.UNLISTED: "dim",
}
_ABSENT = {ChangeKind.ADDED: "before", ChangeKind.REMOVED: "now"}
_INDENT = 6
_LEAST = 20
_TITLES = {
    Kind.ARGUMENT: "arguments",
    Kind.FORM: "form",
    Kind.SETTING: "settings",
    Kind.ATTRIBUTE: "attributes",
    Kind.ANNOTATION: "annotations",
    Kind.HEADER: "headers",
}


def write(comparison: PreviewComparison, settings: FormatSettings) -> Iterator[str]:
    """Yield a block of lines for each service, and a last line with the totals."""
    style = Style(painter(settings.color), settings.width)
    services = shown_services(comparison, settings._replace(on_hidden=lambda: None))  # people see the placeholder
    for service in services:
        yield "".join(f"{line}\n" for line in _service(service, style)) + "\n"
    yield "".join(f"{line}\n" for line in wrap("", totals(services, comparison), style.width))


def _service(service: ShownService, style: Style) -> Iterator[str]:
    label, file = printable(service.label), printable(service.file)
    if style.width is not None:
        label = keep_end(label, style.width - 18)
        file = keep_end(file, max(style.width - text_width(label) - 2, 16))
    yield f"{style.paint(label, 'bold')}  {style.paint(file, 'dim')}"
    before, now = service.rejected
    if before != now:
        yield from _row("rejected" if now else "before", now or before, style, "bold red" if now else "dim")
    for logger in service.loggers:
        yield from _logger(logger, style)
    if not service.loggers and service.change in _ABSENT:
        yield from _row(_ABSENT[service.change], NO_SERVICE, style, "dim")


def _logger(logger: ShownLogger, style: Style) -> Iterator[str]:
    name = printable(logger.name)
    yield from _labelled(f"{style.paint(name, 'bold')}  ", f"{name}  ", logger.new, style)
    if not logger.is_sent_alike:
        yield from _row("before", logger.old, style, "dim")
    if logger.remedy:
        yield from _row("remedy", logger.remedy, style, "bold")
    for kind, title in _TITLES.items():
        yield from _changes(title, [change for change in logger.details if change.kind is kind], style)


def _row(label: str, sentence: str, style: Style, look: str) -> Iterator[str]:
    yield from _labelled(f"  {style.paint(label.ljust(9), look)} ", f"  {label:<9} ", sentence, style)


def _changes(title: str, changes: Sequence[ShownChange], style: Style) -> Iterator[str]:
    if not changes:
        return
    yield style.paint(f"  {title}", "dim")
    status = max(len(status_word(change)) for change in changes)
    names = [printable(change.name) or "''" for change in changes]
    width = max(map(text_width, names))
    if style.width is not None:
        width = min(width, max(style.width // 2 - 10, 12))
    for name, change in zip(names, changes, strict=True):
        shown = name if style.width is None else keep_end(name, width)
        shown = f"    {shown}{' ' * (width - text_width(shown))}  "
        word = status_word(change).ljust(status)
        painted = f"{shown}{style.paint(word, _LOOKS[change.change])}  "
        yield from _labelled(painted, f"{shown}{word}  ", change_sentence(change), style)


def _labelled(painted: str, lead: str, sentence: str, style: Style) -> Iterator[str]:
    """Yield a label and its sentence; further lines are indented. `lead` is the label without colours."""
    if style.width is None:
        yield f"{painted}{printable(sentence)}".rstrip()
        return
    columns = text_width(lead)
    is_short = columns * 2 < style.width
    indent = columns if is_short else _INDENT
    first, *rest = fitting_lines(printable(sentence), max(style.width - indent, _LEAST), style.width - columns)
    yield f"{painted}{first}".rstrip()
    yield from (f"{' ' * indent}{line}" for line in rest)
