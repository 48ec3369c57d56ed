"""Options for the request and the answer whose events are shown."""

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from isvclog.records import NamedTuple

if TYPE_CHECKING:
    from isvclog.preview.model import PreviewRequest


class ExchangeOptions(NamedTuple):
    """The options about the request and the answer whose events are shown."""

    component: Annotated[
        Literal["predictor", "transformer", "explainer"] | None, typer.Option(help="Show only this component.")
    ] = None
    canary: Annotated[
        str | None, typer.Option(metavar="NAME", help="Show a canary predictor of spec.canary instead.")
    ] = None
    event: Annotated[Literal["request", "response", "all"], typer.Option(help="Which events to show.")] = "all"
    data: Annotated[
        str | None, typer.Option(metavar="FILE", help="The body of the request; - reads standard input.")
    ] = None
    response: Annotated[str | None, typer.Option(metavar="FILE", help="The body of the model's answer.")] = None
    status: Annotated[int, typer.Option(metavar="CODE", min=100, max=999, help="The status of the model's answer.")] = (
        200
    )
    header: Annotated[
        list[str] | None, typer.Option("-H", "--header", metavar="'NAME: VALUE'", help="A request header; repeatable.")
    ] = None
    id_: Annotated[str | None, typer.Option("--id", metavar="ID", help="The event id, instead of a random one.")] = None
    time: Annotated[
        str | None,
        typer.Option(metavar="RFC3339", help="The time of the exchange, instead of now: 2026-01-02T03:04:05Z."),
    ] = None

    def read(self) -> "PreviewRequest":
        """Read the bodies and parse the other options. Raises UsageError, or IsvclogError for an unreadable file."""
        from time import time_ns
        from uuid import uuid4

        from isvclog.cli.options.values import parse_header, parse_time
        from isvclog.preview.model import PreviewRequest

        return PreviewRequest(
            component=self.component,
            canary=self.canary,
            events=self.event,
            body=_read(self.data),
            answer=_read(self.response),
            status=self.status,
            headers=[parse_header(text) for text in self.header or ()],
            new_id=lambda: self.id_ or str(uuid4()),
            time_ns=parse_time(self.time) if self.time else time_ns(),
        )


def _read(file: str | None) -> bytes | None:
    from isvclog.manifest import read_file

    return None if file is None else read_file(file).data
