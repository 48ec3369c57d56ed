"""Predictions and results of one exchange for services that tests describe by what differs."""

from typing import Any

from services import service

from isvclog.kserve.agent.http_exchange import Request, Response
from isvclog.kserve.apis.installation import Installation
from isvclog.kserve.apis.releases import find_release
from isvclog.kserve.exchange_result import Exchange, ExchangeResult, predict_exchange
from isvclog.kserve.prediction import Prediction, predict

BODY = b'{"instances":[1]}'


EXCHANGE = Exchange(
    Request("POST", "/", [("Host", "x"), ("Content-Length", str(len(BODY))), ("x-request-id", "r1")], BODY),
    Response(200, (), b"{}"),
    "id-1",
    0,
)


def prediction(
    component: str = "predictor", release: str = "0.20.0", installation: dict[str, Any] | None = None, **changes: Any
) -> Prediction:
    read = service(release, **changes)
    facts = Installation(find_release(release), **(installation or {}))
    return predict(read, read.components[component], facts)


def exchange_of(exchange: Exchange = EXCHANGE, **changes: Any) -> ExchangeResult:
    return predict_exchange(prediction(**changes), exchange)
