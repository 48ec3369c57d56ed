"""One exchange through the predicted logger of each component: the last stages of the path, and the verdict."""

from collections.abc import Mapping
from typing import NamedTuple

from isvclog.kserve.decode import Rejected
from isvclog.kserve.dispatcher import Delivery, dispatch
from isvclog.kserve.events import REQUEST, RESPONSE, LogRequest, log_exchange
from isvclog.kserve.exchange import Request, Response
from isvclog.kserve.prediction import Prediction
from isvclog.kserve.spec import Component, InferenceService

EVENT_TYPES: Mapping[str, tuple[str, ...]] = {
    "request": (REQUEST,),
    "response": (RESPONSE,),
    "all": (REQUEST, RESPONSE),
}


class Exchange(NamedTuple):
    """A request, the model's answer (None: it refused the connection) and the facts that chance would bring."""

    request: Request
    response: Response | None
    new_id: str
    time_ns: int


_NOTHING = Delivery()


class ExchangeResult(NamedTuple):
    """`logged` and `outcome` are empty where an obstacle ends the path before. `events` is what was asked for."""

    prediction: Prediction
    exchange: Exchange
    events: str = "all"
    logged: tuple[LogRequest, ...] = ()
    delivery: Delivery = _NOTHING

    @property
    def sends(self) -> bool:
        """Whether anything leaves the pod for this exchange, now or when its batch is full, and nothing is lost."""
        return self.delivered and not (self.delivery.dropped or self.delivery.pending_drop_reason)

    @property
    def delivered(self) -> bool:
        """Whether anything of this exchange leaves the pod."""
        delivery = self.delivery
        return bool(delivery.events or delivery.uploads or (delivery.pending and not delivery.pending_drop_reason))


class ServicePreview(NamedTuple):
    """One InferenceService. `refused` says why the cluster does not accept it; then there are no journeys.

    `refused_at` is the line and column of that in the file. `silent` are the components without a logger. `origins`
    are facts about the installation with where each is from, for a service of a cluster.
    """

    label: str
    file: str
    service: InferenceService | None = None
    rejected: Rejected | None = None
    rejected_at: tuple[int, int] | None = None
    results: tuple[ExchangeResult, ...] = ()
    silent: tuple[Component, ...] = ()
    origins: tuple[tuple[str, str], ...] = ()

    @property
    def sends(self) -> bool:
        return self.rejected is None and all(result.sends for result in self.results)


def predict_exchange(prediction: Prediction, exchange: Exchange, events: str = "all") -> ExchangeResult:
    """Send one exchange through a component; `events` is `request`, `response` or `all`, and picks what is shown."""
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
    logged = [item for item in logged if item.type in EVENT_TYPES[events]]
    return ExchangeResult(
        prediction, exchange, events, tuple(logged), dispatch(settings, logged, recorded_ns=exchange.time_ns)
    )
