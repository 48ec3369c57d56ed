"""`isvclog preview`: the events a logger will send, without a cluster."""

import re
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from isvclog.cli.options import Color, Filenames, KServeVersion, terminal_width
from isvclog.errors import IsvclogError, UsageError

if TYPE_CHECKING:
    from isvclog.findings import Finding
    from isvclog.kserve.defaults import Installation
    from isvclog.kserve.events import Event
    from isvclog.kserve.journey import ServiceJourney
    from isvclog.preview import Gathered, Wanted


def preview(
    name: Annotated[
        str | None,
        typer.Argument(metavar="[NAME]", show_default=False, help="The service to show; default all of them."),
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
    status: Annotated[int, typer.Option(min=100, max=999, help="The status of the model's answer.")] = 200,
    header: Annotated[
        list[str] | None, typer.Option("-H", "--header", metavar="'NAME: VALUE'", help="A request header; repeatable.")
    ] = None,
    id_: Annotated[str | None, typer.Option("--id", help="The event id, instead of a random one.")] = None,
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
        raise UsageError("preview needs a manifest: isvclog preview -f FILE (- reads standard input).")
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
        headers=[_header(text) for text in header or ()],
        new_id=id_ or _random_id(),
        time_ns=_time(time),
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
    from isvclog.preview import preview as send

    chosen = gathered.choose(name) if gathered.services or not failures else []
    for failure in failures:
        print(f"isvclog: {_sentence(failure)}", file=sys.stderr)
    if not chosen and not failures:
        print("isvclog: no InferenceService found.", file=sys.stderr)
    services = [send(item, installation, wanted) for item in chosen]
    _print(services, installation, output, reveal, color)
    if failures:
        return IsvclogError.exit_code
    return 0 if all(service.sends for service in services) else 1


def _print(
    services: Sequence["ServiceJourney"], installation: "Installation", output: str, reveal: bool, color: str
) -> None:
    if output == "text":
        from isvclog.report.color import painter, wants_color
        from isvclog.report.preview.text import Style, text

        for block in text(services, Style(painter(wants_color(color, sys.stdout)), terminal_width(), reveal)):
            print(block, end="")
    elif output in ("json", "yaml"):
        from isvclog.report.preview.data import document

        _print_document(document(services, installation.release), output)
    else:
        _explain_silence(services)
        _print_events(
            [event for item in services for journey in item.journeys for event in journey.outcome.events], output
        )


def _print_document(document: dict[str, object], output: str) -> None:
    if output == "json":
        import json

        print(json.dumps(document, indent=2).replace("\x7f", "\\u007f"))
    else:
        from isvclog.report.preview.yaml import to_yaml

        print(to_yaml(document), end="")


def _explain_silence(services: Sequence["ServiceJourney"]) -> None:
    """On stderr, why a service or component has no event in the formats that hold events only."""
    from isvclog.kserve.diagnosis import diagnose
    from isvclog.report.escape import printable

    for item in services:
        if item.refused is not None:
            print(f"isvclog: {printable(f'{item.label}: refused: {item.refused}')}", file=sys.stderr)
        for part in item.silent:
            print(f"isvclog: {printable(item.label)}: {part.name} has no logger.", file=sys.stderr)
        for journey in item.journeys:
            place = f"{item.label}: {journey.prediction.component.name}"
            diagnosis = diagnose(journey)
            if diagnosis is not None:
                print(f"isvclog: {printable(f'{place}: {diagnosis.because}; {diagnosis.remedy}')}.", file=sys.stderr)
            elif not journey.outcome.events:
                hint = "records go to object storage, see -o text or -o json"
                print(f"isvclog: {printable(place)}: {hint}.", file=sys.stderr)


def _print_events(events: Iterable["Event"], output: str) -> None:
    from isvclog.report.escape import printable
    from isvclog.report.preview import wire

    for event in events:
        if output == "curl":
            print(wire.curl(event))
        elif output == "cloudevent":
            import json

            print(json.dumps(wire.cloudevent(event), indent=2).replace("\x7f", "\\u007f"))
        elif sys.stdout.isatty():
            # Exact bytes are for pipes; a terminal would obey control characters in them.
            shown = wire.http(event).decode("utf-8", "backslashreplace").replace("\r\n", "\n")
            print("\n".join(map(printable, shown.split("\n"))) + "\n")
        else:
            sys.stdout.flush()
            sys.stdout.buffer.write(wire.http(event))


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
    from isvclog.report.escape import printable

    if isinstance(failure, IsvclogError):
        return printable(str(failure))
    span = failure.span
    return printable(f"{failure.file}:{span.line}:{span.column}: {failure.message} {failure.remedy}".rstrip())


def _read(file: str | None) -> bytes | None:
    from isvclog.manifest import read_file

    return None if file is None else read_file(file).data


def _header(text: str) -> tuple[str, str]:
    name, colon, value = text.partition(":")
    if not colon or not name.strip():
        raise UsageError(f"-H {text!a} is no header: write 'Name: value'.")
    return name.strip(), value.strip(" \t")


def _random_id() -> str:
    from uuid import uuid4

    return str(uuid4())


def _time(text: str | None) -> int:
    """Unix nanoseconds; `text` is RFC 3339."""
    import time

    if text is None:
        return time.time_ns()
    from datetime import datetime

    written = re.fullmatch(r"(\S+?)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)", text)
    try:
        if written is None:
            raise ValueError
        seconds = datetime.fromisoformat(written[1] + written[3].replace("Z", "+00:00")).timestamp()
    except (ValueError, OverflowError):
        raise UsageError(f"--time {text!a} is no time: write it like 2026-01-02T03:04:05Z.") from None
    return int(seconds) * 10**9 + int((written[2] or "").ljust(9, "0"))
