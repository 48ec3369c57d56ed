"""A small model for simulations without one: it answers the protocols of KServe's data plane, always with the same.

Source: KServe's V1 and Open Inference Protocol (V2) endpoints (python/kserve/kserve/protocol/rest), and the OpenAI
routes of its Hugging Face server.
"""

import json
import re
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any

from isvclog.httpserver import HttpRequest, HttpResponse, HttpStream
from isvclog.httpserver.messages import Answer

_JSON = (b"Content-Type", b"application/json")
_EVENT_STREAM = (b"Content-Type", b"text/event-stream; charset=utf-8")
_WORDS = ("Hello", " from", " the", " sample", " model", ".")
_CREATED = 1_767_323_045
"""The time of every answer, in Unix seconds: answers are the same each time."""


class BadRequest(Exception):
    """A request that the protocol does not allow; the message is for the client."""


def answer_sample(request: HttpRequest) -> Answer:
    """Answer a request of a client as a model server does: this is the handler of the sample model."""
    path = request.path.decode("latin-1")
    for method, pattern, reply in _ROUTES:
        if request.method == method and (found := pattern.fullmatch(path)):
            try:
                return reply(found.groupdict(), _load(request.body) if method == b"POST" else {})
            except BadRequest as error:
                return _json({"error": str(error)}, 400)
    known = "/v1/models/NAME:predict, /v2/models/NAME/infer and /openai/v1/chat/completions"
    return _json({"error": f"the sample model does not know this path; it answers {known}"}, 404)


def _load(body: bytes) -> dict[str, Any]:
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        raise BadRequest("the body is not JSON") from None
    if not isinstance(data, dict):
        raise BadRequest("the body is not a JSON object")
    return data


def _json(data: Mapping[str, Any], status: int = 200) -> HttpResponse:
    return HttpResponse(status, [_JSON], json.dumps(data, separators=(",", ":")).encode("ascii"))


def _list(data: Mapping[str, Any], member: str) -> list[Any]:
    value = data.get(member)
    if not isinstance(value, list):
        raise BadRequest(f'the body has no list "{member}"')
    return value


# V1 and V2


def _predict(names: Mapping[str, str], data: dict[str, Any]) -> Answer:
    return _json({"predictions": [1] * len(_list(data, "instances"))})


def _explain(names: Mapping[str, str], data: dict[str, Any]) -> Answer:
    return _json({"explanations": [1] * len(_list(data, "instances"))})


def _infer(names: Mapping[str, str], data: dict[str, Any]) -> Answer:
    _list(data, "inputs")
    output = {"name": "y", "shape": [1], "datatype": "INT64", "data": [1]}
    identity = {"id": data["id"]} if isinstance(data.get("id"), str) else {}
    return _json({"model_name": names["name"], **identity, "outputs": [output]})


def _fixed(data: Mapping[str, Any]) -> "Callable[[Mapping[str, str], dict[str, Any]], Answer]":
    return lambda names, _: _json(data)


def _ready(names: Mapping[str, str], data: dict[str, Any]) -> Answer:
    return _json({"name": names["name"], "ready": True})


def _describe(names: Mapping[str, str], data: dict[str, Any]) -> Answer:
    return _json({"name": names["name"], "platform": "", "inputs": [], "outputs": []})


# OpenAI


def _chat(names: Mapping[str, str], data: dict[str, Any]) -> Answer:
    _list(data, "messages")
    if data.get("stream") is True:
        return _stream(_head(data, "chat.completion.chunk"), lambda word: {"delta": {"content": word}})
    message = {"role": "assistant", "content": "".join(_WORDS)}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    return _json({**_head(data, "chat.completion"), "choices": [choice], "usage": _usage()})


def _complete(names: Mapping[str, str], data: dict[str, Any]) -> Answer:
    if "prompt" not in data:
        raise BadRequest('the body has no "prompt"')
    if data.get("stream") is True:
        return _stream(_head(data, "text_completion"), lambda word: {"text": word})
    choice = {"index": 0, "text": "".join(_WORDS), "finish_reason": "stop"}
    return _json({**_head(data, "text_completion"), "choices": [choice], "usage": _usage()})


def _head(data: Mapping[str, Any], kind: str) -> dict[str, Any]:
    return {"id": "sample", "object": kind, "created": _CREATED, "model": data.get("model", "")}


def _usage() -> dict[str, int]:
    return {"prompt_tokens": 1, "completion_tokens": len(_WORDS), "total_tokens": 1 + len(_WORDS)}


def _stream(head: Mapping[str, Any], piece: Callable[[str], Mapping[str, Any]]) -> HttpStream:
    return HttpStream(_chunks(head, piece), headers=[_EVENT_STREAM])


async def _chunks(head: Mapping[str, Any], piece: Callable[[str], Mapping[str, Any]]) -> AsyncIterator[bytes]:
    """Yield a server-sent event for each word, and the one that ends a stream."""
    for number, word in enumerate(_WORDS, 1):
        reason = "stop" if number == len(_WORDS) else None
        choice = {"index": 0, **piece(word), "finish_reason": reason}
        yield b"data: %b\n\n" % json.dumps({**head, "choices": [choice]}, separators=(",", ":")).encode("ascii")
    yield b"data: [DONE]\n\n"


_NAME = r"(?P<name>[^/:]+)"
_ROUTES = tuple(
    (method, re.compile(pattern), reply)
    for method, pattern, reply in (
        (b"POST", rf"/v1/models/{_NAME}:predict", _predict),
        (b"POST", rf"/v1/models/{_NAME}:explain", _explain),
        (b"POST", rf"/v2/models/{_NAME}(?:/versions/[^/]+)?/infer", _infer),
        (b"POST", r"(?:/openai)?/v1/chat/completions", _chat),
        (b"POST", r"(?:/openai)?/v1/completions", _complete),
        (b"GET", r"/", _fixed({"status": "alive"})),
        (b"GET", r"/v1/models", _fixed({"models": ["sample"]})),
        (b"GET", rf"/v1/models/{_NAME}", _ready),
        (b"GET", r"/v2", _fixed({"name": "isvclog", "version": "", "extensions": []})),
        (b"GET", r"/v2/health/live", _fixed({"live": True})),
        (b"GET", r"/v2/health/ready", _fixed({"ready": True})),
        (b"GET", rf"/v2/models/{_NAME}/ready", _ready),
        (b"GET", rf"/v2/models/{_NAME}", _describe),
    )
)
