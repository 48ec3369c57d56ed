"""Recovery of the intended InferenceService if the API server would reject it: one mistake must not hide the others.

Validation reports the mistakes that are corrected here.
"""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from isvclog.keypath import KeyPath, value_at
from isvclog.kserve.apis.admission import read_service
from isvclog.kserve.apis.constants import API_VERSION, COMPONENTS, MODEL_CONTAINER, PREDICTOR
from isvclog.kserve.apis.decode import Rejected
from isvclog.kserve.apis.releases import Release
from isvclog.kserve.apis.spec import InferenceService

_MISTAKES = 40
_MODEL = {"modelFormat": {"name": "sklearn"}}
_ABOUT_LOGGING = frozenset("logger batcher annotations labels minReplicas maxReplicas scaleTarget scaleMetric".split())


def recover_service(data: Mapping[str, Any], release: Release) -> tuple[InferenceService | None, frozenset[str]]:
    """Read the service as intended, and name the components that are at the root of the document.

    The service is None if too much is wrong.
    """
    try:
        return read_service(data, release), frozenset()
    except Rejected:
        mended = deepcopy(dict(data))
    rooted = _place_components(mended)
    for _ in range(_MISTAKES):
        try:
            return read_service(mended, release), rooted
        except Rejected as rejected:
            if not _repair(mended, rejected.path):
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
    if path == ("apiVersion",):
        data["apiVersion"] = API_VERSION
    elif path in (("metadata", "name"), ("metadata", "generateName")):
        metadata = data.get("metadata")
        data["metadata"] = {**(metadata if isinstance(metadata, dict) else {}), "name": "unnamed"}
    elif path == ("spec", PREDICTOR):
        component = data["spec"].get(PREDICTOR)
        data["spec"][PREDICTOR] = _implemented(component if isinstance(component, dict) else {}, PREDICTOR)
    elif len(path) == 2 and path[1] in COMPONENTS and isinstance(data["spec"].get(path[1]), dict):
        data["spec"][path[1]] = _implemented(data["spec"][path[1]], path[1])
    elif path[-2:] == ("logger", "mode"):
        _parent(data, path)["mode"] = "all"
    elif path[-2:-1] == ("storage",) and _parent(data, path).get(path[-1]) is None:
        _parent(data, path)[path[-1]] = {} if path[-1] == "parameters" else ""
    elif path[-2:-1] in (("annotations",), ("labels",)) and isinstance(value_at(data, path), bool | int | float):
        _parent(data, path)[path[-1]] = str(value_at(data, path))
    else:
        parent = _parent(data, path)
        if not (path[-1] in parent if isinstance(parent, dict) else isinstance(path[-1], int)):
            return False
        parent.pop(path[-1])
    return True


def _implemented(component: Mapping[str, Any], name: str | int) -> dict[str, Any]:
    """Give exactly one implementation to a component that has none or several: it decides nothing about logging."""
    kept = {key: value for key, value in component.items() if key in _ABOUT_LOGGING}
    return {**kept, "model": _MODEL} if name == PREDICTOR else {**kept, "containers": [{"name": MODEL_CONTAINER}]}


def _parent(data: Any, path: KeyPath) -> Any:
    return value_at(data, path[:-1])
