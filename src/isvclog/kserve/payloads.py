"""JSON Schemas of what clients and models say to each other in the protocols that KServe serves.

They have what makes a body recognizable and leave open the rest: models may add members. Source: KServe's V1 data plane
(instances, predictions), the Open Inference Protocol (V2: infer, metadata, health), and the OpenAI routes of KServe's
Hugging Face server. A gRPC body is not JSON.
"""

from collections.abc import Mapping
from typing import Any

from isvclog.records import NamedTuple

Schema = Mapping[str, Any]

_ARRAY: Schema = {"type": "array"}
_STRING: Schema = {"type": "string"}
_DATATYPES = "BOOL UINT8 UINT16 UINT32 UINT64 INT8 INT16 INT32 INT64 FP16 BF16 FP32 FP64 BYTES".split()


class Payload(NamedTuple):
    """The bodies of one protocol: schemas by a name that is unique among all protocols, for each direction."""

    requests: Mapping[str, Schema]
    responses: Mapping[str, Schema]


def payload_schemas(protocol: str) -> Payload | None:
    """Return the bodies of `v1`, `v2` or `openai`; None if bodies are not JSON or the protocol is not known."""
    return _PAYLOADS.get(protocol)


def _object(description: str, required: tuple[str, ...], **properties: Schema) -> Schema:
    return {"description": description, "type": "object", "required": list(required), "properties": properties}


_TENSOR: Schema = _object(
    "A tensor; `data` is absent if it is sent in binary form.",
    ("name", "shape", "datatype"),
    name=_STRING,
    shape={"type": "array", "items": {"type": "integer"}},
    datatype={"enum": _DATATYPES},
    data=_ARRAY,
)
_TENSORS: Schema = {"type": "array", "items": _TENSOR}
_READY = _object("The model or the server is ready.", ("ready",), ready={"type": ["boolean", "string"]})

_V1 = Payload(
    {
        "v1Predict": _object("A request to predict or explain.", ("instances",), instances=_ARRAY),
        "v1PredictInputs": _object("The same with the other name that servers accept.", ("inputs",), inputs={}),
    },
    {
        "v1Predictions": _object("What the model predicts.", ("predictions",)),
        "v1Explanations": _object("What the explainer answers.", ("explanations",)),
        "v1Models": _object("The models of the server.", ("models",), models=_ARRAY),
        "v1Ready": _READY,
        "v1Alive": _object("The server is alive.", ("status",), status=_STRING),
    },
)
_V2 = Payload(
    {"v2Infer": _object("A request to infer.", ("inputs",), id=_STRING, inputs=_TENSORS, outputs=_ARRAY)},
    {
        "v2Outputs": _object("What the model infers.", ("outputs",), model_name=_STRING, id=_STRING, outputs=_TENSORS),
        "v2ServerMetadata": _object("About the server.", ("name", "version"), name=_STRING, version=_STRING),
        "v2ModelMetadata": _object("About the model.", ("name", "inputs", "outputs"), name=_STRING),
        "v2Ready": _READY,
        "v2Live": _object("The server is alive.", ("live",), live={"type": "boolean"}),
    },
)
_OPENAI = Payload(
    {
        "openaiChat": _object(
            "A request to chat.",
            ("model", "messages"),
            model=_STRING,
            messages={"type": "array", "items": _object("A message.", ("role",), role=_STRING)},
            stream={"type": ["boolean", "null"]},
        ),
        "openaiCompletion": _object("A request to complete a text.", ("model", "prompt"), model=_STRING),
        "openaiEmbedding": _object("A request for embeddings.", ("model", "input"), model=_STRING),
        "openaiRerank": _object("A request to rank documents.", ("model", "query", "documents"), model=_STRING),
    },
    {
        "openaiChoices": _object("The answer to a chat or a completion.", ("choices",), object=_STRING, choices=_ARRAY),
        "openaiList": _object("Embeddings, or the models of the server.", ("object", "data"), data=_ARRAY),
        "openaiRanking": _object("Ranked documents.", ("results",), results=_ARRAY),
    },
)
_PAYLOADS = {"v1": _V1, "v2": _V2, "openai": _OPENAI}
