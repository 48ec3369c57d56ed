"""Previews of the services in an open document: what each logger sends for one request."""

from collections.abc import Iterator, Mapping
from time import time_ns
from uuid import uuid4

from isvclog.diagnosis.causes import diagnose
from isvclog.editor.documents import OpenDocument
from isvclog.editor.projects import Project
from isvclog.errors import IsvclogError, UsageError
from isvclog.findings import code, counted, shorten_text
from isvclog.keypath import KeyPath, value_at
from isvclog.kserve.apis.constants import PREDICTOR
from isvclog.kserve.apis.installation import ConfigError, Installation
from isvclog.kserve.exchange_result import ExchangeResult, ServicePreview
from isvclog.manifest import Object, load
from isvclog.preview.inputs import PREVIEW_KEYWORDS, PreviewInputs
from isvclog.preview.model import Preview, PreviewRequest, preview_written
from isvclog.preview.unknown import with_others
from isvclog.records import NamedTuple
from isvclog.report.formats import FormatSettings, preview_format
from isvclog.report.preview.redaction import ExchangeRedaction, service_redaction
from isvclog.report.preview.unknown import NOT_RENDERED

_WIDTH = 100
_LONGEST_REASON = 120
_MOST_CANARIES = 20
"""The canaries with which those of a service are previewed: each preview reads all of them."""
_STABLE_LIST: KeyPath = ("spec", PREDICTOR, "logger", "metadataAnnotations")


class LoggerView(NamedTuple):
    """The logger of one component: what happens to an exchange, and the same for other values of placeholders.

    `path` is that of the logger in the object. `canary` is the name of a canary predictor, empty for other components;
    `path` is that of its predictor if it has the logger from the stable one.
    """

    path: KeyPath
    pair: tuple[ExchangeResult, ExchangeResult]
    redaction: ExchangeRedaction
    canary: str = ""

    @property
    def owner(self) -> str:
        """The component in a sentence, as Markdown."""
        return f"canary {code(self.canary)}" if self.canary else str(self.path[1])

    def lists(self, item: Object, name: object) -> bool:
        """Check whether the logger lists an annotation, also if it has the list from the stable predictor."""
        own: KeyPath = (*self.path, "metadataAnnotations")
        return name in (value_at(item.data, own if item.has(own) or not self.canary else _STABLE_LIST) or ())

    def summary(self) -> str:
        """Say in a few words what is sent for a request."""
        result, other = self.pair
        if not result.ends_like(other):
            return NOT_RENDERED
        delivery, diagnosis = result.delivery, diagnose(result)
        sent = [
            counted(len(found), noun)
            for found, noun in ((delivery.events, "event"), (delivery.uploads, "stored object"))
            if found
        ]
        if diagnosis is None:
            return f"{' and '.join(sent)} per request" if sent else "stores records in batches"
        reason = shorten_text(self.redaction.message(diagnosis.because))
        cut = reason if len(reason) <= _LONGEST_REASON else f"{reason[: _LONGEST_REASON - 1]}…"
        return f"{' and '.join(sent) or 'no events'}: {cut}"


class Previews:
    """The services of one state of a document, each previewed when somebody asks for it."""

    def __init__(self, document: OpenDocument, project: Project) -> None:
        inputs = PreviewInputs(() if document.path is None else (document.path,))
        known = project.settings.installation
        try:
            inputs.add(load(document.source, PREVIEW_KEYWORDS))
            known = inputs.installation(known)
        except (ConfigError, IsvclogError):  # the ConfigMap beside the services is not complete yet
            pass
        self.services = inputs.services
        self._installation: Installation = known
        self._previews: dict[tuple[int, str], ServicePreview] = {}

    def of(self, index: int, canary: str = "") -> ServicePreview:
        """Preview the service with this index, or one of its canaries. Raise UsageError if it has no such canary."""
        if (index, canary) not in self._previews:
            request = PreviewRequest(canary=canary or None, new_id=lambda: str(uuid4()), time_ns=time_ns())
            self._previews[index, canary] = preview_written(self.services[index], self._installation, request)
        return self._previews[index, canary]

    def loggers(self, index: int) -> Iterator[LoggerView]:
        """Yield the loggers of a service that the manifest writes, then those of its canaries."""
        item, preview = self.services[index], self.of(index)
        gate = service_redaction(preview, reveal=False)
        for pair in with_others(preview):
            path: KeyPath = ("spec", pair[0].prediction.component.name, "logger")
            if item.has(path):
                yield LoggerView(path, pair, ExchangeRedaction(pair[0], gate))
        if preview.rejected is None:
            yield from self._canary_loggers(index)

    def _canary_loggers(self, index: int) -> Iterator[LoggerView]:
        item = self.services[index]
        canaries = list(canary_predictors(item))
        for name, path in canaries if len(canaries) <= _MOST_CANARIES else ():
            try:
                preview = self.of(index, name)
            except UsageError:  # one that KServe does not read, or a release without canaries
                continue
            gate = service_redaction(preview, reveal=False)
            own: KeyPath = (*path, "logger")
            for pair in with_others(preview):
                yield LoggerView(own if item.has(own) else path, pair, ExchangeRedaction(pair[0], gate), name)

    def text(self, index: int, canary: str = "") -> str:
        """Write the preview of a service as `isvclog preview --full` prints it, with secrets masked."""
        shown = Preview([self.of(index, canary)], self._installation.release)
        pieces = preview_format("text")(shown, FormatSettings(width=_WIDTH, full=True))
        return "".join(piece for piece in pieces if isinstance(piece, str))

    def at(self, line: int) -> int | None:
        """Return the index of the service around a line of the file, or None."""
        for index, item in enumerate(self.services):
            span = item.span(())
            if span.line <= line <= span.end_line:
                return index
        return None


def lists(item: Object) -> Iterator[KeyPath]:
    """Yield the paths of all names that the loggers of a service list."""
    for logger in logger_paths(item):
        for field in ("metadataAnnotations", "metadataHeaders"):
            names = value_at(item.data, (*logger, field))
            for index in range(len(names) if isinstance(names, list) else 0):
                yield (*logger, field, index)


def logger_paths(item: Object) -> Iterator[KeyPath]:
    """Yield the paths at which components and canaries of a service may have a logger."""
    spec = item.data.get("spec")
    for component in spec if isinstance(spec, Mapping) else ():
        yield ("spec", component, "logger")
    for _, path in canary_predictors(item):
        yield (*path, "logger")


def canary_predictors(item: Object) -> Iterator[tuple[str, KeyPath]]:
    """Yield the name and the path of each predictor in `spec.canary`."""
    canaries = value_at(item.data, ("spec", "canary"))
    for index in range(len(canaries) if isinstance(canaries, list) else 0):
        path: KeyPath = ("spec", "canary", index, PREDICTOR)
        name = value_at(item.data, (*path, "name"))
        if isinstance(name, str) and name:
            yield name, path
