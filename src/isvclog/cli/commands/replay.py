"""`isvclog replay`: sends events again that `isvclog sink --record` stored."""

from collections.abc import Iterable, Iterator
from contextlib import closing
from typing import TYPE_CHECKING, Annotated

import typer

from isvclog.cli.terminal.messages import note

if TYPE_CHECKING:
    from isvclog.sink.recording import RecordedEvent
    from isvclog.sink.replaying import Replay


def replay(
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="Events as CloudEvents JSON, one in a line; - is standard input.")
    ],
    to: Annotated[str, typer.Option("--to", metavar="URL", help="Where to send them.")],
    rate: Annotated[
        float | None, typer.Option(metavar="N", min=0.001, help="Send at most N events a second; default no limit.")
    ] = None,
) -> int:
    """Send recorded events again, as KServe's agent would.

    They are sent in binary mode, one after the other, without retries. FILE is what `isvclog sink --record` wrote, or
    what `isvclog preview -o cloudevent` printed.

    The exit code is 0 if every event was accepted with a status from 200 to 299, 1 if one was not or a line is not an
    event, 2 for wrong usage, and 3 if the file cannot be read or the receiver does not answer.
    """
    from isvclog.sink.recording import open_recording
    from isvclog.sink.replaying import Replay
    from isvclog.sink.sending import parse_target

    with closing(Replay(parse_target(to, "--to"), rate)) as run, open_recording(file) as lines:
        run.run(_events(lines, run))
    note(run.summary())
    return run.exit_code


def _events(lines: Iterable[bytes], run: "Replay") -> "Iterator[RecordedEvent]":
    """Yield the events, and print a note about each line that is none."""
    from isvclog.sink.recording import read_events

    for item in read_events(lines):
        if isinstance(item, str):
            run.skipped += 1
            note(f"{item}; it is skipped.")
        else:
            yield item
