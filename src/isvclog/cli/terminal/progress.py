"""The progress of a long run: one line on a terminal, which is cleared when something else is printed."""

import os
import sys
from collections.abc import Iterator
from threading import Lock
from time import monotonic

from isvclog.cli.terminal.messages import is_within_document, note
from isvclog.findings import counted
from isvclog.lint.results import FileResult

_PATIENCE, _INTERVAL = 1.0, 0.1
"""Seconds before the line appears, and between its updates."""
_BAR = 20
_CLEAR = "\r\x1b[K"


def with_progress(results: Iterator[FileResult], quiet: bool, noun: str = "file") -> Iterator[FileResult]:
    """Yield the results unchanged; after a second, show their number on standard error if it is a suitable terminal.

    `noun` names one result ("file").
    """
    return _shown(results, noun) if _can_show(quiet) else results


def _shown(results: Iterator[FileResult], noun: str) -> Iterator[FileResult]:
    due, shown, number = monotonic() + _PATIENCE, False, 0
    try:
        for checked in results:
            number += 1
            if shown and (checked.findings or checked.failure):
                _write(_CLEAR)
                shown = False
            yield checked
            if monotonic() >= due and not is_within_document():
                _write(f"{_CLEAR}Checked {counted(number, noun)} ...")
                due, shown = monotonic() + _INTERVAL, True
    finally:
        if shown:
            _write(_CLEAR)


class Bar:
    """The progress line of an audit, which several threads update; `shown` is False without a suitable terminal."""

    def __init__(self, quiet: bool) -> None:
        self.shown = _can_show(quiet)
        self._due = monotonic() + _PATIENCE
        self._lock = Lock()
        self._visible = False
        self._services = self._pods = self._expected = 0

    def expect(self, services: int) -> None:
        """Add to the number of services that will come."""
        with self._lock:
            self._expected += services

    def step(self, services: int = 0, pods: int = 0) -> None:
        """Add to the numbers of services and pods that are done."""
        if not self.shown or is_within_document():
            return
        with self._lock:
            self._services += services
            self._pods += pods
            if monotonic() >= self._due:
                self._due = monotonic() + _INTERVAL
                self._visible = True
                _write(_CLEAR + self._text())

    def notify(self, sentence: str) -> None:
        """Print a note in place of the line, which appears again with the next step."""
        self.clear()
        note(sentence)

    def clear(self) -> None:
        """Clear the line until the next step."""
        with self._lock:
            if self._visible:
                self._visible = False
                _write(_CLEAR)

    def _text(self) -> str:
        text = f"{self._services:,}"
        if self._expected:
            done = min(self._services / self._expected, 1)
            bar = "#" * int(done * _BAR)
            text = f"[{bar:-<{_BAR}}] {text} of {max(self._expected, self._services):,}"
        return f"{text} InferenceServices, {counted(self._pods, 'pod')} ..."


def _can_show(quiet: bool) -> bool:
    return not quiet and sys.stderr.isatty() and os.environ.get("TERM") != "dumb"


def _write(text: str) -> None:
    sys.stdout.flush()
    sys.stderr.write(text)
    sys.stderr.flush()
