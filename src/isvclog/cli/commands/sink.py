"""`isvclog sink`: receives CloudEvents, and says what is right and wrong about them."""

import sys
from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple

import typer

from isvclog.cli.options.common import Color, Reveal
from isvclog.cli.terminal.messages import note, reveal_secrets
from isvclog.errors import INTERRUPTED

if TYPE_CHECKING:
    from isvclog.sink.engine import EventSink
    from isvclog.sink.items import SinkItem

Listen = Annotated[
    str, typer.Option(metavar="HOST:PORT", help="Where to listen; port 0 takes a free one.", show_default=True)
]


class ShowingOptions(NamedTuple):
    """The options about how received events are printed."""

    output: Annotated[
        Literal["text", "json", "http"],
        typer.Option("-o", "--output", help="How to show the events: for people, as JSON lines, or as they came."),
    ] = "text"
    reveal: Reveal = False
    color: Color = "auto"


class EndOptions(NamedTuple):
    """The options that end a sink."""

    count_: Annotated[
        int | None, typer.Option("--count", metavar="N", min=1, help="End after N events, valid or not; for tests.")
    ] = None
    timeout: Annotated[
        float | None, typer.Option(metavar="SECONDS", min=0, help="End after this time; exit with 1 without N events.")
    ] = None


def sink(
    listen: Listen = "127.0.0.1:8080",
    *,
    pair_timeout: Annotated[
        float, typer.Option(metavar="SECONDS", min=0, help="How long a request waits for its response, and vice versa.")
    ] = 10,
    end: EndOptions,
    showing: ShowingOptions,
) -> int:
    """Receive CloudEvents, show them, and say precisely what is wrong with those that are invalid.

    Listens until Ctrl-C, and then prints a summary. Invalid events are answered with 400 and the section of the
    CloudEvents specification that they break. Request and response events of KServe's logger are paired.

    The exit code is 0, or 1 if an event was invalid or --timeout came before --count.
    """
    import asyncio

    from isvclog.httpserver import parse_address
    from isvclog.sink.engine import EventSink, SinkSettings
    from isvclog.sink.running import run_sink

    reveal_secrets(showing.reveal)
    address = parse_address(listen)
    printer = _Printer(showing)
    receiver = EventSink(SinkSettings(pair_seconds=pair_timeout, enough=end.count_), printer)
    printer.sink = receiver
    interrupted = asyncio.run(
        run_sink(receiver, address, end.timeout, lambda taken: note(f"listening on {taken.url} (Ctrl-C ends)."))
    )
    if printer.is_closed:
        raise BrokenPipeError
    return _end(receiver, end.count_, interrupted)


class _Printer:
    """The output of a sink. When nobody reads it any more, the sink ends."""

    sink: "EventSink"

    def __init__(self, options: ShowingOptions) -> None:
        from isvclog.cli.terminal.settings import terminal_settings
        from isvclog.report.formats import FormatSettings, events_format

        self._write = events_format(options.output)
        self._settings: FormatSettings = terminal_settings(
            options.color, FormatSettings(reveal=options.reveal, on_hidden=self._report_hidden)
        )
        self._has_hidden = False
        self.is_closed = False

    def __call__(self, item: "SinkItem") -> None:
        """Print an item at once."""
        if self.is_closed:
            return
        try:
            for piece in self._write(item, self._settings):
                if isinstance(piece, bytes):
                    sys.stdout.flush()
                    sys.stdout.buffer.write(piece)
                else:
                    sys.stdout.write(piece)
            sys.stdout.flush()
        except BrokenPipeError:
            self.is_closed = True
            self.sink.is_full.set()

    def _report_hidden(self) -> None:
        if not self._has_hidden:
            self._has_hidden = True
            note("values that look sensitive are hidden as ***; add --reveal to show them.")


def _end(receiver: "EventSink", count: int | None, interrupted: bool) -> int:
    """Print the summary, and return the exit code."""
    from isvclog.sink.summary import summarize

    note(summarize(receiver))
    is_short = count is not None and receiver.number < count
    if is_short and interrupted:
        return INTERRUPTED
    return int(is_short or receiver.failed)
