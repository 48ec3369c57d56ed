"""The path of each logger stage by stage, what became of each listed name, and the events as they go over the wire."""

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from isvclog.keypath import dotted
from isvclog.kserve import blob, dispatcher
from isvclog.kserve.defaults import SHIPPED
from isvclog.kserve.diagnosis import Diagnosis, diagnose
from isvclog.kserve.events import Event
from isvclog.kserve.fate import Fate, Trace, annotation_traces, header_traces
from isvclog.kserve.journey import Journey, ServiceJourney
from isvclog.kserve.tls import trust
from isvclog.report.color import Paint
from isvclog.report.escape import printable
from isvclog.report.preview.concealed import (
    concealed,
    concealed_log,
    concealed_trace,
    shown_target,
    shown_url,
    without_url,
)

# A request line or header longer than this is refused by nginx, Tomcat, Netty and others.
COMMON_HEADER_LIMIT = 8192
MAX_BODY_CHARACTERS = 4000
MAX_VALUE_CHARACTERS = 120

_STYLES = {
    Fate.CARRIED: "green",
    Fate.OVERRIDDEN: "yellow",
    Fate.ALTERED: "bold yellow",
    Fate.INJECTED: "bold red",
    Fate.FILTERED: "bold yellow",
    Fate.MISSING: "yellow",
    Fate.LOST: "bold red",
}


class Style(NamedTuple):
    """How to print: `width` columns (None: do not wrap), and whether sensitive values are shown."""

    paint: Paint
    width: int | None = None
    reveal: bool = False


def text(services: Iterable[ServiceJourney], style: Style) -> Iterator[str]:
    """One block of lines for each service."""
    for service in services:
        yield "\n".join(_service(service, style)) + "\n"


def _service(item: ServiceJourney, style: Style) -> Iterator[str]:
    paint = style.paint
    yield f"{paint(printable(item.label), 'bold')}  {paint(printable(item.file), 'dim')}"
    if item.refused is not None:
        path, reason = dotted(item.refused.path), item.refused.reason
        yield from _row("refused", f"{path} {reason}", style, "bold red")
        yield from _row("effect", "the cluster does not accept the object, so nothing is deployed", style)
        yield from _row("remedy", "see isvclog validate for each complaint with its line", style)
        yield ""
        return
    for journey in item.journeys[:1]:
        yield style.paint(_facts(journey), "dim")
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
    paint, prediction = style.paint, journey.prediction
    name = prediction.component.name
    diagnosis = diagnose(journey)
    metadata = journey.logged[0].metadata if journey.logged else None
    annotations, headers = list(annotation_traces(prediction)), list(header_traces(prediction, metadata))
    if diagnosis is None:
        yield f"{paint(name, 'bold')}  {paint(_success(journey), 'bold green')}{_but([*annotations, *headers], style)}"
    else:
        yield f"{paint(name, 'bold')}  {paint(_failure(journey), 'bold red')}"
        yield from _diagnosis(journey, diagnosis, style)
    yield from _stages(journey, style)
    shown = journey if style.reveal else concealed(journey)
    yield from _traces("annotations", annotations, style)
    yield from _traces("headers", headers, style)
    for event, real in zip(shown.outcome.events, journey.outcome.events, strict=False):
        yield from _event(event, real, style)
    for upload in shown.outcome.uploads:
        yield from _upload(upload, style)


def _success(journey: Journey) -> str:
    outcome = journey.outcome
    settings = journey.logged[0].settings
    if outcome.events:
        return f"sends {_count(len(outcome.events), 'event')} to {printable(shown_url(settings.url))}"
    if outcome.uploads:
        return f"stores {_count(len(outcome.uploads), 'object')} in {printable(shown_url(settings.url))}"
    return f"keeps {_count(outcome.waiting, 'record')} until {settings.batch_size:,} have come"


def _failure(journey: Journey) -> str:
    prediction, startup = journey.prediction, journey.prediction.startup
    if prediction.obstacle is None:
        return "SENDS NOTHING" if not journey.outcome.events else "LOSES EVENTS"
    if startup is not None and not startup.runs:
        code = f"exit code {startup.exit}" if startup.exit is not None else str(startup.exec_error)
        return f"THE AGENT DOES NOT START ({code})"
    return f"LOGS NOTHING: {prediction.obstacle.value}"


def _diagnosis(journey: Journey, diagnosis: Diagnosis, style: Style) -> Iterator[str]:
    startup = journey.prediction.startup
    because, log = diagnosis.because, "" if startup is None or startup.runs else startup.message
    if not style.reveal:
        because, log = without_url(because, journey), concealed_log(journey)
    rows = (("because", because), ("log", log), ("effect", diagnosis.effect), ("remedy", diagnosis.remedy))
    for label, sentence in rows:
        if sentence:
            yield from _row(label, sentence, style, "bold" if label == "remedy" else "")


def _stages(journey: Journey, style: Style) -> Iterator[str]:
    for label, sentence in _stage_sentences(journey):
        yield from _row(label, sentence, style)


def _stage_sentences(journey: Journey) -> Iterator[tuple[str, str]]:
    prediction = journey.prediction
    logger, pod, injection, startup = prediction.logger, prediction.pod, prediction.injection, prediction.startup
    annotations, headers = (logger.metadata_annotations or (), logger.metadata_headers or ()) if logger else ((), ())
    listed = f"lists {_count(len(annotations), 'annotation')} and {_count(len(headers), 'header')}"
    if logger and logger.pruned:
        dropped = f"KServe {prediction.installation.release} has no {', '.join(map(str, logger.pruned))} in a logger"
        yield "dropped", f"{dropped}: kubectl refuses the manifest, other clients drop it"
    yield (
        "manifest",
        f"mode {logger.mode}, {listed}" if logger else "no logger block, only KServe's internal annotation",
    )
    if pod is not None:
        kept = sum(key in pod.annotations for key in annotations)
        runtime = f"from runtime {pod.runtime.name}; " if pod.runtime else ""
        yield "pod", f"{runtime}has {kept} of {len(annotations)} listed annotations"
    if injection is not None and injection.args is not None:
        sizes = [len(arg.encode("utf-8", "surrogateescape")) for arg in injection.args]
        yield "webhook", f"passes {len(sizes)} arguments to the agent, the longest has {max(sizes):,} bytes"
    if startup is None:
        return
    if startup.settings is None:
        yield "agent", "exits" if not startup.runs else "starts, without a logger"
        return
    held = startup.settings
    names = len(held.metadata_headers or ())
    yield "agent", f"starts; holds {_count(len(held.annotations), 'annotation')} and {_count(names, 'header name')}"
    yield "sink", _sink(journey)
    if held.url.scheme == "https" and dispatcher.sink(held) == blob.CLOUDEVENTS and injection is not None:
        yield "tls", f"the sink's certificate is {trust(held, ca_found=bool(injection.ca_bundle)).value}"


def _sink(journey: Journey) -> str:
    settings = journey.prediction.settings
    assert settings is not None
    url = shown_url(settings.url)
    kind = dispatcher.sink(settings)
    if kind == blob.CLOUDEVENTS:
        note = "" if not _default_broker(journey) else " (no url: the ConfigMap's defaultUrl)"
        return f"CloudEvents by HTTP POST to {url}{note}"
    store = f", {settings.store.format} records" if settings.store else ""
    batch = f", {settings.batch_size:,} a batch" if settings.batch_size > 1 else ""
    marshalled = (
        "" if settings.marshaller_url == blob.DEFAULT_MARSHALLER_URL else ", written by the external marshaller"
    )
    return f"objects in {url}{store}{batch}{marshalled}"


def _default_broker(journey: Journey) -> bool:
    logger = journey.prediction.logger
    return logger is not None and logger.url is None


def _but(traces: Iterable[Trace], style: Style) -> str:
    """What a green line must not hide: listed names that the event carries otherwise, or not at all."""
    count = sum(trace.fate not in (Fate.CARRIED, Fate.OVERRIDDEN) and not trace.possible for trace in traces)
    verb = "is" if count == 1 else "are"
    return style.paint(f", but {_count(count, 'name')} {verb} not carried as listed", "bold yellow") if count else ""


def _traces(title: str, rows: Sequence[Trace], style: Style) -> Iterator[str]:
    if not rows:
        return
    if not style.reveal:
        rows = [concealed_trace(trace, header=title == "headers") for trace in rows]
    yield ""
    yield f"  {style.paint(title, 'bold')}"
    name_width = min(40, max(len(printable(trace.name)) for trace in rows))
    for trace in rows:
        yield from _trace(trace, name_width, style)


def _trace(trace: Trace, name_width: int, style: Style) -> Iterator[str]:
    name, fate = printable(trace.name) or "''", trace.fate.value
    value = "" if trace.value is None else _visible(trace.value)
    if trace.sources and trace.fate is Fate.ALTERED:
        value = f"'{value}' instead of '{_visible(trace.sources[-1][1])}'"
    elif trace.sources and trace.value is not None:
        value += f", from {trace.sources[-1][0]}"
    details = [part for part in (value, trace.why) if part]
    lead = f"    {name:<{name_width}}  {fate:<10}  "
    first, *rest = _wrap(lead, "; ".join(details), style.width)
    yield lead[: -len(fate.ljust(10)) - 2] + style.paint(fate.ljust(10), _STYLES[trace.fate]) + first[len(lead) - 2 :]
    yield from rest


def _visible(value: str) -> str:
    if not value.strip():
        return repr(value)
    return printable(value[:MAX_VALUE_CHARACTERS]) + ("…" if len(value) > MAX_VALUE_CHARACTERS else "")


def _event(event: Event, real: Event, style: Style) -> Iterator[str]:
    wire = real.wire()
    head = len(wire) - len(real.body)
    sizes = [f"{len(real.body):,} bytes of data", f"{head:,} bytes of headers"]
    lengths = {name: len(value.encode("utf-8", "surrogateescape")) for name, value in real.headers}
    sizes += [f"{name} {lengths[name]:,}" for name in ("Ce-Annotations", "Ce-Metadata") if name in lengths]
    yield ""
    yield f"  {style.paint(real.type.rpartition('.')[2] + ' event', 'bold')}  {', '.join(sizes)}"
    if max(lengths.values()) > COMMON_HEADER_LIMIT:
        yield from _row("note", f"many receivers refuse a header above {COMMON_HEADER_LIMIT:,} bytes", style, "yellow")
    target = event.target if style.reveal else shown_target(event.target)
    yield f"    POST {printable(target)} HTTP/1.1"
    for name, value in event.headers:
        hidden = name == "Authorization" and not style.reveal
        yield f"    {style.paint(printable(name) + ':', 'cyan')} {'…' if hidden else printable(value)}".rstrip()
    yield from _body(event.body)


def _upload(upload: blob.Upload, style: Style) -> Iterator[str]:
    size = len(upload.data.encode("utf-8", "surrogateescape"))
    yield ""
    yield f"  {style.paint('object', 'bold')}  {size:,} bytes, {upload.format}"
    yield f"    bucket  {printable(upload.bucket)}"
    yield f"    key     {printable(upload.key)}"
    if upload.format == "parquet":
        yield "    rows, here as CSV (the bytes of a Parquet file depend on its writer):"
    yield from _body(upload.data.encode("utf-8", "surrogateescape"))


def _body(body: bytes) -> Iterator[str]:
    if not body:
        return
    yield ""
    try:
        shown = body.decode()
    except UnicodeDecodeError:
        yield f"    <{len(body):,} bytes that are not text>"
        return
    for line in shown[:MAX_BODY_CHARACTERS].split("\n"):
        yield f"    {printable(line)}".rstrip()
    if len(shown) > MAX_BODY_CHARACTERS:
        yield f"    … {len(shown) - MAX_BODY_CHARACTERS:,} more characters"


def _row(label: str, sentence: str, style: Style, look: str = "") -> Iterator[str]:
    lead = f"  {label:<9} "
    first, *rest = _wrap(lead, printable(sentence), style.width)
    yield f"  {style.paint(label.ljust(9), look or 'dim')} {first[len(lead) :]}"
    yield from rest


def _wrap(lead: str, sentence: str, width: int | None) -> Sequence[str]:
    if not width or not sentence:
        return [lead + sentence]
    indent = " " * (len(lead) if len(lead) * 2 < width else 6)
    return textwrap.wrap(
        sentence,
        max(width, 40),
        initial_indent=lead,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
        drop_whitespace=True,
    ) or [lead]


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
