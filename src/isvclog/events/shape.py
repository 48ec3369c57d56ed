"""The shape of the events of some loggers: what their release, their lists and their model's protocol make of it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain

from isvclog.diagnosis.lineage import header_problem, read_names
from isvclog.events.columns import name_columns
from isvclog.kserve.agent.store import CLOUDEVENTS
from isvclog.kserve.apis.object_meta import key_problem
from isvclog.kserve.apis.releases import Release
from isvclog.kserve.exchange_result import EVENT_TYPES, ExchangeResult, ServicePreview
from isvclog.kserve.logger.attributes import EventAttribute, event_attributes
from isvclog.kserve.logger.dispatcher import choose_sink
from isvclog.kserve.prediction import Prediction
from isvclog.kserve.sample_exchange import spoken_protocol
from isvclog.kserve.webhook.inject import listed_keys
from isvclog.preview.unknown import with_others
from isvclog.records import NamedTuple
from isvclog.redact.gate import Redaction

ANNOTATION, HEADER = "annotation", "header"


class ListedKey(NamedTuple):
    """A name that a logger lists; `kind` is `annotation` or `header`, `column` its name where a column needs one."""

    name: str
    kind: str
    column: str


class EventSource(NamedTuple):
    """The logger of one component. `sink` is where its events go, `scheme://host/path`.

    It is empty if the logger sends none, and if a placeholder leaves the URL open.

    Secrets are masked, and user and query of the URL are left out.
    """

    service: str
    component: str
    sink: str


class EventShape(NamedTuple):
    """The shape of events that some loggers of one release send.

    `types` are the CloudEvent types, requests first, and `attributes` what events have besides the payload. `protocols`
    are the protocols of the models, None for a model whose protocol is not known. `impossible` are listed names that no
    pod or no request can have. `masked` is True if keys are left out because their names are secret.
    """

    release: Release
    types: Sequence[str]
    attributes: Sequence[EventAttribute]
    keys: Sequence[ListedKey]
    protocols: Sequence[str | None]
    sources: Sequence[EventSource]
    impossible: Sequence[str] = ()
    masked: bool = False

    def keys_of(self, kind: str) -> list[ListedKey]:
        """List the annotations, or the headers."""
        return [key for key in self.keys if key.kind == kind]


Redact = Callable[[ServicePreview], Redaction]
"""Function that returns the redaction of a service."""


def events_shape(services: Sequence[ServicePreview], release: Release, redact: Redact) -> EventShape:
    """Find the shape of what the loggers of some services send, also of those that something keeps from sending.

    Loggers that store records count as well: their events are those that they would send to another URL. A name that
    `redact` masks, and one that a placeholder leaves open, is left out.
    """
    predictions = list(_predictions(services))
    attributes = event_attributes(release)
    lists = {
        kind: _sorted_names(services, kind, redact)
        for kind, attribute in ((ANNOTATION, "annotations"), (HEADER, "metadata"))
        if release.has(attribute)
    }
    return EventShape(
        release,
        _types(predictions),
        attributes,
        [key for kind, found in lists.items() for key in _keys(kind, found.possible)],
        list(dict.fromkeys(spoken_protocol(each.service) for each in predictions)),
        list(_sources(services, redact)),
        list(chain.from_iterable(found.impossible for found in lists.values())),
        any(found.masked for found in lists.values()),
    )


def _predictions(services: Iterable[ServicePreview]) -> Iterator[Prediction]:
    """Yield the predictions for each logger, also those for other values of placeholders."""
    for item in services:
        for pair in with_others(item):
            yield from (result.prediction for result in pair)


def _keys(kind: str, names: Iterable[str]) -> list[ListedKey]:
    return [ListedKey(name, kind, column) for name, column in name_columns(names, kind).items()]


class _Names(NamedTuple):
    """The names of one kind: those that can arrive, those that cannot, and whether some are masked."""

    possible: list[str]
    impossible: list[str]
    masked: bool


def _sorted_names(services: Iterable[ServicePreview], kind: str, redact: Redact) -> _Names:
    listed = {name: gate for item in services for name, gate in _listed(item, kind, redact)}
    shown = [name for name, gate in listed.items() if gate.value("", name) == name]
    possible = [name for name in shown if _is_possible(kind, name)]
    return _Names(possible, [name for name in shown if not _is_possible(kind, name)], len(shown) < len(listed))


def _listed(item: ServicePreview, kind: str, redact: Redact) -> Iterator[tuple[str, Redaction]]:
    """Yield the names in the lists of a service that do not depend on a placeholder."""
    names = _names(item, kind)
    if item.other is not None:
        others = set(_names(item.other, kind))
        names = [name for name in names if name in others]
    if names:
        gate = redact(item)
        yield from ((name, gate) for name in names)


def _names(item: ServicePreview, kind: str) -> list[str]:
    predictions = [result.prediction for result in item.results]
    if kind == HEADER:
        return [name for each in predictions for name in read_names(each) or ()]
    return [name for each in predictions if each.pod for name in listed_keys(each.pod.annotations)]


def _is_possible(kind: str, name: str) -> bool:
    return header_problem(name) is None if kind == HEADER else not key_problem(name)


def _types(predictions: Iterable[Prediction]) -> tuple[str, ...]:
    modes = {each.settings.mode if each.settings else "all" for each in predictions} or {"all"}
    return tuple(kind for kind in EVENT_TYPES["all"] if any(kind in EVENT_TYPES.get(mode, ()) for mode in modes))


def _sources(services: Iterable[ServicePreview], redact: Redact) -> Iterator[EventSource]:
    for item in services:
        gate = redact(item)
        for result, other in with_others(item):
            yield _source(result, gate, is_known=_url(result) == _url(other))


def _url(result: ExchangeResult) -> str:
    settings = result.prediction.settings
    return settings.url.string() if settings else ""


def _source(result: ExchangeResult, gate: Redaction, *, is_known: bool) -> EventSource:
    settings, sink = result.prediction.settings, ""
    if settings is not None and is_known and result.delivered and choose_sink(settings) == CLOUDEVENTS:
        sink = settings.url._replace(user=None, raw_query="", force_query=False, fragment="", raw_fragment="").string()
    service = result.prediction.service
    label = "/".join(filter(None, (service.namespace, service.name)))
    return EventSource(gate.text(label), result.prediction.component.name, gate.value("url", sink))
