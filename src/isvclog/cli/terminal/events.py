"""The output of a command that shows events while they arrive."""

import sys
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from isvclog.cli.terminal.messages import note_hidden

if TYPE_CHECKING:
    from isvclog.sink.items import SinkItem


class EventPrinter:
    """Prints items at once. `is_closed` is True when nobody reads the output any more; `on_closed` is called then."""

    def __init__(self, output: str, *, reveal: bool, color: str) -> None:
        from isvclog.cli.terminal.settings import terminal_settings
        from isvclog.report.formats import FormatSettings, events_format

        self._write = events_format(output)
        settings = FormatSettings(reveal=reveal, on_hidden=self._report_hidden)
        self.settings = terminal_settings(color, settings)
        self._has_hidden = False
        self.is_closed = False
        self.on_closed: Callable[[], None] = lambda: None

    def __call__(self, item: "SinkItem") -> None:
        """Print an item."""
        self.print(self._write(item, self.settings))

    def print(self, pieces: Iterable[str | bytes]) -> None:
        """Print the pieces of a text."""
        if self.is_closed:
            return
        try:
            for piece in pieces:
                if isinstance(piece, bytes):
                    sys.stdout.flush()
                    sys.stdout.buffer.write(piece)
                else:
                    sys.stdout.write(piece)
            sys.stdout.flush()
        except BrokenPipeError:
            self.is_closed = True
            self.on_closed()

    def _report_hidden(self) -> None:
        if not self._has_hidden:
            self._has_hidden = True
            note_hidden()
