"""The sample model answers the protocols of KServe's data plane."""

import asyncio
import json
from typing import Any

import pytest

from isvclog.httpserver import HttpRequest, HttpResponse, HttpStream
from isvclog.sidecar.simulation.sample_model import answer_sample


def ask(method: str, path: str, body: object = None) -> tuple[int, Any]:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    answer = answer_sample(HttpRequest(method.encode(), path.encode(), b"1.1", [], data))
    assert isinstance(answer, HttpResponse)
    return answer.status, json.loads(answer.body)


def stream(path: str, body: object) -> list[str]:
    """The data of the server-sent events."""
    answer = answer_sample(HttpRequest(b"POST", path.encode(), b"1.1", [], json.dumps(body).encode()))
    assert isinstance(answer, HttpStream)
    assert answer.headers == [(b"Content-Type", b"text/event-stream; charset=utf-8")]

    async def read() -> bytes:
        return b"".join([chunk async for chunk in answer.chunks])

    events = asyncio.run(read()).decode().split("\n\n")
    assert events.pop() == ""
    return [event.removeprefix("data: ") for event in events]


def test_v1() -> None:
    assert ask("POST", "/v1/models/m:predict", {"instances": [[1], [2]]}) == (200, {"predictions": [1, 1]})
    assert ask("POST", "/v1/models/m:explain", {"instances": [[1]]}) == (200, {"explanations": [1]})
    assert ask("GET", "/v1/models/m") == (200, {"name": "m", "ready": True})


def test_v2() -> None:
    status, answer = ask("POST", "/v2/models/m/infer", {"id": "7", "inputs": []})
    assert (status, answer["model_name"], answer["id"]) == (200, "m", "7")
    assert answer["outputs"][0]["shape"] == [1]
    assert ask("GET", "/v2/health/ready") == (200, {"ready": True})
    assert ask("GET", "/v2/models/m/ready?x") == (200, {"name": "m", "ready": True})


@pytest.mark.parametrize("prefix", ["", "/openai"])
def test_openai(prefix: str) -> None:
    status, answer = ask("POST", f"{prefix}/v1/chat/completions", {"model": "m", "messages": []})
    assert (status, answer["object"], answer["model"]) == (200, "chat.completion", "m")
    assert answer["choices"][0]["message"] == {"role": "assistant", "content": "Hello from the sample model."}
    assert ask("POST", f"{prefix}/v1/completions", {"prompt": "x"})[1]["choices"][0]["text"].startswith("Hello")


def test_openai_streams() -> None:
    *chunks, end = stream("/openai/v1/chat/completions", {"messages": [], "stream": True})
    choices = [json.loads(chunk)["choices"][0] for chunk in chunks]
    assert "".join(choice["delta"]["content"] for choice in choices) == "Hello from the sample model."
    assert (choices[-1]["finish_reason"], end) == ("stop", "[DONE]")
    assert len(stream("/v1/completions", {"prompt": "x", "stream": True})) == 7


@pytest.mark.parametrize(
    ("path", "body", "status", "error"),
    [
        ("/v1/models/m:predict", b"{", 400, "the body is not JSON"),
        ("/v1/models/m:predict", [], 400, "the body is not a JSON object"),
        ("/v1/models/m:predict", {"instances": 1}, 400, 'the body has no list "instances"'),
        ("/v1/completions", {}, 400, 'the body has no "prompt"'),
        ("/predict", {}, 404, "the sample model does not know this path"),
    ],
)
def test_what_it_refuses(path: str, body: object, status: int, error: str) -> None:
    refused, answer = ask("POST", path, body)
    assert refused == status
    assert answer["error"].startswith(error)
