"""The short form of a component: what it sends, the status of each name in one line, and the JSON of the names."""

from collections.abc import Iterator

from isvclog.report.escape import printable
from isvclog.report.preview.component import ComponentView, heading
from isvclog.report.preview.deliveries import header_size_note
from isvclog.report.preview.layout import Style, fit_object, fold, keep_end, row
from isvclog.report.preview.stages import dropped_fields
from isvclog.report.preview.statuses import brief_lines
from isvclog.report.preview.unknown import NOT_RENDERED

_ROWS = 3
"""The most rows of a terminal for the JSON of the annotations, and for that of the headers."""


def brief_component(view: ComponentView, style: Style) -> Iterator[str]:
    """Yield the lines of a component that logs."""
    result = view.result
    yield from heading(view, style, whole=False)
    yield from brief_lines(view, style)
    for (label, text), (_, other) in zip(
        view.redaction.listed(result), view.redaction.listed(view.other), strict=False
    ):
        yield from _json(label, text, style) if text == other else row(label, NOT_RENDERED, style, "yellow")
    for upload in result.delivery.uploads if result.delivery == view.other.delivery else ():
        shown = view.redaction.upload(upload)
        place = printable(f"{shown.bucket}/{shown.key}")
        yield from row("object", place if style.width is None else keep_end(place, style.width - 12), style)
    if sentence := dropped_fields(result.prediction):
        yield from row("dropped", view.redaction.message(sentence), style, "yellow")
    for note in (*header_size_note(result.delivery.events), *view.notes):
        yield from row("note", view.redaction.message(note), style, "yellow")


def _json(label: str, text: str, style: Style) -> Iterator[str]:
    width = None if style.width is None else max(style.width - 4, 20)
    lead = f"{label}: "
    shown = printable(fit_object(text, width, _ROWS))
    first, *rest = fold(lead + shown, width)
    yield f"  {style.paint(lead.rstrip(), 'cyan')} {first[len(lead) :]}"
    yield from (f"    {line}" for line in rest)
