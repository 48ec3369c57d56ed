"""The long form of a component: the stages of its path, the status of each name, and the exact bytes of its events."""

from collections.abc import Iterator

from isvclog.report.preview import deliveries
from isvclog.report.preview.component import ComponentView, heading
from isvclog.report.preview.layout import Style, row
from isvclog.report.preview.stages import stage_lines
from isvclog.report.preview.statuses import status_lines
from isvclog.report.preview.unknown import NOT_RENDERED, common_rows
from isvclog.report.preview.verdict import shows_names


def full_component(view: ComponentView, style: Style) -> Iterator[str]:
    """Yield all lines of a component."""
    delivery = view.result.delivery
    yield from heading(view, style, whole=True)
    first, second = (
        [(label, sentence, "") for label, sentence in stage_lines(result, view.redaction)]
        for result in (view.result, view.other)
    )
    for label, sentence, look in common_rows(first, second):
        yield from row(label, sentence, style, look)
    for note in view.notes if shows_names(view) else ():
        yield from row("note", view.redaction.message(note), style, "yellow")
    yield from status_lines("annotations", view.annotations, view.redaction, style)
    yield from status_lines("headers", view.headers, view.redaction, style)
    if delivery != view.other.delivery:
        yield from ("", *row("events", NOT_RENDERED, style, "yellow"))
        return
    earlier = None
    for event in delivery.events:
        yield from deliveries.event_lines(event, view.redaction, style, earlier)
        earlier = event
    for upload in delivery.uploads:
        yield from deliveries.upload_lines(upload, view.redaction, style)
