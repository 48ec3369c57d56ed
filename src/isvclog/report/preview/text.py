"""Previews for people: whether a logger sends and why not, its path, the status of each name, the events."""

from collections.abc import Collection, Iterator

from isvclog.diagnosis.causes import Diagnosis, diagnose, notes
from isvclog.diagnosis.lineage import annotation_statuses, header_statuses
from isvclog.findings import counted, shorten_text
from isvclog.keypath import dotted
from isvclog.kserve.apis.distributions import origin_of
from isvclog.kserve.apis.spec import Component
from isvclog.kserve.exchange_result import ExchangeResult, ServicePreview
from isvclog.preview.model import Preview
from isvclog.redact.gate import Redaction
from isvclog.report.color import painter
from isvclog.report.escape import printable
from isvclog.report.formats import FormatSettings
from isvclog.report.preview import deliveries
from isvclog.report.preview.layout import Style, row
from isvclog.report.preview.problems import failed_start, problem_rows
from isvclog.report.preview.redaction import ExchangeRedaction, service_redaction
from isvclog.report.preview.stages import stage_lines
from isvclog.report.preview.statuses import reservation, status_lines


def write(preview: Preview, settings: FormatSettings) -> Iterator[str]:
    """Yield one block of lines for each service."""
    style = Style(painter(settings.color), settings.width)
    for service in preview.services:
        gate = service_redaction(service, settings.reveal)
        yield "\n".join(_service(service, gate, preview.given, style)) + "\n"


def _service(item: ServicePreview, gate: Redaction, given: Collection[str], style: Style) -> Iterator[str]:
    paint = style.paint
    yield from _heading(item, gate, style)
    if item.rejected is not None:
        path, reason = dotted(item.rejected.path), item.rejected.reason
        yield from row("rejected", f"{gate.text(path)} {gate.sentence(reason)}", style, "bold red")
        if item.rejected.message:
            yield from row("message", gate.sentence(item.rejected.message), style)
        if item.rejected_at:
            yield from row("place", ":".join(map(str, (item.file, *item.rejected_at))), style)
        yield from row("effect", "the cluster does not accept the object, so nothing is deployed", style)
        yield from row("remedy", "fix it; `isvclog validate` shows all that is wrong with loggers", style, "bold")
        yield ""
        return
    for result in item.results[:1]:
        yield from _facts(result, style)
    for result in item.results:
        yield ""
        yield from _component(result, ExchangeRedaction(result, gate, given), style)
    for component in item.silent:
        yield ""
        yield f"{paint(component.name, 'bold')}  {_without_logger(component)}"
    if not item.results and not item.silent:
        yield "  has no component, so nothing is logged"
    yield ""


def _heading(item: ServicePreview, gate: Redaction, style: Style) -> Iterator[str]:
    """Yield the name of a service and what its cluster reports about it."""
    yield f"{style.paint(printable(gate.text(item.label)), 'bold')}  {style.paint(printable(item.file), 'dim')}"
    for fact, origin in item.origins:
        yield from row(fact, gate.sentence(origin), style)
    for note in item.notes:
        yield from row("note", shorten_text(gate.text(note)), style, "yellow")


def _without_logger(component: Component) -> str:
    if component.batcher:
        return "has a batcher and no logger: its agent logs nothing"
    return "has no logger: nothing is logged"


def _facts(result: ExchangeResult, style: Style) -> Iterator[str]:
    installation = result.prediction.installation
    release, mode = installation.release, result.prediction.mode or "unknown"
    config = origin_of(installation.config)
    yield style.paint(f"KServe {release}, {mode} mode, {config} inferenceservice-config", "dim")
    if release.caution:
        yield from row("caution", release.caution, style, "yellow")


def _component(result: ExchangeResult, redaction: ExchangeRedaction, style: Style) -> Iterator[str]:
    paint, prediction, delivery = style.paint, result.prediction, result.delivery
    name, diagnosis = paint(_name(prediction.component, redaction), "bold"), diagnose(result)
    metadata = result.logged[0].metadata if result.logged else None
    annotations = list(annotation_statuses(prediction, delivered=result.delivered))
    headers = list(header_statuses(prediction, metadata, delivered=result.delivered))
    if diagnosis is None:
        but = reservation([*annotations, *headers])
        yield f"{name}  {paint(_success(result, redaction), 'bold green')}{but and paint(but, 'bold yellow')}"
    else:
        yield f"{name}  {paint(_failure(result), 'bold red')}"
        yield from _diagnosis(result, diagnosis, redaction, style)
    for label, sentence in stage_lines(result, redaction):
        yield from row(label, sentence, style)
    for note in notes(result):
        yield from row("note", redaction.message(note), style, "yellow")
    yield from status_lines("annotations", annotations, redaction, style)
    yield from status_lines("headers", headers, redaction, style)
    for event in delivery.events:
        yield from deliveries.event_lines(event, redaction, style)
    for upload in delivery.uploads:
        yield from deliveries.upload_lines(upload, redaction, style)


def _name(component: Component, redaction: ExchangeRedaction) -> str:
    if not component.canary:
        return component.name
    return f"{component.name} of canary {printable(redaction.message(component.label))}"


def _success(result: ExchangeResult, redaction: ExchangeRedaction) -> str:
    delivery = result.delivery
    settings = result.logged[0].settings
    if delivery.events:
        return f"sends {counted(len(delivery.events), 'event')} to {printable(redaction.url(settings.url))}"
    if delivery.uploads:
        return f"stores {counted(len(delivery.uploads), 'object')} in {printable(redaction.url(settings.url))}"
    return f"keeps {counted(delivery.pending, 'record')} until there are {settings.batch_size:,}"


def _failure(result: ExchangeResult) -> str:
    prediction, startup = result.prediction, result.prediction.startup
    if prediction.blocked_by is None:
        return "SENDS NOTHING" if not result.delivery.events else "LOSES EVENTS"
    if prediction.undeployed is not None:
        undeployed = prediction.undeployed
        return f"DEPLOYS NOTHING: {undeployed.obstacle.value if undeployed.earlier else undeployed.title}"
    if prediction.shortage is not None:
        effect = "NO NEW POD STARTS" if prediction.shortage.keeps_pods_away else "LOGS NOTHING"
        return f"{effect}: {prediction.shortage.title}"
    if startup is not None and not startup.runs:
        return failed_start(startup)
    return f"LOGS NOTHING: {prediction.blocked_by.value}"


def _diagnosis(
    result: ExchangeResult, diagnosis: Diagnosis, redaction: ExchangeRedaction, style: Style
) -> Iterator[str]:
    yield from problem_rows(diagnosis, result.prediction.startup, redaction.message, style)
