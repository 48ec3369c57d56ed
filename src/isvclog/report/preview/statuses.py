"""The status of each listed annotation and header, one row per name."""

from collections.abc import Iterable, Iterator, Sequence

from isvclog.diagnosis.lineage import KeyStatus, Status
from isvclog.findings import counted
from isvclog.report.escape import printable
from isvclog.report.preview.layout import Style, wrap
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


def reservation(rows: Iterable[KeyStatus]) -> str:
    """Format a reservation for a line that reports success; empty if the event carries all listed names as listed.

    It counts the listed names that the event carries differently or not at all, except headers that only this request
    lacks.
    """
    fine = (Status.CARRIED, Status.OVERRIDDEN, Status.UNKNOWN)
    number = sum(entry.status not in fine and not entry.possible for entry in rows)
    verb = "is" if number == 1 else "are"
    return f", but {counted(number, 'name')} {verb} not carried as listed" if number else ""


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
