"""How far a long run is: one line on a terminal that is gone when something else is printed."""

import sys
from collections.abc import Iterator
from time import monotonic

from isvclog.report.result import Checked, counted

_PATIENCE, _INTERVAL = 1.0, 0.1
_CLEAR = "\r\x1b[K"


def with_progress(results: Iterator[Checked]) -> Iterator[Checked]:
    """The results as they come; after a second, standard error tells how many, if it is a terminal."""
    return _shown(results) if sys.stderr.isatty() else results


def _shown(results: Iterator[Checked]) -> Iterator[Checked]:
    due, shown, files = monotonic() + _PATIENCE, False, 0
    try:
        for checked in results:
            files += 1
            if checked.findings and shown:
                _write(_CLEAR)
                shown = False
            yield checked
            if monotonic() >= due:
                _write(f"{_CLEAR}Checked {counted(files, 'file')} ...")
                due, shown = monotonic() + _INTERVAL, True
    finally:
        if shown:
            _write(_CLEAR)


def _write(text: str) -> None:
    sys.stdout.flush()
    sys.stderr.write(text)
    sys.stderr.flush()
