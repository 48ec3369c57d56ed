"""`isvclog preview`: shows the events that a logger will send, for a manifest or for a service in a cluster."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from isvclog.cli.options.cluster import ClusterOptions, Connection, Context, Namespace
from isvclog.cli.options.common import Color, Filenames, KServeVersion
from isvclog.cli.options.completion import complete_service
from isvclog.cli.options.installation import ConfigFile, DeploymentMode, RuntimeFiles, gather, installation, sentence
from isvclog.cli.terminal.messages import note
from isvclog.errors import IsvclogError, UsageError

if TYPE_CHECKING:
    from isvclog.findings import Finding
    from isvclog.kserve.apis.installation import Installation
    from isvclog.kserve.apis.releases import Release
    from isvclog.kserve.exchange_result import ServicePreview
    from isvclog.live import Overrides
    from isvclog.preview.inputs import PreviewInputs, PreviewRequest


def preview(
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="[NAME]",
            show_default=False,
            help="The service to show, as name or namespace/name, of the cluster; with -f of the files, default all.",
            autocompletion=complete_service,
        ),
    ] = None,
    filename: Filenames = None,
    component: Annotated[
        Literal["predictor", "transformer", "explainer"] | None, typer.Option(help="Show only this component.")
    ] = None,
    event: Annotated[Literal["request", "response", "all"], typer.Option(help="Which events to show.")] = "all",
    output: Annotated[
        Literal["text", "http", "curl", "cloudevent", "json", "yaml"],
        typer.Option("-o", "--output", help="How to show them."),
    ] = "text",
    kserve_version: KServeVersion = None,
    deployment_mode: DeploymentMode = None,
    data: Annotated[
        str | None, typer.Option(metavar="FILE", help="The body of the request; - reads standard input.")
    ] = None,
    response: Annotated[str | None, typer.Option(metavar="FILE", help="The body of the model's answer.")] = None,
    status: Annotated[
        int, typer.Option(metavar="CODE", min=100, max=999, help="The status of the model's answer.")
    ] = 200,
    header: Annotated[
        list[str] | None, typer.Option("-H", "--header", metavar="'NAME: VALUE'", help="A request header; repeatable.")
    ] = None,
    id_: Annotated[
        str | None, typer.Option("--id", metavar="ID", help="The event id, instead of a random one.")
    ] = None,
    time: Annotated[
        str | None,
        typer.Option(metavar="RFC3339", help="The time of the exchange, instead of now: 2026-01-02T03:04:05Z."),
    ] = None,
    inferenceservice_config: ConfigFile = None,
    serving_runtime: RuntimeFiles = None,
    reveal: Annotated[
        bool, typer.Option("--reveal", help="Show values that look sensitive; only text masks them.")
    ] = False,
    color: Color = "auto",
    namespace: Namespace = None,
    context: Context = None,
    *,
    connection: Connection,
) -> int:
    """Show the events KServe's logger will send for an InferenceService, or why it will send none.

    With only a NAME, shows a service of the cluster that kubectl would choose; text output names the source of each
    fact about it. With -f, no cluster is asked.

    The exit code is 0 if every shown logger would send its events, 1 if one would not, 2 for wrong usage, and 3 if a
    file or a service cannot be read.
    """
    options = ClusterOptions(namespace=namespace, context=context, connection=connection)
    if filename:
        options.refuse("leave it out with -f, or leave out -f and name a service of the cluster")
    elif name is None:
        raise UsageError(
            "preview needs the NAME of a service in the cluster, or a manifest: isvclog preview -f FILE (- is stdin)."
        )
    from time import time_ns
    from uuid import uuid4

    from isvclog.cli.options import values
    from isvclog.kserve.apis.installation import ConfigError
    from isvclog.kserve.apis.releases import NEWEST, find_release
    from isvclog.preview.inputs import PreviewInputs, PreviewRequest

    if [*(filename or ()), data, response, inferenceservice_config, *(serving_runtime or ())].count("-") > 1:
        raise UsageError("standard input (-) can be read only once.")
    release = find_release(kserve_version) if kserve_version else NEWEST
    wanted = PreviewRequest(
        component=component,
        events=event,
        body=_read(data),
        answer=_read(response),
        status=status,
        headers=[values.header(text) for text in header or ()],
        new_id=lambda: id_ or str(uuid4()),
        time_ns=values.unix_ns(time) if time else time_ns(),
    )
    known = installation(release, deployment_mode, inferenceservice_config, serving_runtime)
    if not filename:
        from isvclog.cli.options.scope import overrides

        given = overrides(kserve_version, None, known, has_config=bool(inferenceservice_config))
        shown, release = _live(name or "", options, given, wanted)
        return _print([shown], wanted, release, output, reveal, color)
    gathered = PreviewInputs()
    try:
        failures = gather(gathered, filename)
    except ConfigError as error:
        raise IsvclogError(f"{error}.") from None
    if inferenceservice_config:
        gathered.config = None  # the file that was named for it wins
    return _show(gathered, gathered.installation(known), wanted, failures, name, output, reveal, color)


def _show(
    gathered: "PreviewInputs",
    known: "Installation",
    wanted: "PreviewRequest",
    failures: Sequence["Finding | IsvclogError"],
    name: str | None,
    output: str,
    reveal: bool,
    color: str,
) -> int:
    from isvclog.preview.inputs import preview_service as send

    chosen = gathered.choose(name) if gathered.services or not failures else []
    for failure in failures:
        note(sentence(failure))
    if not chosen and not failures:
        note("no InferenceService found.")
    services = [send(item, known, wanted) for item in chosen]
    code = _print(services, wanted, known.release, output, reveal, color)
    return IsvclogError.exit_code if failures else code


def _live(
    name: str, options: ClusterOptions, given: "Overrides", wanted: "PreviewRequest"
) -> "tuple[ServicePreview, Release]":
    """Preview a service of a cluster, and return the result with the release that runs there."""
    from isvclog.cli.options.scope import scope_settings
    from isvclog.live import find_service
    from isvclog.live.scope import open_scope
    from isvclog.preview.inputs import preview_service as send

    with open_scope(scope_settings(options, given, [name]), note) as scope:
        item = find_service(scope.cluster, name)
        result = send(item, scope.facts.installation(item.data), wanted)
        origins = scope.facts.origins(item.data)
        return result._replace(file=f"context {scope.cluster.context}", origins=origins), scope.facts.release


def _print(
    services: "list[ServicePreview]",
    wanted: "PreviewRequest",
    release: "Release",
    output: str,
    reveal: bool,
    color: str,
) -> int:
    from isvclog.cli.commands.preview_output import show

    if wanted.component and services:
        parts = dict.fromkeys(part for item in services if item.service for part in item.service.components)
        services = [item for item in services if item.results or item.silent or item.rejected]
        if not services:
            there = ", ".join(parts) or "none"
            raise UsageError(f"there is no {wanted.component} in the given services; their components: {there}.")
    show(services, output, release, reveal, color)
    return 0 if all(service.sends for service in services) else 1


def _read(file: str | None) -> bytes | None:
    from isvclog.manifest import read_file

    return None if file is None else read_file(file).data
