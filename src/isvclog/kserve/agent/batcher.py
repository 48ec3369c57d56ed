"""Requests, answers and messages of the agent's batcher.

Source: pkg/batcher/handler.go, measured (`oracles/agent`).
"""

from collections.abc import Iterable

from isvclog.kserve.golang import json as gojson
from isvclog.kserve.golang.errors import GoError
from isvclog.kserve.golang.httpserver import ServerRequest, handler_path
from isvclog.kserve.golang.jsondecode import Field, Struct
from isvclog.kserve.golang.jsonitems import encoded_items
from isvclog.kserve.golang.jsonsyntax import JsonError
from isvclog.kserve.golang.strings import to_bytes

HOST, CLIENT = "example.com", "192.0.2.1"
"""The Host header and the client's address in requests of Go's `httptest.NewRequest`, with which the batcher asks."""
CONTENT_TYPE = "text/plain; charset=utf-8"
"""The content type of its answers, which Go detects."""

_REQUEST = Struct("batcher.Request", (Field("instances", "[]interface {}"),))
_RESPONSE = Struct("batcher.PredictionResponse", (Field("predictions", "[]interface {}"),))


class BatcherError(Exception):
    """A reason of the batcher, in its words."""


def is_batched(received: ServerRequest) -> bool:
    """Check whether the batcher collects this request; others pass."""
    return received.path.endswith(":predict")


def read_instances(body: bytes) -> list[str]:
    """Read the instances of a request, each as JSON; raise BatcherError, which is answered with status 400."""
    try:
        instances = encoded_items(body, _REQUEST)
    except JsonError:
        raise BatcherError("can't Unmarshal body") from None
    if not instances:
        raise BatcherError("no instances in the request")
    return instances


def batch_request(path: str, instances: Iterable[str]) -> ServerRequest:
    """Build the request for the model; raise BatcherError if the batcher panics over the path.

    The agent exits then, with code 2.
    """
    try:
        handler_path("POST", path)
    except GoError:
        raise BatcherError(
            f"the agent's batcher panics over the path {path!r}, and the agent exits with code 2"
        ) from None
    return ServerRequest("POST", path, {}, to_bytes(f'{{"instances":[{",".join(instances)}]}}'))


def read_predictions(body: bytes, count: int) -> list[str]:
    """Read so many predictions of the model's answer, each as JSON; raise BatcherError."""
    try:
        predictions = encoded_items(body, _RESPONSE)
    except JsonError as error:
        raise BatcherError(str(error)) from None
    if len(predictions) != count:
        raise BatcherError("size of prediction is not equal to the size of instances")
    return predictions


def batcher_answer(message: str, batch_id: str, predictions: Iterable[str] | None) -> bytes:
    """Encode the answer to one client; its status is 200, whatever the message says."""
    items = "null" if predictions is None else f"[{','.join(predictions)}]"
    return to_bytes(f'{{"message":{gojson.marshal(message)},"batchId":"{batch_id}","predictions":{items}}}')
