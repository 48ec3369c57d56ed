"""The result of one exchange for each component: what its predicted logger sends, and whether all of it arrives."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from isvclog.keypath import KeyPath
from isvclog.kserve.agent.http_exchange import Request, Response
from isvclog.kserve.apis.decode import Rejected
from isvclog.kserve.apis.spec import Component, InferenceService
from isvclog.kserve.logger.dispatcher import Delivery, dispatch
from isvclog.kserve.logger.events import REQUEST, RESPONSE, LogRequest, log_exchange
from isvclog.kserve.prediction import Prediction
from isvclog.records import NamedTuple

EVENT_TYPES: Mapping[str, tuple[str, ...]] = {
    "request": (REQUEST,),
    "response": (RESPONSE,),
    "all": (REQUEST, RESPONSE),
}


class Exchange(NamedTuple):
    """One exchange, with the values that are random or change with time in a cluster.

    `response` is the model's answer, None if it refused the connection. `new_id` is the ID of a request without Ce-Id,
    `time_ns` the time in Unix nanoseconds.
    """

    request: Request
    response: Response | None
    new_id: str
    time_ns: int


_NOTHING = Delivery()


class ExchangeResult(NamedTuple):
    """The result of one exchange for one component.

    `logged` and the delivery are empty if something ends the path before. `events` is what was asked for: `request`,
    `response` or `all`. If the logger's mode excludes it, `logged` has what the mode includes, and the delivery only
    what is lost of that.
    """

    prediction: Prediction
    exchange: Exchange
    events: str = "all"
    logged: tuple[LogRequest, ...] = ()
    delivery: Delivery = _NOTHING

    @property
    def is_excluded(self) -> bool:
        """True if the logger's mode leaves out the events that were asked for, as its author chose."""
        settings = self.prediction.settings
        return settings is not None and self.events != "all" and settings.mode not in ("all", self.events)

    @property
    def sends(self) -> bool:
        """True if something leaves the pod for this exchange, now or when its batch is full, and nothing is lost.

        Of events that the mode excludes, nothing can be lost.
        """
        return self.delivered and not (self.delivery.dropped or self.delivery.pending_drop_reason)

    @property
    def delivered(self) -> bool:
        """True if something of this exchange leaves the pod, even if it is not among the events that were asked for."""
        delivery = self.delivery
        if self.is_excluded and self.logged:
            return not (delivery.dropped or delivery.pending_drop_reason)
        return bool(delivery.events or delivery.uploads or (delivery.pending and not delivery.pending_drop_reason))

    def ends_like(self, other: "ExchangeResult") -> bool:
        """Return True if both send the same number of records to the same place, or both do not send all of them."""
        return self._end() == other._end()

    def _end(self) -> tuple[bool, str, int, int, int]:
        settings, delivery = self.prediction.settings, self.delivery
        url = settings.url.string() if settings and self.sends else ""
        return self.sends, url, len(delivery.events), len(delivery.uploads), delivery.pending


class ServicePreview(NamedTuple):
    """The results of one exchange for all components of an InferenceService.

    If the cluster rejects the service, the rejection and its line and column in the file are given instead of results.
    `silent` are the components without a logger; `misspelled` has the field that is meant to be one, by component.
    `origins` are facts about the installation, each with its source, for a service of a cluster. `notes` say what else
    the cluster reports that concerns its loggers. `data` is the whole object. `unknown` are the paths of values that
    are not known yet, as in a template; then `other` is the preview for other values there, and what differs is not
    known either. `refused` are the fields outside of loggers that kubectl rejects.
    """

    label: str
    file: str
    service: InferenceService | None = None
    rejected: Rejected | None = None
    rejected_at: tuple[int, int] | None = None
    results: tuple[ExchangeResult, ...] = ()
    silent: tuple[Component, ...] = ()
    misspelled: Mapping[str, str] = MappingProxyType({})
    refused: tuple[KeyPath, ...] = ()
    origins: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()
    data: Any = None
    unknown: tuple[KeyPath, ...] = ()
    other: "ServicePreview | None" = None

    @property
    def sends(self) -> bool | None:
        """True if the cluster accepts the service, and all of its loggers send everything; None if it is not known."""
        if self.other is not None and not self._ends_like(self.other):
            return None
        return self.rejected is None and all(result.sends for result in self.results)

    @property
    def is_refused(self) -> bool:
        """True if kubectl rejects the manifest because of a field; other clients drop the field."""
        loggers = (result.prediction.logger for result in self.results)
        pruned = any(logger is not None and bool(logger.pruned) for logger in loggers)
        return pruned or bool(self.misspelled or self.refused)

    @property
    def shows_component(self) -> bool:
        """True unless only one component was asked for, and the service does not have it."""
        return bool(self.results or self.silent or self.rejected)

    def _ends_like(self, other: "ServicePreview") -> bool:
        same = self.rejected == other.rejected and len(self.results) == len(other.results)
        return same and all(one.ends_like(two) for one, two in zip(self.results, other.results, strict=True))


def predict_exchange(prediction: Prediction, exchange: Exchange, events: str = "all") -> ExchangeResult:
    """Send one exchange through a component. `events` selects what is shown: `request`, `response` or `all`."""
    settings = prediction.settings
    if prediction.blocked_by is not None or settings is None:
        return ExchangeResult(prediction, exchange, events)
    logged = log_exchange(
        settings,
        exchange.request,
        exchange.response,
        new_id=exchange.new_id,
        occurred_ns=(exchange.time_ns, exchange.time_ns),
    )
    chosen = [item for item in logged if item.type in EVENT_TYPES[events]]
    logged = chosen or (logged if settings.mode not in ("all", events) else [])
    delivery = dispatch(settings, logged, recorded_ns=exchange.time_ns)
    delivery = _without_distrusted(delivery, prediction)
    result = ExchangeResult(prediction, exchange, events, tuple(logged), delivery)
    if result.is_excluded:
        return result._replace(delivery=delivery._replace(events=(), uploads=(), pending=0))
    return result


def _without_distrusted(delivery: Delivery, prediction: Prediction) -> Delivery:
    """Drop the events if the agent does not trust the sink's certificate."""
    settings, bundle = prediction.settings, prediction.injection.ca_bundle if prediction.injection else ""
    if settings is None or not delivery.events or settings.url.scheme != "https":
        return delivery
    from isvclog.kserve.logger.tls import distrust

    message = distrust(settings.url, prediction.service.namespace, bundle, settings.release)
    if not message:
        return delivery
    return delivery._replace(events=(), dropped=(*delivery.dropped, *[message] * len(delivery.events)))
