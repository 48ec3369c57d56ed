"""An InferenceService as it was meant, where the API server would refuse it: one mistake must not hide the others.

Validation reports what is mended here.
"""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from isvclog.keypath import KeyPath
from isvclog.kserve.admission import read_service
from isvclog.kserve.constants import API_VERSION, COMPONENTS, PREDICTOR
from isvclog.kserve.releases import Release
from isvclog.kserve.spec import InferenceService
from isvclog.kserve.typed import Refused

_MISTAKES = 40
_MODEL = {"modelFormat": {"name": "sklearn"}}


def read_leniently(data: Mapping[str, Any], release: Release) -> tuple[InferenceService | None, frozenset[str]]:
    """The service, and the components that stand at the root of the document; None where too much is wrong."""
    try:
        return read_service(data, release), frozenset()
    except Refused as refused:
        mended, first = deepcopy(dict(data)), refused
    rooted = _place_components(mended)
    _mend(mended, first)
    for _ in range(_MISTAKES):
        try:
            return read_service(mended, release), rooted
        except Refused as refused:
            _mend(mended, refused)
    return None, rooted


def _place_components(data: dict[str, Any]) -> frozenset[str]:
    """Put components at the root of the document below `spec`."""
    rooted = frozenset(name for name in COMPONENTS if isinstance(data.get(name), dict))
    if not isinstance(data.get("spec"), dict):
        data["spec"] = {}
    for name in rooted:
        data["spec"].setdefault(name, data[name])
    return rooted


def _mend(data: dict[str, Any], refused: Refused) -> None:
    path = refused.path
    if path == ("apiVersion",):
        data["apiVersion"] = API_VERSION
    elif path in (("metadata", "name"), ("metadata", "generateName")):
        metadata = data.get("metadata")
        data["metadata"] = {**(metadata if isinstance(metadata, dict) else {}), "name": "unnamed"}
    elif path == ("spec", PREDICTOR) and not isinstance(data["spec"].get(PREDICTOR), dict):
        data["spec"][PREDICTOR] = {"model": _MODEL}
    elif len(path) == 2 and path[1] in COMPONENTS:
        _implement(data["spec"][path[1]], path[1])
    elif path[-2:] == ("logger", "mode"):
        _parent(data, path)["mode"] = "all"
    elif path[-2:-1] == ("storage",):
        _complete(_parent(data, path), path[-1])
    elif path == ("metadata", "annotations"):
        data["metadata"].pop("annotations")
    else:
        parent = _parent(data, path)
        parent.pop(path[-1])


def _implement(component: dict[str, Any], name: str | int) -> None:
    """Give a component that has none, or several, exactly one implementation: it decides nothing about logging."""
    kept = ("logger", "batcher", "annotations", "labels", "minReplicas", "maxReplicas", "scaleTarget", "scaleMetric")
    for key in [key for key in component if key not in kept]:
        del component[key]
    if name == PREDICTOR:
        component["model"] = _MODEL
    else:
        component["containers"] = [{"name": "kserve-container"}]


def _complete(storage: Any, key: str | int) -> None:
    if isinstance(storage, dict):
        storage[key] = {} if key == "parameters" else "" if storage.get(key) is None else storage.pop(key)


def _parent(data: Any, path: KeyPath) -> Any:
    for key in path[:-1]:
        data = data[key]
    return data
