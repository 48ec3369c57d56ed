"""Previews for people: whether a logger sends and why not, its path, the status of each name, the events."""

from collections.abc import Collection, Iterator

from isvclog.diagnosis.causes import Diagnosis, diagnose, notes
from isvclog.findings import counted, enumerated, shorten_text
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
from isvclog.report.preview.unknown import NOT_RENDERED, common_rows, known_statuses, with_others

_MOST_PATHS = 10


def write(preview: Preview, settings: FormatSettings) -> Iterator[str]:
    """Yield one block of lines for each service."""
    style = Style(painter(settings.color), settings.width)
    for service in preview.services:
        gate = service_redaction(service, settings.reveal)
        yield "\n".join(_service(service, gate, preview.given, style)) + "\n"


def _service(item: ServicePreview, gate: Redaction, given: Collection[str], style: Style) -> Iterator[str]:
    paint = style.paint
    yield from _title(item, gate, style)
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
    for result, other in with_others(item):
        yield ""
        yield from _component(result, other, ExchangeRedaction(result, gate, given), style)
    for component in item.silent:
        yield ""
        yield f"{paint(component.name, 'bold')}  {_without_logger(component)}"
    if not item.results and not item.silent and not item.unknown:
        yield "  has no component, so nothing is logged"
    yield ""


def _title(item: ServicePreview, gate: Redaction, style: Style) -> Iterator[str]:
    """Yield what the preview is about, where facts about the installation come from, and what is not known."""
    paint = style.paint
    yield f"{paint(printable(gate.text(item.label)), 'bold')}  {paint(printable(item.file), 'dim')}"
    for fact, origin in item.origins:
        yield from row(fact, gate.sentence(origin), style)
    for note in item.notes:
        yield from row("note", shorten_text(gate.text(note)), style, "yellow")
    if item.unknown:
        paths = enumerated([gate.text(dotted(path)) for path in item.unknown], _MOST_PATHS)
        yield from row("unknown", f"{paths}: {NOT_RENDERED}", style, "bold yellow")


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


def _component(
    result: ExchangeResult, other: ExchangeResult, redaction: ExchangeRedaction, style: Style
) -> Iterator[str]:
    """Yield what is known of a component: what its result has in common with `other`, mostly the same one."""
    annotations, headers = known_statuses(result, other)
    but = reservation([*annotations, *headers])
    verdict = list(_verdict(result, but, redaction, style))
    if verdict != list(_verdict(other, but, redaction, style)) or not result.ends_like(other):
        name = style.paint(_name(result.prediction.component, redaction), "bold")
        verdict = [f"{name}  {style.paint(NOT_RENDERED.upper(), 'bold yellow')}"]
    yield from verdict
    for label, sentence, look in common_rows(list(_stages(result, redaction)), list(_stages(other, redaction))):
        yield from row(label, sentence, style, look)
    yield from status_lines("annotations", annotations, redaction, style)
    yield from status_lines("headers", headers, redaction, style)
    if result.delivery != other.delivery:
        yield from ("", *row("events", NOT_RENDERED, style, "yellow"))
        return
    for event in result.delivery.events:
        yield from deliveries.event_lines(event, redaction, style)
    for upload in result.delivery.uploads:
        yield from deliveries.upload_lines(upload, redaction, style)


def _verdict(result: ExchangeResult, but: str, redaction: ExchangeRedaction, style: Style) -> Iterator[str]:
    """Yield whether a component sends; if not, why. `but` is added to a success."""
    paint, diagnosis = style.paint, diagnose(result)
    name = paint(_name(result.prediction.component, redaction), "bold")
    if diagnosis is None:
        yield f"{name}  {paint(_success(result, redaction), 'bold green')}{but and paint(but, 'bold yellow')}"
    else:
        yield f"{name}  {paint(_failure(result), 'bold red')}"
        yield from _diagnosis(result, diagnosis, redaction, style)


def _stages(result: ExchangeResult, redaction: ExchangeRedaction) -> Iterator[tuple[str, str, str]]:
    """Yield label, sentence and look of each stage, then of each note."""
    for label, sentence in stage_lines(result, redaction):
        yield label, sentence, ""
    for note in notes(result):
        yield "note", redaction.message(note), "yellow"


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
