"""`isvclog events estimate`: says how many events there will be, and what they mean for a sink."""

import sys
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from isvclog.cli.commands.events.source import Arguments, LoggerOptions, sample_request
from isvclog.cli.options.common import Color
from isvclog.cli.options.installation import InstallationOptions
from isvclog.cli.options.rendering import RenderingOptions
from isvclog.cli.terminal.messages import around_document, note, note_hidden
from isvclog.errors import UsageError
from isvclog.records import NamedTuple

if TYPE_CHECKING:
    from isvclog.events.estimate import Traffic


_LEAST_RPS, _MOST_RPS = 1e-6, 1e9
_MOST_PODS = 1_000_000
"""Limits of what is estimated: beyond them, products would be infinite, which JSON does not have."""


class TrafficRate(NamedTuple):
    """The options about the traffic of a component."""

    rps: Annotated[
        float,
        typer.Option(metavar="N", help="Requests per second to each component, for all its pods together."),
    ]
    pods: Annotated[int, typer.Option(metavar="N", min=1, max=_MOST_PODS, help="How many pods share the requests.")] = 1
    payload: Annotated[
        str | None, typer.Option(metavar="SIZE", help="The body of a request, such as 4KiB; default that of a sample.")
    ] = None
    response: Annotated[
        str | None, typer.Option(metavar="SIZE", help="The body of the model's answer; default that of a sample.")
    ] = None
    header: Annotated[
        list[str] | None,
        typer.Option(
            "-H",
            "--header",
            metavar="'NAME: VALUE'",
            help="A request header; repeatable. Other listed headers are assumed to have 36 characters.",
        ),
    ] = None
    sink_latency: Annotated[
        str | None,
        typer.Option(
            metavar="DURATION", help="How long the sink needs for an event, or the storage for an object, such as 20ms."
        ),
    ] = None

    def read(self) -> "Traffic":
        """Parse the options. Raises UsageError."""
        from isvclog.cli.options.values import parse_latency, parse_size
        from isvclog.events.estimate import Traffic

        if not _LEAST_RPS <= self.rps <= _MOST_RPS:
            raise UsageError(f"--rps {self.rps:g}: write the requests a second from 0.000001 to 1e9, such as 200.")
        return Traffic(
            self.rps,
            None if self.payload is None else parse_size(self.payload, "--payload"),
            None if self.response is None else parse_size(self.response, "--response"),
            None if self.sink_latency is None else parse_latency(self.sink_latency, "--sink-latency"),
            self.pods,
        )


def events_estimate(
    arguments: Arguments = None,
    output: Annotated[
        Literal["text", "json"], typer.Option("-o", "--output", help="How to print the estimate.")
    ] = "text",
    color: Color = "auto",
    *,
    loggers: LoggerOptions,
    traffic: TrafficRate,
    rendering: RenderingOptions,
    installation: InstallationOptions,
) -> int:
    """Estimate how many events there will be, how large they are, and whether the agent keeps up.

    isvclog assumes that every request is answered with status 200. The bytes are those that the agent writes to its
    connection or its object, without those of TLS.

    The exit code is 0, 1 if a logger would not send its events, a service is rejected or an agent would not keep up, 2
    for wrong usage, and 3 if a file cannot be read or has no logger.
    """
    from isvclog.cli.options.values import parse_header
    from isvclog.cli.terminal.settings import terminal_settings
    from isvclog.events.estimate import Estimate, estimate_loggers
    from isvclog.report.formats import DOCUMENTS, FormatSettings, estimate_format

    load = traffic.read()
    given = [parse_header(text) for text in traffic.header or ()]
    request = sample_request()._replace(headers=given)
    found = loggers.read(arguments, rendering, installation, request, silence=False)
    for item in found.services:
        if item.unknown:
            note(f"{item.file}: {item.label}: values that are not rendered yet are assumed to be short.")
    estimate = Estimate(found.release, load, list(estimate_loggers(found.services, load)))
    settings = terminal_settings(color, FormatSettings(reveal=loggers.reveal, on_hidden=note_hidden))
    with around_document(output in DOCUMENTS):
        for piece in estimate_format(output)(estimate, settings):
            sys.stdout.write(piece)
    return found.exit_code or int(not estimate.keeps_up)
