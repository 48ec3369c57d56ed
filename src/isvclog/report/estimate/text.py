"""The amount of events for people: some lines for each logger."""

from collections.abc import Iterator

from isvclog.events.estimate import (
    MARSHALLER,
    SECONDS_A_DAY,
    Estimate,
    LoggerEstimate,
    Overload,
    SinkLoad,
    StoredObjects,
    Traffic,
)
from isvclog.events.sizes import EventSize
from isvclog.findings import counted
from isvclog.redact.gate import Redaction
from isvclog.report.color import painter
from isvclog.report.escape import printable
from isvclog.report.estimate.names import shown_names, shown_place
from isvclog.report.estimate.units import shown_duration, shown_rate, shown_size
from isvclog.report.formats import FormatSettings
from isvclog.report.preview.layout import Style, row, wrap
from isvclog.report.preview.redaction import ExchangeRedaction, service_redaction
from isvclog.report.preview.unknown import NOT_RENDERED


def write(estimate: Estimate, settings: FormatSettings) -> Iterator[str]:
    """Yield the lines of each logger, and those of all together if there are several."""
    style = Style(painter(settings.color), settings.width)
    for number, each in enumerate(estimate.loggers):
        gate = service_redaction(each.service, settings.reveal)
        yield from (f"{line}\n" for line in (*([""] if number else []), *_logger(each, estimate.traffic, gate, style)))
        if gate.has_hidden:
            settings.on_hidden()
    if len(estimate.loggers) > 1:
        rate = sum(each.bytes_rate for each in estimate.loggers)
        events = sum(each.rate for each in estimate.loggers)
        sentence = f"{shown_rate(events)} events, {_traffic(rate)}"
        yield from (f"{line}\n" for line in ("", "all loggers", *row("traffic", sentence, style)))


def _place(estimate: LoggerEstimate, gate: Redaction) -> str:
    if place := shown_place(estimate, gate):
        return f"to {place}"
    return f"to a sink that is {NOT_RENDERED}" if estimate.service.unknown else "to nowhere"


def _logger(estimate: LoggerEstimate, traffic: Traffic, gate: Redaction, style: Style) -> Iterator[str]:
    component = estimate.result.prediction.component
    canary = f" of canary {component.label}" if component.canary else ""
    label = printable(gate.text(f"{estimate.service.label} {component.name}{canary}"))
    first, *rest = wrap(f"{label}  ", printable(_place(estimate, gate)), style.width)
    yield f"{style.paint(label, 'bold')}{first[len(label) :]}"
    yield from rest
    if estimate.because:
        message = ExchangeRedaction(estimate.result, gate).message(estimate.because)
        yield from row("problem", f"not everything is sent: {message}", style, "red")
        return
    noun = "record" if estimate.objects else "event"
    pods = counted(traffic.pods, "pod")
    each = counted(len(estimate.sizes), noun)
    yield from row("requests", f"{shown_rate(traffic.rps)} to {pods}, {each} each: {shown_rate(estimate.rate)}", style)
    for size in estimate.sizes:
        yield from row(size.type.rpartition(".")[2], _size(size, estimate.objects), style)
    for sentence in _names(estimate, gate):
        yield from row("name", sentence, style)
    if estimate.objects:
        yield from row("objects", _objects(estimate.objects), style)
    yield from row("traffic", _traffic(estimate.bytes_rate), style)
    if load := estimate.sink_load:
        label, sentence, look = _agent(load, traffic, estimate.objects)
        yield from row(label, sentence, style, look)


def _size(size: EventSize, objects: StoredObjects | None) -> str:
    what = "other fields and base64" if objects else "headers"
    if objects and objects.format == "parquet":
        what += ", before Parquet packs it"
    share = 100 * size.overhead / size.total
    return f"{size.total:,} bytes: {size.payload:,} of payload, {size.overhead:,} of {what} ({share:.1f} %)"


def _names(estimate: LoggerEstimate, gate: Redaction) -> Iterator[str]:
    """Yield each name with its bytes; those of the request are those of the response as well, if that has any."""
    sizes = max(estimate.sizes, key=lambda size: len(size.names), default=None)
    for each in shown_names(estimate, sizes, gate) if sizes else ():
        yield f"{each.size:,} bytes: {each.kind} {each.name}{', with an assumed value' if each.is_assumed else ''}"


def _objects(objects: StoredObjects) -> str:
    each = f"{shown_size(objects.size)} each" if objects.size is not None else "of unknown size"
    made = "by the marshaller" if objects.format == MARSHALLER else f"in {objects.format}"
    records = "1 record" if objects.records == 1 else f"{objects.records:,.4g} records"
    return f"{objects.rate * SECONDS_A_DAY:,.0f} a day, and as many PUTs; {records} {made}, {each}"


def _traffic(rate: float) -> str:
    return f"{shown_size(rate)}/s, {rate * SECONDS_A_DAY / (1 << 30):,.4g} GiB a day"


def _agent(load: SinkLoad, traffic: Traffic, objects: StoredObjects | None) -> tuple[str, str, str]:
    """Describe whether the agent of a pod keeps up: a label, a sentence and a look."""
    who = "one writer, one object at a time" if objects else f"{load.senders} workers"
    longest = shown_duration((load.longest_ns or 0) / 1e9)
    if load.busy is None or traffic.latency_ns is None:
        return "agent", f"keeps up to a latency of {longest} ({who})", ""
    latency = shown_duration(traffic.latency_ns / 1e9)
    if load.overload is None:
        return "agent", f"keeps up at {latency}, and up to {longest} ({who}, busy for {100 * load.busy:.0f} %)", ""
    sentence = f"does not keep up at {latency} ({who}): {_overload(load)}. It keeps up "
    return "agent", f"{sentence}with {shown_rate(load.most_requests or 0)} to a pod, or at {longest}", "red"


def _overload(load: SinkLoad) -> str:
    if load.overload is Overload.MEMORY and load.seconds is not None:
        return (
            f"memory grows by {shown_size(load.growth)}/s, and its limit of {shown_size(load.memory)} is reached after "
            f"{shown_duration(load.seconds)} at the latest; then the agent is killed, and all waiting events are lost"
        )
    if load.overload is Overload.DROPS:
        return f"{load.overload.value}, {shown_rate(load.lost)}"
    return load.overload.value if load.overload else ""
