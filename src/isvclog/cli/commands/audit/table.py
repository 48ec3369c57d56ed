"""`audit --watch`: the table, and the lines about its changes."""

import shutil
import sys
from collections.abc import Iterator, Sequence

from isvclog.audit import Audit, Failure, Row
from isvclog.audit.clusters import AuditPlan
from isvclog.audit.watched import watch_clusters
from isvclog.cli.terminal.messages import note
from isvclog.cli.terminal.settings import terminal_width
from isvclog.errors import INTERRUPTED, IsvclogError
from isvclog.report.color import wants_color
from isvclog.report.escape import printable
from isvclog.report.formats import FormatSettings, audit_format

_CLEAR = "\x1b[H\x1b[2J"


def run_watch(plan: AuditPlan, quiet: bool, color: str) -> int:
    """Print the table whenever something changes, and return the exit code.

    Ends with Ctrl-C, or when no cluster can be watched any more.
    """
    table = LiveTable(not quiet, color)
    try:
        for results in watch_clusters(plan, note):
            table.show(results)
    except KeyboardInterrupt:
        return INTERRUPTED
    return IsvclogError.exit_code


class LiveTable:
    """The printed table: on a terminal, it replaces the last one; elsewhere, rows that have changed follow it."""

    def __init__(self, summary: bool, color: str) -> None:
        self._settings = FormatSettings(wants_color(color, sys.stdout), summary=summary)
        self._last: dict[tuple[str, ...], Row | Failure] = {}

    def show(self, results: Sequence[Row | Failure]) -> None:
        """Print the results if they differ from the last ones."""
        now = {_key(item): item for item in results}
        if now == self._last:
            return
        if sys.stdout.isatty() or not self._last:
            settings = self._settings._replace(width=terminal_width())
            pieces = audit_format("text")(Audit(results), settings)
            sys.stdout.writelines([_CLEAR, _fitted("".join(pieces))] if sys.stdout.isatty() else pieces)
        else:
            for line in _changes(self._last, now):
                print(line)
        sys.stdout.flush()
        self._last = now


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
    names = (item.context, item.namespace, item.name) if isinstance(item, Row) else (item.context or "cluster",)
    component = f" {item.component}" if isinstance(item, Row) else ""
    return printable("/".join(filter(None, names)) + component)
