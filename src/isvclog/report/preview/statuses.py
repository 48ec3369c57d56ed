"""The status of each listed annotation and header: one row per name, with everything or in one line."""

import re
from collections.abc import Iterator, Sequence

from isvclog.diagnosis.lineage import KeyStatus, Reason, Status
from isvclog.kserve.golang.http import canonical_header
from isvclog.records import NamedTuple
from isvclog.report.columns import text_width
from isvclog.report.escape import printable
from isvclog.report.preview.component import ComponentView
from isvclog.report.preview.layout import Style, keep_end, keep_ends, wrap
from isvclog.report.preview.redaction import ExchangeRedaction

MAX_VALUE_CHARACTERS = 120

_LOOKS = {
    Status.CARRIED: "green",
    Status.OVERRIDDEN: "yellow",
    Status.ALTERED: "bold yellow",
    Status.INJECTED: "bold red",
    Status.FILTERED: "bold yellow",
    Status.MISSING: "yellow",
    Status.LOST: "bold red",
}


def status_lines(title: str, rows: Sequence[KeyStatus], redaction: ExchangeRedaction, style: Style) -> Iterator[str]:
    """Yield the rows of `annotations` or `headers`; nothing if none is listed."""
    if not rows:
        return
    yield ""
    yield f"  {style.paint(title, 'bold')}"
    shown = [redaction.status(entry, header=title == "headers") for entry in rows]
    name_width = min(40, max(len(printable(entry.name)) for entry in shown))
    for entry in shown:
        yield from _key_status(entry, name_width, style)


def _key_status(entry: KeyStatus, name_width: int, style: Style) -> Iterator[str]:
    name, status = printable(entry.name) or "''", entry.status.value.ljust(10)
    value = "" if entry.value is None else _visible(entry.value)
    if entry.sources and entry.status is Status.ALTERED:
        value = f"'{value}' instead of '{_visible(entry.sources[-1][1])}'"
    elif entry.sources and entry.value is not None:
        value += f", from {entry.sources[-1][0]}"
    details = [part for part in (value, printable(entry.message)) if part]
    lead = f"    {name:<{name_width}}  {status}  "
    first, *rest = wrap(lead, "; ".join(details), style.width)
    painted = style.paint(status, _LOOKS.get(entry.status, "yellow"))
    yield lead[: -len(status) - 2] + painted + first[len(lead) - 2 :]
    yield from rest


def _visible(value: str) -> str:
    if not value.strip():
        return repr(value)
    return printable(value[:MAX_VALUE_CHARACTERS]) + ("…" if len(value) > MAX_VALUE_CHARACTERS else "")


def brief_lines(view: ComponentView, style: Style) -> Iterator[str]:
    """Yield one line for each name. What does not fit is said with fewer words, then shortened."""
    shown = [view.redaction.status(entry) for entry in view.annotations]
    shown += [view.redaction.status(entry, header=True) for entry in view.headers]
    columns = _columns(shown, style.width)
    for number, entry in enumerate(shown):
        if number in (0, len(view.annotations)):
            yield style.paint("  annotations" if number < len(view.annotations) else "  headers", "dim")
        yield _brief_line(entry, columns, style)


class _Columns(NamedTuple):
    """The widths of the columns; `details` is None for no limit."""

    name: int
    status: int
    details: int | None


def _columns(shown: Sequence[KeyStatus], width: int | None) -> _Columns:
    status = max((len(_status(entry)) for entry in shown), default=0)
    name = max((text_width(_name(entry)) for entry in shown), default=0)
    if width is None:
        return _Columns(name, status, None)
    name = min(name, max(width // 2 - 10, 12))
    return _Columns(name, status, max(width - name - status - 8, 12))


def _status(entry: KeyStatus) -> str:
    """Return the status; a header that this request lacks is not missing for the reason that others are."""
    return "if sent" if entry.possible else entry.status.value


def _name(entry: KeyStatus) -> str:
    return printable(entry.name) or "''"


def _brief_line(entry: KeyStatus, columns: _Columns, style: Style) -> str:
    name, details = _name(entry), _details(entry)
    shown = details[0]
    if columns.details is not None:
        name = keep_end(name, columns.name)
        fitting = (text for text in details if text and text_width(text) <= columns.details)
        shown = next(fitting, keep_ends(details[-1] or details[0], columns.details))
    padding = " " * (columns.name - text_width(name))
    status = style.paint(_status(entry).ljust(columns.status), _LOOKS.get(entry.status, "yellow"))
    return f"    {name}{padding}  {status}  {shown}".rstrip()


def _details(entry: KeyStatus) -> list[str]:
    """List ways to say what happens to a name, the longest first."""
    value = "" if entry.value is None else _visible(entry.value)
    message, least = printable(entry.message), printable(_in_few_words(entry))
    whole = value
    if value and entry.sources and (source := entry.sources[-1])[0] != "metadata.annotations":
        whole = f"{value}, from {printable(source[0])}"
    if entry.status is Status.ALTERED and entry.sources:
        whole = f"'{value}' instead of '{_visible(entry.sources[-1][1])}'"
    ways = ((whole, message), (value, message), (value, least), (message,), (least,))
    return ["; ".join(filter(None, parts)) for parts in ways]


def _in_few_words(entry: KeyStatus) -> str:
    """Shorten the message of a status to what a reader needs in order to act."""
    match entry.reason:
        case Reason.NOT_CANONICAL:
            return f"never matches; write {canonical_header(entry.name.strip())}"
        case Reason.NOT_IN_REQUEST:
            return "arrives if a client sends it"
        case Reason.NOT_FORWARDED:
            return "a KServe transformer drops it"
        case Reason.SPLIT_BY_COMMA:
            return "cut at a comma"
        case Reason.INJECTED_BY_COMMA | Reason.OVERWRITTEN_BY_COMMA:
            return f"by a comma in {entry.caused_by}"
        case Reason.CUT_BY_LINE_BREAK:
            return "cut at a line break"
        case Reason.LIST_OVERRIDDEN:
            return "an annotation overrides the list"
        case None if entry.message:
            return "looks sensitive"
    return re.split(r"[;,(]|, which", entry.message)[0].rstrip()
