"""`isvclog events schema`: prints the shape of events in the words of those who receive them."""

import sys
from typing import Annotated, Literal

import typer

from isvclog.cli.commands.events.source import Arguments, LoggerOptions, sample_request
from isvclog.cli.options.installation import InstallationOptions
from isvclog.cli.options.rendering import RenderingOptions
from isvclog.cli.terminal.messages import note


def events_schema(
    arguments: Arguments = None,
    output: Annotated[
        Literal["jsonschema", "avro", "sql", "clickhouse", "bigquery", "asyncapi", "cloudevents"],
        typer.Option("-o", "--output", help="The language of the schema."),
    ] = "jsonschema",
    *,
    loggers: LoggerOptions,
    rendering: RenderingOptions,
    installation: InstallationOptions,
) -> int:
    """Print the schema of the events that loggers send, for their consumers.

    It has the attributes of the release, each annotation and header that the loggers list, and the payload of the
    model's protocol. Events of several loggers get one schema. It has names of annotations and headers, and no values.

    The exit code is 0; 1 if one of the loggers sends no events (the schema still describes what it would send) or a
    service is rejected; 2 for wrong usage; and 3 if a file cannot be read or has no logger.
    """
    from isvclog.events.shape import events_shape
    from isvclog.report.formats import FormatSettings, event_schema_format
    from isvclog.report.preview.redaction import service_redaction

    found = loggers.read(arguments, rendering, installation, sample_request())
    shape = events_shape(found.services, found.release, lambda item: service_redaction(item, loggers.reveal))
    if shape.impossible:
        names = ", ".join(shape.impossible)
        note(f"left out, because no pod or request can have them (isvclog lint says why): {names}.")
    if shape.masked:
        note("left out names that look sensitive; add --reveal to show them.")
    for piece in event_schema_format(output)(shape, FormatSettings(reveal=loggers.reveal)):
        sys.stdout.write(piece)
    return found.exit_code or int(not all(each.sink for each in shape.sources))
