"""What became of each listed name, one row a name."""

from collections.abc import Iterable, Iterator, Sequence

from isvclog.findings import counted
from isvclog.kserve.fate import Fate, Trace
from isvclog.report.escape import printable
from isvclog.report.preview.concealed import Revealed
from isvclog.report.preview.layout import Style, wrap

MAX_VALUE_CHARACTERS = 120

_LOOKS = {
    Fate.CARRIED: "green",
    Fate.OVERRIDDEN: "yellow",
    Fate.ALTERED: "bold yellow",
    Fate.INJECTED: "bold red",
    Fate.FILTERED: "bold yellow",
    Fate.MISSING: "yellow",
    Fate.LOST: "bold red",
}


def traces(title: str, rows: Sequence[Trace], view: Revealed, style: Style) -> Iterator[str]:
    """The rows of `annotations` or `headers`, none where none is listed."""
    if not rows:
        return
    yield ""
    yield f"  {style.paint(title, 'bold')}"
    shown = [view.trace(trace, header=title == "headers") for trace in rows]
    name_width = min(40, max(len(printable(trace.name)) for trace in shown))
    for trace in shown:
        yield from _trace(trace, name_width, style)


def reservation(rows: Iterable[Trace]) -> str:
    """What a line that reports success must not hide: listed names that the event carries otherwise, or not at all."""
    number = sum(trace.fate not in (Fate.CARRIED, Fate.OVERRIDDEN) and not trace.possible for trace in rows)
    verb = "is" if number == 1 else "are"
    return f", but {counted(number, 'name')} {verb} not carried as listed" if number else ""


def _trace(trace: Trace, name_width: int, style: Style) -> Iterator[str]:
    name, fate = printable(trace.name) or "''", trace.fate.value.ljust(10)
    value = "" if trace.value is None else _visible(trace.value)
    if trace.sources and trace.fate is Fate.ALTERED:
        value = f"'{value}' instead of '{_visible(trace.sources[-1][1])}'"
    elif trace.sources and trace.value is not None:
        value += f", from {trace.sources[-1][0]}"
    details = [part for part in (value, printable(trace.why)) if part]
    lead = f"    {name:<{name_width}}  {fate}  "
    first, *rest = wrap(lead, "; ".join(details), style.width)
    painted = style.paint(fate, _LOOKS.get(trace.fate, "yellow"))
    yield lead[: -len(fate) - 2] + painted + first[len(lead) - 2 :]
    yield from rest


def _visible(value: str) -> str:
    if not value.strip():
        return repr(value)
    return printable(value[:MAX_VALUE_CHARACTERS]) + ("…" if len(value) > MAX_VALUE_CHARACTERS else "")
