"""Recovery of the intended InferenceService if the API server would reject it: one mistake must not hide the others.

Validation reports the mistakes that are corrected here.
"""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from isvclog.keypath import KeyPath, mapping_at, value_at
from isvclog.kserve.apis.admission import read_service
from isvclog.kserve.apis.constants import API_VERSION, COMPONENTS, MODEL_CONTAINER, PREDICTOR
from isvclog.kserve.apis.decode import Rejected
from isvclog.kserve.apis.releases import Release
from isvclog.kserve.apis.spec import InferenceService

_MOST_MISTAKES = 40
_MODEL = {"modelFormat": {"name": "sklearn"}}
_KEPT = frozenset("logger batcher annotations labels minReplicas maxReplicas scaleTarget scaleMetric".split())


def recover_service(data: Mapping[str, Any], release: Release) -> tuple[InferenceService | None, frozenset[str]]:
    """Read the service as intended, and name the components that are at the root of the document.

    The service is None if too much is wrong.
    """
    try:
        return read_service(data, release, lenient=True), frozenset()
    except Rejected:
        repaired = deepcopy(dict(data))
    rooted = _place_components(repaired)
    for _ in range(_MOST_MISTAKES):
        try:
            return read_service(repaired, release, lenient=True), rooted
        except Rejected as rejected:
            if not _repair(repaired, rejected.path):
                break
    return None, rooted


def _place_components(data: dict[str, Any]) -> frozenset[str]:
    """Put components at the root of the document below `spec`, and return their names."""
    rooted = frozenset(name for name in COMPONENTS if isinstance(data.get(name), dict))
    if not isinstance(data.get("spec"), dict):
        data["spec"] = {}
    for name in rooted:
        data["spec"].setdefault(name, data[name])
    return rooted


def _repair(data: dict[str, Any], path: KeyPath) -> bool:
    """Correct what was rejected at a path; return False if that is not possible."""
    match path:
        case ("apiVersion",):
            data["apiVersion"] = API_VERSION
        case ("metadata", "name" | "generateName"):
            data["metadata"] = {**mapping_at(data, ("metadata",)), "name": "unnamed"}
        case ("spec", name) if name == PREDICTOR or (name in COMPONENTS and isinstance(value_at(data, path), dict)):
            data["spec"][name] = _implemented(mapping_at(data, path), name)
        case (*_, "logger", "mode"):
            _parent(data, path)["mode"] = "all"
        case (*_, "storage", name) if value_at(data, path) is None:
            _parent(data, path)[name] = {} if name == "parameters" else ""
        case (*_, "annotations" | "labels", key) if isinstance(value_at(data, path), bool | int | float):
            _parent(data, path)[key] = str(value_at(data, path))
        case _:
            return _remove(_parent(data, path), path[-1])
    return True


def _remove(parent: Any, key: str | int) -> bool:
    """Remove what has to be at `key`; return False if it is missing."""
    if not (key in parent if isinstance(parent, dict) else isinstance(key, int)):
        return False
    parent.pop(key)
    return True


def _implemented(component: Mapping[str, Any], name: str | int) -> dict[str, Any]:
    """Give exactly one implementation to a component that has none or several: it decides nothing about logging."""
    kept = {key: value for key, value in component.items() if key in _KEPT}
    return {**kept, "model": _MODEL} if name == PREDICTOR else {**kept, "containers": [{"name": MODEL_CONTAINER}]}


def _parent(data: Any, path: KeyPath) -> Any:
    return value_at(data, path[:-1])
