"""Facts about the events of a logger that a change of the manifest can change, by name."""

from collections.abc import Callable, Iterator, Mapping
from enum import Enum
from typing import TypeAlias

from isvclog.diagnosis.causes import diagnose
from isvclog.diagnosis.lineage import KeyStatus, annotation_statuses, header_statuses
from isvclog.diagnosis.model import Diagnosis
from isvclog.findings import counted
from isvclog.kserve.agent.settings import DEFAULT_MARSHALLER_URL, AgentSettings
from isvclog.kserve.agent.store import CLOUDEVENTS
from isvclog.kserve.apis.spec import Component
from isvclog.kserve.exchange_result import ExchangeResult, ServicePreview
from isvclog.kserve.logger.dispatcher import choose_sink
from isvclog.preview.unknown import with_others
from isvclog.records import NamedTuple

_OTHER = frozenset({"Id", "Time", "Recordedtime", "Type", "Specversion", "Annotations", "Metadata"})
"""Attributes that no manifest changes, or that have facts of their own."""


class Kind(Enum):
    """The kind of a fact: a setting of the agent, an attribute of the event, a listed annotation or header.

    Arguments of the agent, and the form of events and records, differ between releases only.
    """

    ARGUMENT = "argument"
    FORM = "form"
    SETTING = "setting"
    ATTRIBUTE = "attribute"
    ANNOTATION = "annotation"
    HEADER = "header"


class Fact(NamedTuple):
    """One fact. `value` is None for a name that the event lacks, and for what is not known before rendering.

    `status` is that of a listed name. `is_known` is False if the value depends on a placeholder of a template.
    """

    value: str | None
    status: KeyStatus | None = None
    is_known: bool = True

    @property
    def arrives(self) -> bool:
        """True for a name that the event has, or has if a client sends it."""
        return self.value is not None or (self.status is not None and self.status.possible)

    def is_like(self, other: "Fact") -> bool:
        """Check whether the event is the same with both."""
        return self._event() == other._event()

    def _event(self) -> tuple[bool, str | None, bool]:
        return self.is_known, self.value, self.arrives


FactKey: TypeAlias = tuple[Kind, str]
"""The kind and the name of a fact."""

MoreFacts: TypeAlias = Callable[[ExchangeResult], Mapping[FactKey, Fact]]
"""A function that returns further facts about an exchange of which something is sent."""

UNKNOWN = Fact(None, is_known=False)


class Logging(Enum):
    """The answer to whether a component logs: it has no logger, its logger sends, or sends nothing, or it is open."""

    OFF = "off"
    SENDS = "sends"
    SILENT = "silent"
    UNKNOWN = "unknown"


class LoggerState(NamedTuple):
    """A component of a service in one state, and the facts about its events.

    `result` and `other` are None without a logger. `facts` is empty if nothing is sent, or if that is not known.
    """

    component: Component
    logging: Logging
    result: ExchangeResult | None = None
    other: ExchangeResult | None = None
    facts: Mapping[FactKey, Fact] = {}
    diagnosis: Diagnosis | None = None

    @property
    def key(self) -> tuple[str, str]:
        """The name of the component and that of the canary, empty for none."""
        return self.component.name, self.component.label if self.component.canary else ""


def no_more_facts(result: ExchangeResult) -> Mapping[FactKey, Fact]:
    """Return nothing: the facts that a manifest decides are all."""
    return {}


def logger_states(item: ServicePreview, more: MoreFacts = no_more_facts) -> Iterator[LoggerState]:
    """Yield the state of each component of a service."""
    for component in item.silent:
        yield LoggerState(component, Logging.OFF)
    for result, other in with_others(item):
        yield _logger_state(result, other, more)


def _logger_state(result: ExchangeResult, other: ExchangeResult, more: MoreFacts) -> LoggerState:
    diagnosis, component = diagnose(result), result.prediction.component
    if diagnosis != diagnose(other) or not result.ends_like(other):
        logging = Logging.UNKNOWN
    else:
        logging = Logging.SENDS if result.delivered else Logging.SILENT
    facts = _all_facts(result, more)
    if other is not result:  # a template
        facts = _known(facts, _all_facts(other, more))
    return LoggerState(component, logging, result, other, facts, diagnosis)


def _all_facts(result: ExchangeResult, more: MoreFacts) -> Mapping[FactKey, Fact]:
    return {**_facts(result), **more(result)} if result.delivered else {}


def _known(first: Mapping[FactKey, Fact], second: Mapping[FactKey, Fact]) -> dict[FactKey, Fact]:
    """Merge the facts for two sets of values of placeholders; what only one of them has is left out."""
    return {
        key: fact if fact.is_like(second[key]) else UNKNOWN._replace(status=fact.status)
        for key, fact in first.items()
        if key in second
    }


def _facts(result: ExchangeResult) -> dict[FactKey, Fact]:
    settings = result.prediction.settings
    if settings is None or not result.delivered:
        return {}
    found = {(Kind.SETTING, name): Fact(value) for name, value in _settings(result, settings)}
    found |= {(Kind.ATTRIBUTE, name): Fact(value) for name, value in _attributes(result, settings)}
    metadata = result.logged[0].metadata if result.logged else None
    for status in annotation_statuses(result.prediction, delivered=result.delivered):
        found[Kind.ANNOTATION, status.name] = Fact(status.value, status)
    for status in header_statuses(result.prediction, metadata, delivered=result.delivered):
        found[Kind.HEADER, status.name] = Fact(status.value, status)
    return found


def _settings(result: ExchangeResult, settings: AgentSettings) -> Iterator[tuple[str, str]]:
    """Yield the settings of the agent that change events or records."""
    yield "events", _amount(result)
    yield "url", settings.url.string()
    yield "mode", settings.mode
    if settings.log_all_responses:
        yield "logAllResponses", "true"
    if settings.tls_skip_verify and settings.url.scheme == "https":
        yield "tlsSkipVerify", "true"
    if choose_sink(settings) != CLOUDEVENTS:
        yield from _storage(settings)


def _storage(settings: AgentSettings) -> Iterator[tuple[str, str]]:
    """Yield the settings of stored records that are not the agent's defaults."""
    if settings.store is not None:
        yield "storage.path", settings.store.path
        yield "storage.format", settings.store.format
    if settings.marshaller_url != DEFAULT_MARSHALLER_URL:
        yield "marshallerUrl", settings.marshaller_url
    if settings.batch_size > 1:
        yield "batchSize", str(settings.batch_size)
    if settings.batch_interval_ns:
        yield "batchInterval", f"{settings.batch_interval_ns / 1e9:g} s"


def _amount(result: ExchangeResult) -> str:
    delivery = result.delivery
    if delivery.events or result.is_excluded:
        return f"{counted(len(delivery.events), 'event')} per request"
    if delivery.uploads:
        return f"{counted(len(delivery.uploads), 'object')} per request"
    return f"{counted(delivery.pending, 'record')} per request"


def _attributes(result: ExchangeResult, settings: AgentSettings) -> Iterator[tuple[str, str]]:
    """Yield the CloudEvent attributes that the manifest decides, in lower case; records have the same as columns."""
    if not result.delivery.events:
        yield from (
            ("component", settings.component),
            ("endpoint", settings.endpoint),
            ("inferenceservicename", settings.service),
            ("namespace", settings.namespace),
            ("source", settings.source.string()),
        )
    for event in result.delivery.events:
        for header, value in event.headers:
            if header.startswith("Ce-") and header[3:] not in _OTHER:
                yield header[3:].lower(), value
