"""Fields that every release of KServe since 0.8.0 has and most services use.

A service with nothing else needs no look at the fields of its release, which takes as long as all other checks of it. A
test compares them with `fields.json`.
"""

from collections.abc import Mapping
from typing import Any

from isvclog.kserve.apis.releases import Release

ANYTHING = None
"""The value of a field that is checked elsewhere."""
_UNKNOWN = object()
OTHERS = "*"
REQUIRED = "!"
"""The name of the field that must be there."""
_TEXTS = {OTHERS: str}
_QUANTITY = "quantity"
_UNITS = frozenset(("m", "k", "M", "G", "T", "Ki", "Mi", "Gi", "Ti"))
_QUANTITIES = {OTHERS: _QUANTITY}
_SERVED: dict[str, Any] = {
    "name": str,
    "image": str,
    "imagePullPolicy": str,
    "args": [str],
    "command": [str],
    "env": [{REQUIRED: "name", "name": str, "value": str}],
    "ports": [{REQUIRED: "containerPort", "containerPort": int, "name": str, "protocol": str}],
    "resources": {"limits": _QUANTITIES, "requests": _QUANTITIES},
}
_CONTAINER = {REQUIRED: "name", **_SERVED}
_MODEL = {**_SERVED, "storageUri": str, "runtimeVersion": str, "protocolVersion": str}
_COMPONENT = {
    "annotations": ANYTHING,
    "labels": ANYTHING,
    "logger": ANYTHING,
    "batcher": {"maxBatchSize": int, "maxLatency": int},
    "canaryTrafficPercent": int,
    "containerConcurrency": int,
    "containers": [_CONTAINER],
    "maxReplicas": int,
    "minReplicas": int,
    "nodeSelector": _TEXTS,
    "serviceAccountName": str,
    "timeout": int,
}
_PREDICTOR = {
    **_COMPONENT,
    "model": {**_MODEL, "modelFormat": {REQUIRED: "name", "name": str, "version": str}, "runtime": str},
    **dict.fromkeys(("sklearn", "xgboost", "lightgbm", "tensorflow", "pytorch", "onnx", "triton"), _MODEL),
}
USUAL: Mapping[str, Any] = {
    "apiVersion": str,
    "kind": str,
    "metadata": {"name": str, "namespace": str, "annotations": ANYTHING, "labels": ANYTHING},
    "spec": {REQUIRED: "predictor", "predictor": _PREDICTOR, "transformer": _COMPONENT},
}


def has_usual_fields(data: Any, release: Release) -> bool:
    """Check whether a service has no other fields than usual ones, each with a value of its type."""
    return release.has("model-block") and _matches(data, USUAL)


def _matches(data: Any, usual: Any) -> bool:
    # Every service of a run comes here, so mappings are checked without a generator.
    if data is None or usual is ANYTHING:
        return True
    if isinstance(usual, dict):
        return isinstance(data, dict) and _has_usual(data, usual)
    if isinstance(usual, list):
        return isinstance(data, list) and all(_matches(item, usual[0]) for item in data)
    if usual is _QUANTITY:
        return _is_usual_quantity(data)
    return isinstance(data, usual) and not isinstance(data, bool)


def _is_usual_quantity(data: Any) -> bool:
    """Check whether this is a quantity of Kubernetes, as most are written: digits and a unit."""
    if not isinstance(data, str):
        return isinstance(data, int) and not isinstance(data, bool)
    number = data.rstrip("mkKMGTi")
    return number.isascii() and number.isdigit() and (number == data or data[len(number) :] in _UNITS)


def _has_usual(data: Mapping[str, Any], usual: Mapping[str, Any]) -> bool:
    if REQUIRED in usual and data.get(usual[REQUIRED]) is None:
        return False
    for key, value in data.items():
        known = usual.get(key, _UNKNOWN) if OTHERS not in usual else usual[OTHERS]
        if known is _UNKNOWN or key == REQUIRED or not _matches(value, known):
            return False
    return True
