"""Previews for people: whether a logger sends and why not, its path, the fate of each name, the events."""

from collections.abc import Iterable, Iterator

from isvclog.findings import counted
from isvclog.keypath import dotted
from isvclog.kserve.defaults import SHIPPED
from isvclog.kserve.diagnosis import Diagnosis, diagnose, notes
from isvclog.kserve.journey import Journey, ServiceJourney
from isvclog.kserve.lineage import annotation_statuses, header_statuses
from isvclog.report.escape import printable
from isvclog.report.preview import deliveries
from isvclog.report.preview.concealed import Concealed, Revealed
from isvclog.report.preview.layout import Style, row
from isvclog.report.preview.stages import stages
from isvclog.report.preview.statuses import reservation, statuses

__all__ = ["Style", "text"]


def text(services: Iterable[ServiceJourney], style: Style) -> Iterator[str]:
    """One block of lines for each service."""
    for service in services:
        yield "\n".join(_service(service, style)) + "\n"


def _service(item: ServiceJourney, style: Style) -> Iterator[str]:
    paint = style.paint
    yield f"{paint(printable(item.label), 'bold')}  {paint(printable(item.file), 'dim')}"
    for fact, origin in item.origins:
        yield from row(fact, origin, style)
    if item.refused is not None:
        path, reason = dotted(item.refused.path), item.refused.reason
        yield from row("refused", f"{path} {reason}", style, "bold red")
        if item.refused_at:
            yield from row("place", ":".join(map(str, (item.file, *item.refused_at))), style)
        yield from row("effect", "the cluster does not accept the object, so nothing is deployed", style)
        yield from row("remedy", "mend it; isvclog validate tells more about loggers", style, "bold")
        yield ""
        return
    for journey in item.journeys[:1]:
        yield paint(_facts(journey), "dim")
    for journey in item.journeys:
        yield ""
        yield from _component(journey, style)
    for component in item.silent:
        yield ""
        yield f"{paint(component.name, 'bold')}  has no logger: nothing is logged"
    if not item.journeys and not item.silent:
        yield "  has no component, so nothing is logged"
    yield ""


def _facts(journey: Journey) -> str:
    installation = journey.prediction.installation
    config = "as shipped" if installation.config is SHIPPED else "as given"
    return (
        f"KServe {installation.release}, {journey.prediction.mode or 'unknown'} mode, inferenceservice-config {config}"
    )


def _component(journey: Journey, style: Style) -> Iterator[str]:
    paint, prediction, outcome = style.paint, journey.prediction, journey.outcome
    view = Revealed() if style.reveal else Concealed(journey)
    name, diagnosis = paint(prediction.component.name, "bold"), diagnose(journey)
    metadata = journey.logged[0].metadata if journey.logged else None
    annotations = list(annotation_statuses(prediction, delivered=journey.delivered))
    headers = list(header_statuses(prediction, metadata, delivered=journey.delivered))
    if diagnosis is None:
        but = reservation([*annotations, *headers])
        yield f"{name}  {paint(_success(journey, view), 'bold green')}{but and paint(but, 'bold yellow')}"
    else:
        yield f"{name}  {paint(_failure(journey), 'bold red')}"
        yield from _diagnosis(journey, diagnosis, view, style)
    for label, sentence in stages(journey, view):
        yield from row(label, sentence, style)
    for note in notes(journey):
        yield from row("note", view.message(note), style, "yellow")
    yield from statuses("annotations", annotations, view, style)
    yield from statuses("headers", headers, view, style)
    for event in outcome.events:
        yield from deliveries.event(event, view, style)
    for upload in outcome.uploads:
        yield from deliveries.upload(upload, view, style)


def _success(journey: Journey, view: Revealed) -> str:
    outcome = journey.outcome
    settings = journey.logged[0].settings
    if outcome.events:
        return f"sends {counted(len(outcome.events), 'event')} to {printable(view.url(settings.url))}"
    if outcome.uploads:
        return f"stores {counted(len(outcome.uploads), 'object')} in {printable(view.url(settings.url))}"
    return f"keeps {counted(outcome.waiting, 'record')} until {settings.batch_size:,} have come"


def _failure(journey: Journey) -> str:
    prediction, startup = journey.prediction, journey.prediction.startup
    if prediction.obstacle is None:
        return "SENDS NOTHING" if not journey.outcome.events else "LOSES EVENTS"
    if startup is not None and not startup.runs:
        code = f"exit code {startup.exit}" if startup.exit is not None else str(startup.exec_error)
        return f"THE AGENT DOES NOT START ({code})"
    return f"LOGS NOTHING: {prediction.obstacle.value}"


def _diagnosis(journey: Journey, diagnosis: Diagnosis, view: Revealed, style: Style) -> Iterator[str]:
    startup = journey.prediction.startup
    log = "" if startup is None or startup.runs else startup.message
    rows = (
        ("because", view.message(diagnosis.because)),
        ("log", view.message(log)),
        ("effect", diagnosis.effect),
        ("remedy", view.message(diagnosis.remedy)),
    )
    for label, sentence in rows:
        if sentence:
            yield from row(label, sentence, style, "bold" if label == "remedy" else "")
