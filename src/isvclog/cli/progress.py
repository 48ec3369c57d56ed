"""How far a long run is: one line on a terminal that is gone when something else is printed."""

import os
import sys
from collections.abc import Iterator
from time import monotonic

from isvclog.report.result import Checked, counted

_PATIENCE, _INTERVAL = 1.0, 0.1
_CLEAR = "\r\x1b[K"


def with_progress(results: Iterator[Checked], quiet: bool, noun: str = "file") -> Iterator[Checked]:
    """The results as they come; after a second, standard error tells how many, if it is a terminal that can.

    `noun` is what one of them is.
    """
    if quiet or not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        return results
    return _shown(results, noun)


def _shown(results: Iterator[Checked], noun: str) -> Iterator[Checked]:
    due, shown, number = monotonic() + _PATIENCE, False, 0
    try:
        for checked in results:
            number += 1
            if shown and (checked.findings or checked.failure):
                _write(_CLEAR)
                shown = False
            yield checked
            if monotonic() >= due:
                _write(f"{_CLEAR}Checked {counted(number, noun)} ...")
                due, shown = monotonic() + _INTERVAL, True
    finally:
        if shown:
            _write(_CLEAR)


def _write(text: str) -> None:
    sys.stdout.flush()
    sys.stderr.write(text)
    sys.stderr.flush()
