"""A comparison as it is shown: sentences and values without secrets, the same for all formats."""

from collections.abc import Collection, Sequence
from enum import Enum

from isvclog.findings import counted
from isvclog.keypath import dotted
from isvclog.kserve.exchange_result import ServicePreview
from isvclog.preview.comparison import FactChange, LoggerChange, PreviewComparison, ServiceChange
from isvclog.preview.facts import Fact, Kind, LoggerState, Logging
from isvclog.records import NamedTuple
from isvclog.redact.gate import Redaction, redaction_for
from isvclog.report.formats import FormatSettings
from isvclog.report.preview.component import component_label, summary, view_component
from isvclog.report.preview.redaction import ExchangeRedaction, services_redaction
from isvclog.report.preview.silence import kubectl_rejection
from isvclog.report.preview.unknown import NOT_RENDERED

IN_SUMMARY = frozenset({"events", "url"})
"""Settings that the sentence on a component says."""
NO_SERVICE = "there is no such service"
"""The words in place of the verdict if a service is only in the other state."""
_URLS = frozenset(
    {
        (Kind.SETTING, "url"),
        (Kind.SETTING, "marshallerUrl"),
        (Kind.ARGUMENT, "--log-url"),
        (Kind.ARGUMENT, "--log-marshaller-url"),
    }
)
_NOTHING = (Logging.OFF.value, Logging.SILENT.value)


class ChangeKind(Enum):
    """The kind of a change, as the reader of the event sees it; `listed` names are listed and do not arrive."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    LISTED = "listed"
    UNLISTED = "unlisted"


_TOTALS = {
    ChangeKind.CHANGED: ("changes", "change"),
    ChangeKind.ADDED: ("is added", "are added"),
    ChangeKind.REMOVED: ("is removed", "are removed"),
}


class ShownFact(NamedTuple):
    """A fact in one state. `value` is None if the event does not have it, or if it is not known before rendering."""

    name: str
    value: str | None
    arrives: bool
    is_known: bool
    status: str = ""
    message: str = ""

    @property
    def words(self) -> str:
        """The value for people."""
        if not self.is_known:
            return NOT_RENDERED
        if self.value is None:
            return "if a client sends it" if self.arrives else "does not arrive"
        return self.value


class ShownChange(NamedTuple):
    """A fact that changes. `is_masked` is True if the change is not visible, because both values are hidden."""

    kind: Kind
    name: str
    change: ChangeKind
    old: ShownFact | None
    new: ShownFact | None
    is_masked: bool

    @property
    def is_told(self) -> bool:
        """True if the sentence on the component says it."""
        return self.kind is Kind.SETTING and self.name in IN_SUMMARY and not self.is_masked


class ShownLogger(NamedTuple):
    """A component whose events change, with a sentence on it in each state.

    `is_sent_alike` is True if it sends as much to the same place in both, whatever names arrive. `remedy` is for a
    logger that sends nothing in the new state.
    """

    name: str
    component: str
    canary: str
    old: str
    new: str
    is_sent_alike: bool
    logging: tuple[str, str]
    remedy: str
    changes: tuple[ShownChange, ...]

    @property
    def details(self) -> tuple[ShownChange, ...]:
        """The changes that people want to see: of a logger that is new, its names; of one that ends, none."""
        if self.logging[1] in _NOTHING:
            return ()
        kinds = (Kind.ANNOTATION, Kind.HEADER) if self.logging[0] in _NOTHING else tuple(Kind)
        return tuple(each for each in self.changes if not each.is_told and each.kind in kinds)


class ShownService(NamedTuple):
    """A service whose events change. `rejected` are sentences on its rejection in each state, empty for none."""

    label: str
    change: ChangeKind
    files: tuple[str, str]
    rejected: tuple[str, str]
    loggers: tuple[ShownLogger, ...]

    @property
    def file(self) -> str:
        """The newest file that has the service."""
        return self.files[1] or self.files[0]


def shown_services(comparison: PreviewComparison, settings: FormatSettings) -> list[ShownService]:
    """Build what is shown of each service whose events change; report it if something is hidden."""
    shown, is_hidden = [], False
    given = comparison.new.preview.given
    for change in comparison.services:
        gate = services_redaction([item for item in (change.old, change.new) if item is not None], settings.reveal)
        shown.append(_service(change, gate, given))
        is_hidden |= gate.has_hidden
    if is_hidden:
        settings.on_hidden()
    return shown


def shown_sentences(sentences: Sequence[str], settings: FormatSettings) -> list[str]:
    """Mask secrets in sentences about files, as in errors and notes."""
    gate = redaction_for(settings.reveal)
    return [gate.text(sentence) for sentence in sentences]


def totals(services: Sequence[ShownService], comparison: PreviewComparison) -> str:
    """Count the services: `2 services change, 1 is added; 3 do not change`."""
    if comparison.is_empty:
        return "There is no InferenceService in either state."
    if not services:
        return f"Nothing changes in the events of {counted(comparison.unchanged, 'InferenceService')}."
    rest = comparison.unchanged
    others = f"; {rest:,} {'does' if rest == 1 else 'do'} not change" if rest else ""
    return f"{', '.join(_parts(services))}{others}."


def _parts(services: Sequence[ShownService]) -> list[str]:
    parts: list[str] = []
    for kind, (one, several) in _TOTALS.items():
        if number := sum(service.change is kind for service in services):
            noun = "" if parts else " service" if number == 1 else " services"
            parts.append(f"{number:,}{noun} {one if number == 1 else several}")
    return parts


def _service(change: ServiceChange, gate: Redaction, given: Collection[str]) -> ShownService:
    newest = change.new or change.old
    assert newest is not None
    kind = ChangeKind.ADDED if change.old is None else ChangeKind.REMOVED if change.new is None else ChangeKind.CHANGED
    old, new = change.old, change.new
    return ShownService(
        gate.text(newest.label),
        kind,
        (old.file if old else "", new.file if new else ""),
        (_rejection(old, gate), _rejection(new, gate)),
        tuple(_logger(logger, change, gate, given) for logger in change.loggers),
    )


def _rejection(item: ServicePreview | None, gate: Redaction) -> str:
    if item is None:
        return ""
    if item.rejected is not None:
        path = gate.text(dotted(item.rejected.path))
        return f"the cluster rejects the service: {path} {gate.sentence(item.rejected.reason)}"
    return kubectl_rejection(item, gate)


def _logger(logger: LoggerChange, change: ServiceChange, gate: Redaction, given: Collection[str]) -> ShownLogger:
    newest = logger.new or logger.old
    assert newest is not None
    component = newest.component
    old, new = logger.old, logger.new
    before = _sentences(old, change.old, component.name, gate, given)
    now = _sentences(new, change.new, component.name, gate, given)
    remedy = new.diagnosis.remedy if new and new.diagnosis and new.logging is Logging.SILENT else ""
    return ShownLogger(
        component_label(component, gate.text),
        component.name,
        gate.text(component.label) if component.canary else "",
        "; ".join(filter(None, before)),
        "; ".join(filter(None, now)),
        before[0] == now[0],
        (_logging(old), _logging(new)),
        gate.sentence(remedy),
        tuple(_change(each, logger, gate) for each in logger.facts),
    )


def _sentences(
    state: LoggerState | None, item: ServicePreview | None, name: str, gate: Redaction, given: Collection[str]
) -> tuple[str, str]:
    """Say what a component sends in one state, and how many of its names arrive."""
    if state is not None and state.result is not None and state.other is not None:
        view = view_component(state.result, state.other, gate, given)
        if state.logging is Logging.SILENT and state.diagnosis is not None:
            return f"sends nothing: {view.redaction.message(state.diagnosis.because)}", ""
        return summary(view)
    if item is None:
        return NO_SERVICE, ""
    if state is not None:
        return "sends nothing: it has no logger", ""
    return "sends nothing: the cluster rejects the service" if item.rejected else f"there is no {name}", ""


def _logging(state: LoggerState | None) -> str:
    return (state.logging if state else Logging.OFF).value


def _change(change: FactChange, logger: LoggerChange, gate: Redaction) -> ShownChange:
    old = _fact(change, change.old, logger.old, gate)
    new = _fact(change, change.new, logger.new, gate)
    is_masked = old is not None and new is not None and old.words == new.words
    newest = new or old
    name = newest.name if newest else change.name
    return ShownChange(change.kind, name, _kind(change.old, change.new), old, new, is_masked)


def _kind(old: Fact | None, new: Fact | None) -> ChangeKind:
    before, after = (fact is not None and (fact.arrives or not fact.is_known) for fact in (old, new))
    if before and after:
        return ChangeKind.CHANGED
    if before or after:
        return ChangeKind.ADDED if after else ChangeKind.REMOVED
    return ChangeKind.LISTED if new is not None else ChangeKind.UNLISTED


def _fact(change: FactChange, fact: Fact | None, state: LoggerState | None, gate: Redaction) -> ShownFact | None:
    if fact is None:
        return None
    if fact.status is not None and state is not None and state.result is not None:
        masked = ExchangeRedaction(state.result, gate).status(fact.status, header=change.kind is Kind.HEADER)
        if not fact.is_known:
            return ShownFact(masked.name, None, False, False)
        return ShownFact(masked.name, masked.value, fact.arrives, True, masked.status.value, masked.message)
    if fact.value is None:
        return ShownFact(change.name, None, False, fact.is_known)
    is_url = (change.kind, change.name) in _URLS
    value = gate.value("url", fact.value) if is_url else gate.text(fact.value)
    return ShownFact(change.name, value, True, True)
