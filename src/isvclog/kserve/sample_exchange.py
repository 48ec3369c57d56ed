"""A small request and answer in the protocol that a model uses, for users who give none.

Source: KServe's V1 and Open Inference Protocol (V2) data plane, and the OpenAI routes of its Hugging Face server.
"""

import json
from typing import Any

from isvclog.kserve.agent.http_exchange import Request, Response
from isvclog.kserve.apis.constants import PREDICTOR
from isvclog.kserve.apis.spec import InferenceService

# Formats whose servers speak V2 where nothing else is said (inference_service_defaults.go; mlflow runs on MLServer).
_V2_FORMATS = ("triton", "onnx", "mlflow")


def build_sample(service: InferenceService) -> tuple[Request, Response]:
    """Build the smallest request that a client sends, and the model's answer."""
    name = service.name or "model"
    spoken = spoken_protocol(service) or "v1"
    if spoken == "grpc-v2":
        return _grpc(service, name)
    target, body, answer = {
        "v1": (f"/v1/models/{name}:predict", b'{"instances":[[6.8,2.8,4.8,1.4]]}', b'{"predictions":[1]}'),
        "v2": (
            f"/v2/models/{name}/infer",
            b'{"inputs":[{"name":"x","shape":[1,4],"datatype":"FP32","data":[6.8,2.8,4.8,1.4]}]}',
            b'{"outputs":[{"name":"y","shape":[1],"datatype":"INT64","data":[1]}]}',
        ),
        "openai": (
            "/openai/v1/chat/completions",
            f'{{"model":"{name}","messages":[{{"role":"user","content":"Hello"}}]}}'.encode(),
            b'{"object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":"Hi"}}]}',
        ),
    }[spoken]
    headers = [("Host", _host(service)), ("Content-Type", "application/json")]
    return Request("POST", target, headers, body), Response(200, [("Content-Type", "application/json")], answer)


def build_answer(body: bytes, sample: Response) -> Response:
    """Build the answer to a request of the user's own: a stream if its body asks for one, else the sample's answer.

    OpenAI's API asks for a stream with `"stream": true`, and sends it as server-sent events.
    """
    asked = _load(body)
    if asked.get("stream") is not True:
        return sample
    if "prompt" in asked:
        pieces = [{"object": "text_completion", "choices": [{"index": 0, "text": word}]} for word in ("H", "i")]
    else:
        kind = "chat.completion.chunk"
        pieces = [
            {"object": kind, "choices": [{"index": 0, "delta": {"role": "assistant", "content": "H"}}]},
            {"object": kind, "choices": [{"index": 0, "delta": {"content": "i"}}]},
        ]
    lines = [*(json.dumps(piece, separators=(",", ":")) for piece in pieces), "[DONE]"]
    stream = "".join(f"data: {line}\n\n" for line in lines).encode()
    return Response(200, [("Content-Type", "text/event-stream; charset=utf-8")], stream)


def _load(body: bytes) -> dict[str, Any]:
    """Read a JSON object; anything else is empty."""
    if b'"stream"' not in body:
        return {}
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return data if isinstance(data, dict) else {}


def spoken_protocol(service: InferenceService) -> str | None:
    """Choose `v1`, `v2`, `grpc-v2` or `openai`: the model's own `protocolVersion`, else the default of its format.

    None if the predictor is a container of the author's own.
    """
    predictor = service.components.get(PREDICTOR)
    model = predictor.model if predictor else None
    if model is None:
        return None
    if model.protocol in ("v1", "v2", "grpc-v2"):
        return model.protocol
    if model.format in ("huggingface", "vLLM"):
        return "openai"
    return "v2" if model.format in _V2_FORMATS else "v1"


def _host(service: InferenceService) -> str:
    host = f"{service.name}.{service.namespace}.example.com"
    return host if host.replace("-", "").replace(".", "").isalnum() and host.isascii() else "model.example.com"


def _grpc(service: InferenceService, name: str) -> tuple[Request, Response]:
    """Build a ModelInfer exchange.

    The name is field 1 of the request and of the response, both framed with a flag and a length.
    """
    field = b"\n" + bytes([min(len(name.encode()), 127)]) + name.encode()[:127]
    frame = b"\0" + len(field).to_bytes(4) + field
    headers = [
        (":authority", _host(service)),
        ("content-type", "application/grpc"),
        ("te", "trailers"),
    ]
    request = Request("POST", "/inference.GRPCInferenceService/ModelInfer", headers, frame, http2=True)
    return request, Response(200, [("content-type", "application/grpc")], frame)
