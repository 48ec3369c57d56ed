"""`audit --watch`: the table, and the lines about its changes."""

import shutil
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from isvclog.audit import Audit, Failure, Row
from isvclog.audit.clusters import AuditPlan
from isvclog.audit.watched import watch_clusters
from isvclog.cli.terminal.messages import note, shown_message
from isvclog.cli.terminal.settings import terminal_width
from isvclog.errors import INTERRUPTED, IsvclogError
from isvclog.report.color import painter, wants_color
from isvclog.report.columns import wrap_sentence
from isvclog.report.escape import printable
from isvclog.report.formats import FormatSettings, audit_format

_CLEAR = "\x1b[H\x1b[2J"
_MOST_ABOVE = 3
"""The number of failures, and of notes, above the table of a terminal."""


def run_watch(plan: AuditPlan, quiet: bool, color: str) -> int:
    """Print the table whenever something changes, and return the exit code.

    Ends with Ctrl-C, or when no cluster can be watched any more.
    """
    table = LiveTable(not quiet, color)
    try:
        with redrawn_on_resize(table.redraw):
            for results in watch_clusters(plan, table.notify):
                table.show(results)
    except KeyboardInterrupt:
        return INTERRUPTED
    return IsvclogError.exit_code


@contextmanager
def redrawn_on_resize(redraw: Callable[[], None]) -> Iterator[None]:
    """Call `redraw` when the size of the terminal changes, where the system reports that."""
    if not hasattr(signal, "SIGWINCH"):
        yield
        return
    before = signal.signal(signal.SIGWINCH, lambda *_: redraw())
    try:
        yield
    finally:
        signal.signal(signal.SIGWINCH, before)


class LiveTable:
    """The printed table: on a terminal, it replaces the last one; elsewhere, rows that have changed follow it.

    On a terminal, failures are above the table until they are over, and so are the last notes.
    """

    def __init__(self, summary: bool, color: str) -> None:
        self._settings = FormatSettings(wants_color(color, sys.stdout), summary=summary)
        self._screen = sys.stdout.isatty()
        self._last: dict[tuple[str, ...], Row | Failure] = {}
        self._notes: deque[str] = deque(maxlen=_MOST_ABOVE)
        self._drawn_notes: tuple[str, ...] = ()
        self._drawing = self._outdated = False

    def notify(self, sentence: str) -> None:
        """Take a note, which several threads call: it is above the table of a terminal, or else on standard error."""
        if not self._screen:
            note(sentence)
        elif (shown := shown_message(sentence)) not in self._notes:
            self._notes.append(shown)

    def show(self, results: Sequence[Row | Failure]) -> None:
        """Print the results if they differ from the last ones."""
        now = {_key(item): item for item in results}
        if now == self._last and tuple(self._notes) == self._drawn_notes:
            return
        last, self._last = self._last, now
        if self._screen:
            self._draw()
        elif last:
            for line in _changes(last, now):
                print(line)
        else:
            sys.stdout.writelines(audit_format("text")(Audit(results), self._settings._replace(width=terminal_width())))
        sys.stdout.flush()

    def redraw(self) -> None:
        """Print the last results again, for another size of the terminal. May be called while they are printed."""
        self._outdated = True
        if self._screen and self._last and not self._drawing:
            self._draw()

    def _draw(self) -> None:
        self._drawing = self._outdated = True
        try:
            while self._outdated:
                self._outdated = False
                sys.stdout.write(_CLEAR + _fitted("".join(self._pieces())))
                sys.stdout.flush()
        finally:
            self._drawing = False

    def _pieces(self) -> Iterator[str]:
        settings = self._settings._replace(width=terminal_width())
        self._drawn_notes = tuple(self._notes)
        items = self._last.values()
        failures = [_failure_line(item) for item in items if isinstance(item, Failure)]
        above = [*failures[:_MOST_ABOVE], *self._drawn_notes]
        if len(failures) > _MOST_ABOVE:
            above.insert(_MOST_ABOVE, f"error: {len(failures) - _MOST_ABOVE:,} more failures")
        paint = painter(settings.color)
        for sentence in above:
            style = "bold red" if sentence.startswith("error: ") else "dim"
            yield from (f"{paint(line, style)}\n" for line in wrap_sentence(sentence, settings.width))
        if above:
            yield "\n"
        yield from audit_format("text")(Audit(item for item in items if isinstance(item, Row)), settings)


def _failure_line(failure: Failure) -> str:
    return f"error: {printable(': '.join(filter(None, (failure.context, failure.sentence))))}"


def _fitted(text: str) -> str:
    """Cut the table to the height of the terminal, so that its first lines are visible."""
    lines, height = text.splitlines(), shutil.get_terminal_size().lines
    if len(lines) < height:
        return text
    kept = max(height - 2, 1)
    return "\n".join((*lines[:kept], f"... {len(lines) - kept:,} more lines", ""))


def _key(item: Row | Failure) -> tuple[str, ...]:
    return tuple(item[:4]) if isinstance(item, Row) else (item.context, "", "", item.sentence)


def _changes(before: dict[tuple[str, ...], Row | Failure], now: dict[tuple[str, ...], Row | Failure]) -> Iterator[str]:
    """Yield a line for each row and failure that is in `before` only, and then for each that is new or different."""
    for key, item in before.items():
        if key not in now:
            yield f"{_place(item)}: {'deleted' if isinstance(item, Row) else f'solved: {_message(item)}'}"
    for key, item in now.items():
        if item != before.get(key):
            yield f"{_place(item)}: {_message(item)}"


def _message(item: Row | Failure) -> str:
    if isinstance(item, Failure):
        return printable(item.sentence)
    return printable(" ".join((item.state.value, *(difference.sentence for difference in item.differences))))


def _place(item: Row | Failure) -> str:
    return printable(f"{item.place} {item.component}" if isinstance(item, Row) else item.context or "cluster")
