"""`isvclog preview`: the events a logger will send, without a cluster."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from isvclog.cli.options import Color, Filenames, KServeVersion
from isvclog.cli.output import note
from isvclog.errors import IsvclogError, UsageError

if TYPE_CHECKING:
    from isvclog.findings import Finding
    from isvclog.kserve.defaults import Installation
    from isvclog.preview import Gathered, Wanted


def preview(
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="[NAME]", show_default=False, help="The service to show, as name or namespace/name; default all."
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
    deployment_mode: Annotated[
        Literal["Knative", "Standard", "ModelMesh", "Serverless", "RawDeployment"] | None,
        typer.Option(help="Override the mode of the manifest and of the ConfigMap."),
    ] = None,
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
    inferenceservice_config: Annotated[
        str | None, typer.Option(metavar="FILE", help="The ConfigMap inferenceservice-config of the cluster.")
    ] = None,
    serving_runtime: Annotated[
        list[str] | None, typer.Option(metavar="FILE", help="A ServingRuntime or ClusterServingRuntime; repeatable.")
    ] = None,
    reveal: Annotated[
        bool, typer.Option("--reveal", help="Show values that look sensitive; only text masks them.")
    ] = False,
    color: Color = "auto",
) -> int:
    """Show the events KServe's logger will send for an InferenceService, or why it will send none.

    Exits with 0 when every logger shown would send its events, 1 when one would not, 2 for wrong usage and 3 when a
    file could not be read.
    """
    if not filename:
        raise UsageError("preview needs a manifest behind -f: isvclog preview -f FILE (- reads standard input).")
    from time import time_ns
    from uuid import uuid4

    from isvclog.cli import values
    from isvclog.kserve.constants import LEGACY_MODES
    from isvclog.kserve.defaults import ConfigError, Installation
    from isvclog.kserve.releases import NEWEST, find_release
    from isvclog.preview import Gathered, Wanted

    if [*filename, data, response].count("-") > 1:
        raise UsageError("standard input (-) can be read only once.")
    release = find_release(kserve_version) if kserve_version else NEWEST
    mode = LEGACY_MODES.get(deployment_mode or "", deployment_mode)
    wanted = Wanted(
        component=component,
        events=event,
        body=_read(data),
        answer=_read(response),
        status=status,
        headers=[values.header(text) for text in header or ()],
        new_id=lambda: id_ or str(uuid4()),
        time_ns=values.unix_ns(time) if time else time_ns(),
    )
    try:
        gathered = Gathered()
        installation = _installation(Installation(release, mode=mode), inferenceservice_config, serving_runtime or ())
        failures = _gather(gathered, filename)
        if inferenceservice_config:
            gathered.config = None  # the file that was named for it wins
        installation = gathered.installation(installation)
    except ConfigError as error:
        raise IsvclogError(f"{error}.") from None
    return _show(gathered, installation, wanted, failures, name, output, reveal, color)


def _show(
    gathered: "Gathered",
    installation: "Installation",
    wanted: "Wanted",
    failures: Sequence["Finding | IsvclogError"],
    name: str | None,
    output: str,
    reveal: bool,
    color: str,
) -> int:
    from isvclog.cli.show import show
    from isvclog.preview import preview as send

    chosen = gathered.choose(name) if gathered.services or not failures else []
    for failure in failures:
        note(_sentence(failure))
    if not chosen and not failures:
        note("no InferenceService found.")
    services = [send(item, installation, wanted) for item in chosen]
    if wanted.component and chosen:
        parts = dict.fromkeys(part for item in services if item.service for part in item.service.components)
        services = [item for item in services if item.journeys or item.silent or item.refused]
        if not services:
            known = ", ".join(parts) or "none"
            raise UsageError(f"there is no {wanted.component} in the given services; their components: {known}.")
    show(services, output, installation.release, reveal, color)
    if failures:
        return IsvclogError.exit_code
    return 0 if all(service.sends for service in services) else 1


def _gather(gathered: "Gathered", names: Sequence[str]) -> list["Finding | IsvclogError"]:
    """Read every file; what could not be read is returned, so that one bad file does not hide the rest."""
    from isvclog.manifest import find_files, load, read_file
    from isvclog.preview import NEEDLES

    failures: list[Finding | IsvclogError] = []
    for file in find_files(names):
        try:
            gathered.add(load(read_file(file, NEEDLES), NEEDLES))
        except IsvclogError as error:
            failures.append(error)
    return [*failures, *gathered.broken]


def _installation(installation: "Installation", config: str | None, runtimes: Sequence[str]) -> "Installation":
    """The installation with the facts of files that were given for nothing else."""
    from isvclog.preview import Gathered

    facts = Gathered()
    failures = _gather(facts, [*([config] if config else []), *runtimes])
    if failures:
        raise IsvclogError(_sentence(failures[0]))
    if config and facts.config is None:
        raise IsvclogError(f"{config} holds no ConfigMap called inferenceservice-config.")
    if runtimes and not facts.runtimes:
        raise IsvclogError(f"{', '.join(runtimes)}: no ServingRuntime or ClusterServingRuntime found.")
    return facts.installation(installation)


def _sentence(failure: "Finding | IsvclogError") -> str:
    if isinstance(failure, IsvclogError):
        return str(failure)
    span = failure.span
    return f"{failure.file}:{span.line}:{span.column}: {failure.message} {failure.remedy}".rstrip()


def _read(file: str | None) -> bytes | None:
    from isvclog.manifest import read_file

    return None if file is None else read_file(file).data
