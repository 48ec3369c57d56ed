"""Hovers: what happens to a listed name, the value that arrives, and what kind of sink a URL is."""

from collections.abc import Iterable, Iterator, Mapping

from lsprotocol import types

from isvclog.diagnosis.lineage import KeyStatus
from isvclog.diagnosis.sink_check import Sink, sink_of
from isvclog.editor.documents import OpenDocument
from isvclog.editor.previews import LoggerView, Previews, lists, logger_paths
from isvclog.findings import Span, code
from isvclog.keypath import KeyPath, value_at
from isvclog.kserve.agent.store import CLOUDEVENTS
from isvclog.kserve.exchange_result import ServicePreview
from isvclog.manifest import Object
from isvclog.report.preview.redaction import service_redaction
from isvclog.report.preview.unknown import NOT_RENDERED, known_statuses
from isvclog.report.rules.markdown import escape_prose

_LONGEST = 200
_STORAGES: Mapping[str, str] = {"s3": "S3", "gs": "Google Cloud Storage", "abfs": "Azure"}


def hover(document: OpenDocument, previews: Previews, position: types.Position) -> types.Hover | None:
    """Explain what is at a position; None if it is no listed name, annotation or URL of a logger."""
    line, column = document.lines.from_client(position)
    index = previews.at(line)
    if index is None:
        return None
    item = previews.services[index]
    for path, span in _places(item):
        if _is_in(span, line, column):
            preview = previews.of(index)
            rejected = list(_rejection(item, path, preview))
            texts = rejected or list(_explained(item, path, previews.loggers(index)))
            text = types.MarkupContent(types.MarkupKind.Markdown, "\n\n".join(texts))
            return types.Hover(text, document.lines.range(span)) if texts else None
    return None


def _places(item: Object) -> Iterator[tuple[KeyPath, Span]]:
    """Yield the places that a hover explains: listed names, annotations with their values, and URLs."""
    for path in lists(item):
        yield path, item.span(path)
    for key in _keys(item, ("metadata", "annotations")):
        annotation: KeyPath = ("metadata", "annotations", key)
        yield annotation, item.key_span(annotation)
        yield annotation, item.span(annotation)
    for logger in logger_paths(item):
        url: KeyPath = (*logger, "url")
        if item.has(url):
            yield url, item.span(url)


def _keys(item: Object, path: KeyPath) -> Iterable[str]:
    found = value_at(item.data, path)
    return found if isinstance(found, dict) else ()


def _is_in(span: Span, line: int, column: int) -> bool:
    return span[:2] <= (line, column) < span[2:]


def _rejection(item: Object, path: KeyPath, preview: ServicePreview) -> Iterator[str]:
    """Yield why nothing is deployed, if the cluster rejects the service and a logger has to do with the place."""
    is_listed = path[0] != "metadata" or path[-1] in [value_at(item.data, each) for each in lists(item)]
    if preview.rejected is not None and is_listed:
        sentence = service_redaction(preview, reveal=False).sentence(str(preview.rejected))
        yield f"**Rejected**, so nothing is deployed: {escape_prose(sentence)}."


def _explained(item: Object, path: KeyPath, loggers: Iterator[LoggerView]) -> Iterator[str]:
    """Yield a paragraph for each logger that has to do with a place."""
    for logger in loggers:
        if path[0] == "metadata":
            if logger.lists(item, path[-1]):
                yield from _status(logger, path[-1], is_header=False)
        elif path == (*logger.path, "url"):
            yield from _sink(logger)
        elif path[:-2] == logger.path:
            yield from _status(logger, value_at(item.data, path), is_header=path[-2] == "metadataHeaders")


def _status(logger: LoggerView, name: object, *, is_header: bool) -> Iterator[str]:
    entry = next((each for each in known_statuses(*logger.pair)[is_header] if each.name == name), None)
    if entry is None:
        yield f"{logger.owner}: {NOT_RENDERED}"
        return
    shown = logger.redaction.status(entry, header=is_header)
    message = f": {escape_prose(shown.message)}" if shown.message else ""
    yield f"{code(shown.name)} of the {logger.owner}'s logger: **{shown.status.value}**{message}"
    if shown.value is not None:
        yield f"The event has {_quoted(shown)}"


def _quoted(entry: KeyStatus) -> str:
    value = entry.value or ""
    return code(value if len(value) <= _LONGEST else f"{value[:_LONGEST]}…")


def _sink(logger: LoggerView) -> Iterator[str]:
    result, other = logger.pair
    sink, twin = sink_of(result.prediction), sink_of(other.prediction)
    if sink is None or twin is None or sink.text != twin.text:
        yield f"The sink of the {logger.owner}'s logger is {NOT_RENDERED}."
        return
    yield f"The sink of the {logger.owner}'s logger: {_kind(sink)}"
    if sink.problem:
        yield f"**Nothing arrives**: {escape_prose(sink.problem.value)}."
    else:
        yield escape_prose(f"What is sent: {logger.summary()}.")


def _kind(sink: Sink) -> str:
    if sink.kind != CLOUDEVENTS:
        storage = _STORAGES.get(sink.url.scheme, sink.url.scheme)
        return f"object storage ({escape_prose(storage)}), in which the agent writes records."
    if sink.url.scheme == "https":
        return "a CloudEvents receiver, to which the agent posts events over TLS."
    return "a CloudEvents receiver, to which the agent posts events over HTTP, not encrypted."
