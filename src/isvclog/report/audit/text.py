"""An audit as a table that fits the terminal; the differences from the declaration and their causes are below it.

The widths of columns depend on all rows, so the cells of all rows are kept, as short texts, until the last row has
arrived; findings are not kept. Sentences that many rows share are kept once.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence

from isvclog.audit.model import Audit, Row, audit_summary
from isvclog.drift import ComponentState
from isvclog.findings import Severity, enumerated
from isvclog.report.color import Paint, painter
from isvclog.report.columns import first_columns, last_columns, text_width, wrap_sentence
from isvclog.report.escape import printable
from isvclog.report.formats import FormatSettings

_HEADER = ("CONTEXT", "NAMESPACE", "NAME", "COMPONENT", "LOGGER", "SINK", "ANNOTATIONS", "PODS", "FINDINGS", "STATE")
_CONTEXT, _NAMESPACE, _NAME, _SINK, _KEYS = 0, 1, 2, 5, 6
# Columns that become narrower on a narrow terminal, and their minimum widths; the first one is narrowed first.
_NARROWED = ((_KEYS, 11), (_SINK, 12), (_NAME, 12), (_NAMESPACE, 9), (_CONTEXT, 7))
# Columns that are left out if that is not enough, the first one first.
_DISPENSABLE = (_SINK, _KEYS, 7, 4, _CONTEXT, _NAMESPACE)
_GAP = "  "
_SHOWN = 10
"""Maximum number of components listed for one reason why they are not compared."""
_STYLES = {
    ComponentState.MATCHES: "green",
    ComponentState.OFF: "dim",
    ComponentState.UNKNOWN: "cyan",
    ComponentState.STOPPED: "dim",
    ComponentState.PENDING: "bold yellow",
    ComponentState.STALE: "bold yellow",
    ComponentState.MISSING: "bold red",
    ComponentState.BLOCKED: "bold red",
    ComponentState.CRASHING: "bold red",
}
_LEVELS = {Severity.ERROR: "E", Severity.WARNING: "W", Severity.INFO: "I"}


def write(audit: Audit, settings: FormatSettings) -> Iterator[str]:
    """Yield the table, at most `settings.width` columns wide (None: no limit), then details, and a line of totals.

    If the terminal is too narrow, columns become narrower, and if that is not enough, some are left out, which a line
    below the table names. Of names that are cut, the end stays, because it tells them apart.

    The cluster column is left out if no row names a cluster. FINDINGS counts errors, warnings and infos: `1E 2W`.
    """
    paint, width = painter(settings.color), settings.width
    cells: list[Sequence[str]] = []
    states: list[ComponentState] = []
    details: list[tuple[str, Sequence[tuple[str, str]]]] = []
    notes: dict[str, list[str]] = {}
    for row in audit:
        cells.append(_cells(row))
        states.append(row.state)
        if row.differences:
            details.append((_place(row), _details(row)))
        if row.note and (row.logger or not row.component):
            notes.setdefault(row.note, []).append(_place(row))
    if cells:
        yield from _table(cells, states, paint, width)
    yield from _difference_lines(details, paint, width)
    yield from _note_lines(notes, paint, width)
    if audit.failures and cells:
        yield "\n"
    for failure in audit.failures:
        place = f"{failure.context}: " if failure.context else ""
        yield _lines(f"error: {printable(place + failure.sentence)}", width)
    if settings.summary and cells:
        yield "\n" + _lines(audit_summary(audit), width)


def _difference_lines(
    details: Sequence[tuple[str, Sequence[tuple[str, str]]]], paint: Paint, width: int | None
) -> Iterator[str]:
    for place, differences in details:
        yield f"\n{paint(place, 'bold')}\n"
        for sentence, remedy in differences:
            yield _lines(sentence, width, "  ")
            yield _lines(remedy, width, "    ")


def _note_lines(notes: Mapping[str, Sequence[str]], paint: Paint, width: int | None) -> Iterator[str]:
    for note, places in notes.items():
        heading = wrap_sentence(f"Not compared: {printable(note)}", width)
        yield "\n" + "".join(f"{paint(line, 'bold')}\n" for line in heading)
        yield _lines(_some(places), width, "  ")


def _cells(row: Row) -> Sequence[str]:
    findings = " ".join(f"{count}{_LEVELS[level]}" for level in reversed(Severity) if (count := row.count(level)))
    logger = (row.mode or "on") if row.logger else "off"
    texts = (row.context, row.namespace, row.name, row.component, logger, row.sink, ",".join(row.keys))
    return (
        *(printable(cell) or "-" for cell in texts),
        "-" if row.pods is None else str(row.pods),
        findings or "-",
        row.state.value,
    )


def _place(row: Row) -> str:
    return printable(f"{row.place} {row.component}")


def _details(row: Row) -> Sequence[tuple[str, str]]:
    return [(printable(item.sentence), printable(item.remedy)) for item in row.differences]


def _some(places: Sequence[str]) -> str:
    rest = len(places) - _SHOWN
    return ", ".join(places) if rest <= 0 else f"{', '.join(places[:_SHOWN])} and {rest:,} more"


def _table(
    cells: Sequence[Sequence[str]], states: Sequence[ComponentState], paint: Paint, width: int | None
) -> Iterator[str]:
    has_context = any(row[_CONTEXT] != "-" for row in cells)
    shown = range(_CONTEXT if has_context else _NAMESPACE, len(_HEADER))
    widths = {index: max(text_width(row[index]) for row in (_HEADER, *cells)) for index in shown}
    if width is not None:
        _narrow(widths, width)
    yield _line(_HEADER, widths, paint, "bold") + "\n"
    for row, state in zip(cells, states, strict=True):
        yield _line(row, widths, paint, "", _STYLES[state]) + "\n"
    yield from _missing_columns([index for index in shown if index not in widths], width)


def _missing_columns(indexes: Sequence[int], width: int | None) -> Iterator[str]:
    if indexes:
        names = enumerated([_HEADER[index] for index in indexes])
        yield "\n" + _lines(f"Left out at {width} columns: {names}. Widen the terminal, or use -o csv.", width)


def _narrow(widths: dict[int, int], width: int) -> None:
    """Make columns narrower, or remove them, until a line has at most `width` columns."""
    natural = dict(widths)
    for index, least in _NARROWED:
        if (over := _total(widths) - width) > 0 and index in widths:
            widths[index] = max(min(least, widths[index]), widths[index] - over)
    for index in _DISPENSABLE:
        if _total(widths) > width:
            widths.pop(index, None)
    for index, _ in reversed(_NARROWED):  # what a removed column leaves
        if index in widths:
            widths[index] += min(natural[index] - widths[index], max(width - _total(widths), 0))


def _total(widths: Mapping[int, int]) -> int:
    return sum(widths.values()) + len(_GAP) * (len(widths) - 1)


def _line(row: Sequence[str], widths: dict[int, int], paint: Paint, style: str, last: str = "") -> str:
    *most, end = (_fitted(row[index], room, index) for index, room in widths.items())
    line = _GAP.join(most)
    return (paint(line, style) if style else line) + _GAP + paint(end.rstrip(), last or style)


def _fitted(cell: str, room: int, index: int) -> str:
    """Pad or cut the cell of a column to exactly `room` columns."""
    if text_width(cell) > room:
        cell = _CUTS.get(index, _without_end)(cell, room)
    return cell + " " * (room - text_width(cell))


def _without_end(cell: str, room: int) -> str:
    return first_columns(cell, room - 1) + "…"


def _without_middle(cell: str, room: int) -> str:
    end = room // 2
    return first_columns(cell, room - 1 - end) + "…" + last_columns(cell, end)


def _some_keys(cell: str, room: int) -> str:
    """Shorten a list of annotations: to their names without the domain if these differ, then to the first of them."""
    keys = cell.split(",")
    names = [f"…/{key.rpartition('/')[2]}" if "/" in key else key for key in keys]
    shown = names if len(set(names)) == len(set(keys)) else keys
    for number in range(min(len(shown), room), 0, -1):
        text = ",".join(shown[:number]) + (f" +{len(shown) - number}" if number < len(shown) else "")
        if text_width(text) <= room:
            return text
    more = f" +{len(shown) - 1}" if len(shown) > 1 else ""
    return "…" + last_columns(shown[0], max(room - 1 - len(more), 1)) + more


_CUTS: Mapping[int, Callable[[str, int], str]] = {
    _CONTEXT: _without_middle,
    _NAMESPACE: _without_middle,
    _NAME: _without_middle,
    _KEYS: _some_keys,
}
"""The function that shortens a cell, by column. The cells of other columns are cut at their end."""


def _lines(sentence: str, width: int | None, indent: str = "") -> str:
    return "\n".join(wrap_sentence(sentence, width, indent)) + "\n"
