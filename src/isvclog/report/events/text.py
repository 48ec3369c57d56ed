"""Received events for people: what enriches them first, then what every event has, then the data."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from isvclog.findings import counted
from isvclog.httpserver import HttpRequest
from isvclog.redact.gate import Redaction, redaction_for
from isvclog.report.color import painter
from isvclog.report.escape import printable
from isvclog.report.formats import FormatSettings
from isvclog.report.preview.layout import Style, row
from isvclog.sink.cloudevents.events import SinkEvent
from isvclog.sink.items import Received, RejectedRequest, SinkItem, Unpaired, Unreadable
from isvclog.sink.masking import mask_event

_MOST_CHARACTERS = 2_000
_FIRST = frozenset("id source specversion type time recordedtime datacontenttype annotations metadata".split())
_OF_KSERVE = frozenset("inferenceservicename namespace component endpoint".split())


def write(item: SinkItem, settings: FormatSettings) -> Iterator[str]:
    """Yield the lines of one item, and an empty one."""
    style = Style(painter(settings.color), settings.width)
    gate = redaction_for(settings.reveal)
    if isinstance(item, Received):
        lines = _received(item, gate, style)
    elif isinstance(item, RejectedRequest):
        lines = _rejected(item, gate, style)
    elif isinstance(item, Unreadable):
        lines = _unreadable(item, style)
    else:
        lines = _unpaired(item, gate, style)
    for line in lines:
        yield f"{line.rstrip()}\n"
    yield "\n"
    if gate.has_hidden:
        settings.on_hidden()


def _received(item: Received, gate: Redaction, style: Style) -> Iterator[str]:
    event = mask_event(item.event, gate)
    size = counted(len(item.event.data or b""), "byte")
    pairs = f", pairs with {item.partner}" if item.partner else ""
    title = event.half or printable(event.text("type"))
    look = "bold red" if item.refusal or item.differences else "bold green"
    yield f"{style.paint(f'{item.number} {title}', look)}  {printable(_origin(event))}, {event.mode}, {size}{pairs}"
    if item.refusal:
        yield from row("refused", f"{item.status}: {gate.sentence(item.refusal)}", style, "bold red")
    for difference in item.differences:
        yield from row("differs", gate.sentence(difference), style, "bold red")
    for note in event.notes:
        yield from row("note", note, style, "yellow")
    yield from _names("annotations", event.annotations, style)
    yield from _names("headers", {name: ", ".join(map(str, value)) for name, value in event.metadata.items()}, style)
    yield from row("id", event.text("id"), style)
    yield from row("source", event.text("source"), style)
    yield from row("time", _times(event), style)
    for name in event.attributes:
        if name not in _FIRST | _OF_KSERVE:
            yield from row(name, event.text(name), style)
    yield from _data(event, style)


def _origin(event: SinkEvent) -> str:
    name = event.text("inferenceservicename")
    if not name:
        return event.text("source")
    return f"{event.text('namespace') or 'no namespace'}/{name} {event.text('component')}".rstrip()


def _times(event: SinkEvent) -> str:
    recorded = event.text("recordedtime")
    return (event.text("time") or "none") + (f", recorded {recorded}" if recorded else "")


def _names(title: str, members: Mapping[str, Any], style: Style) -> Iterator[str]:
    if members:
        yield f"  {style.paint(title, 'cyan')}"
    width = max(map(len, map(printable, members)), default=0)
    for name, value in members.items():
        yield f"    {printable(name).ljust(width)}  {printable(str(value))}"


def _data(event: SinkEvent, style: Style) -> Iterator[str]:
    if event.data is None:
        yield from row("data", "none", style)
        return
    yield from row("data", event.text("datacontenttype") or "without a content type", style)
    try:
        text = event.data.decode()
    except UnicodeDecodeError:
        yield "    (not text)"
        return
    for line in text[:_MOST_CHARACTERS].split("\n"):
        yield f"    {printable(line)}"
    if len(text) > _MOST_CHARACTERS:
        yield f"    ... and {counted(len(text) - _MOST_CHARACTERS, 'character')} more"


def _rejected(item: RejectedRequest, gate: Redaction, style: Style) -> Iterator[str]:
    title = "INVALID" if item.section else "TOO LARGE"
    yield f"{style.paint(f'{item.number} {title}', 'bold red')}  {_request_line(item.request, gate)}"
    yield from row("because", gate.sentence(item.reason), style, "bold red")
    if item.section:
        yield from row("section", item.section.title, style)
        yield from row("read", item.section.url, style)
    yield from row("effect", f"it was answered with {item.status}; KServe's agent does not send it again", style)


def _unreadable(item: Unreadable, style: Style) -> Iterator[str]:
    yield style.paint(f"{item.number} NO REQUEST", "bold red")
    yield from row("because", item.reason, style, "bold red")
    yield from row("effect", f"it was answered with {item.status}", style)


def _request_line(request: HttpRequest, gate: Redaction) -> str:
    target = gate.value("url", request.target.decode("latin-1"))
    return printable(f"{request.method.decode('ascii')} {target}, {counted(len(request.body), 'byte')}")


def _unpaired(item: Unpaired, gate: Redaction, style: Style) -> Iterator[str]:
    event = mask_event(item.event, gate)
    title = f"{item.number} NO {item.missing.upper()}"
    yield f"{style.paint(title, 'bold yellow')}  {printable(_origin(event))}, id {printable(event.text('id'))}"
    came = datetime.fromtimestamp(item.event.received_ns / 1e9, UTC).strftime("%H:%M:%S")
    yield from row(
        "because", f"the {event.half} came at {came} UTC, and no {item.missing} in {item.seconds:g} s", style
    )
    for cause in item.causes:
        yield from row("perhaps" if len(item.causes) > 1 else "reason", cause, style)
