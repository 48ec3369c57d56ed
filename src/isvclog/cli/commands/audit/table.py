"""The table of `audit --watch`, and the lines about its changes."""

import shutil
import sys
from collections.abc import Iterator, Sequence

from isvclog.audit import Audit, Failure, Row
from isvclog.cli.options.common import terminal_width
from isvclog.report.audit.formats import FORMATS
from isvclog.report.color import wants_color
from isvclog.report.escape import printable
from isvclog.report.findings.formats import FormatSettings

_CLEAR = "\x1b[H\x1b[2J"


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
            table = FORMATS["text"](self._settings._replace(width=terminal_width()))
            text = "".join(table(Audit(results)))
            sys.stdout.write(_CLEAR + _fitted(text) if sys.stdout.isatty() else text)
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
    for key, item in before.items():
        if key in now:
            continue
        yield (
            f"{_place(item)}: gone" if isinstance(item, Row) else f"{_place(item)}: no more: {printable(item.sentence)}"
        )
    for key, item in now.items():
        if item == before.get(key):
            continue
        if isinstance(item, Failure):
            yield f"{_place(item)}: {printable(item.sentence)}"
        else:
            told = [item.state.value, *(difference.sentence for difference in item.differences)]
            yield f"{_place(item)}: {printable(' '.join(told))}"


def _place(item: Row | Failure) -> str:
    names = (item.context, item.namespace, item.name) if isinstance(item, Row) else (item.context or "cluster",)
    component = f" {item.component}" if isinstance(item, Row) else ""
    return printable("/".join(filter(None, names)) + component)
