"""Previews of the services in an open document: what each logger sends for one request."""

from collections.abc import Iterator, Mapping
from time import time_ns
from typing import NamedTuple
from uuid import uuid4

from isvclog.diagnosis.causes import diagnose
from isvclog.editor.documents import OpenDocument
from isvclog.editor.projects import Project
from isvclog.errors import IsvclogError
from isvclog.findings import counted, shorten_text
from isvclog.keypath import KeyPath
from isvclog.kserve.apis.installation import ConfigError, Installation
from isvclog.kserve.exchange_result import ExchangeResult, ServicePreview
from isvclog.manifest import Object, load
from isvclog.preview.inputs import PREVIEW_KEYWORDS, PreviewInputs
from isvclog.preview.model import Preview, PreviewRequest, preview_written
from isvclog.preview.unknown import with_others
from isvclog.report.formats import FormatSettings, preview_format
from isvclog.report.preview.redaction import ExchangeRedaction, service_redaction
from isvclog.report.preview.unknown import NOT_RENDERED

_WIDTH = 100
_LONGEST_REASON = 120


class LoggerView(NamedTuple):
    """The logger of one component: what happens to an exchange, and the same for other values of placeholders.

    `path` is that of the logger in the object.
    """

    path: KeyPath
    pair: tuple[ExchangeResult, ExchangeResult]
    redaction: ExchangeRedaction

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
        self._previews: dict[int, ServicePreview] = {}

    def of(self, index: int) -> ServicePreview:
        """Preview the service with this index."""
        if index not in self._previews:
            request = PreviewRequest(new_id=lambda: str(uuid4()), time_ns=time_ns())
            self._previews[index] = preview_written(self.services[index], self._installation, request)
        return self._previews[index]

    def loggers(self, index: int) -> Iterator[LoggerView]:
        """Yield the loggers of a service that the manifest writes; those of canaries are left out."""
        item, preview = self.services[index], self.of(index)
        gate = service_redaction(preview, reveal=False)
        for pair in with_others(preview):
            component = pair[0].prediction.component
            path: KeyPath = ("spec", component.name, "logger")
            if not component.canary and item.has(path):
                yield LoggerView(path, pair, ExchangeRedaction(pair[0], gate))

    def text(self, index: int) -> str:
        """Write the preview of a service as `isvclog preview --full` prints it, with secrets masked."""
        shown = Preview([self.of(index)], self._installation.release)
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
    spec = item.data.get("spec")
    for component, content in spec.items() if isinstance(spec, Mapping) else ():
        logger = content.get("logger") if isinstance(content, Mapping) else None
        for field in ("metadataAnnotations", "metadataHeaders"):
            names = logger.get(field) if isinstance(logger, Mapping) else None
            for index in range(len(names) if isinstance(names, list) else 0):
                yield ("spec", component, "logger", field, index)
