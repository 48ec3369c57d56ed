"""Canary predictors: the predictor of a service, changed by an entry of `spec.canary`.

Source: buildCanaryPredictor of pkg/controller/v1beta1/inferenceservice/components/predictor.go, which merges with
mergo: fields of the canary win, mappings are merged, lists are replaced as a whole, and empty values change nothing.
What is rejected: validateCanarySpecs of pkg/apis/serving/v1beta1/inference_service_validation.go, in 0.20.0.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from isvclog.keypath import KeyPath, mapping_at, mappings_at, string_at
from isvclog.kserve.apis.constants import (
    DEPLOYMENT_MODE_ANNOTATION,
    LEGACY_MODES,
    MODEL_CONTAINER,
    PREDICTOR,
    STANDARD,
    STORAGE_URI_VARIABLE,
)
from isvclog.kserve.apis.decode import Rejected
from isvclog.kserve.apis.implementation import read_implementation
from isvclog.kserve.apis.releases import Release

CANARY_MODE_MESSAGE = f"canary is only supported in {STANDARD} deployment mode"
_AUTOSCALED = ("maxReplicas", "scaleTarget", "scaleMetric", "autoScaling")
_Found = Iterator[tuple[KeyPath, str, str]]


def merged_canaries(spec: Mapping[str, Any]) -> Iterator[tuple[str, KeyPath, dict[str, Any]]]:
    """Yield name, path and merged predictor of each canary that has a name."""
    stable = {key: value for key, value in mapping_at(spec, (PREDICTOR,)).items() if key != "name"}
    for index, item in enumerate(mappings_at(spec, ("canary",))):
        changes = mapping_at(item, (PREDICTOR,))
        if name := string_at(changes, ("name",)):
            yield name, ("spec", "canary", index, PREDICTOR), _merge(stable, changes)


def _merge(stable: Any, changes: Any) -> Any:
    if isinstance(stable, Mapping) and isinstance(changes, Mapping):
        return {**stable, **{key: _merge(stable.get(key), value) for key, value in changes.items()}}
    return stable if changes in (None, "", [], {}) else changes


def find_canary_refusals(annotations: Mapping[str, str], spec: Mapping[str, Any], release: Release) -> _Found:
    """Yield path, reason and message of everything that the webhook rejects about canaries, in its order.

    Without an annotation the ConfigMap decides about the mode, so that is not checked here. The message about a
    canary without an implementation is empty: it lists all fields of a Go struct.
    """
    canaries = mappings_at(spec, ("canary",)) if release.has("canary") else []
    if not canaries:
        return
    mode = annotations.get(DEPLOYMENT_MODE_ANNOTATION)
    if mode is not None and LEGACY_MODES.get(mode, mode) != STANDARD:
        yield ("spec", "canary"), "only exists in Standard mode", CANARY_MODE_MESSAGE
    stable = mapping_at(spec, (PREDICTOR,))
    if not _has_model(stable, release):
        message = "canary requires a stable predictor with a model (multi-model serving is not supported with canary)"
        yield ("spec", "canary"), "needs a predictor with a model, or with STORAGE_URI in its container", message
    names = {string_at(stable, ("name",)): "conflicts with stable predictor name"}
    for index, canary in enumerate(canaries):
        yield from _entry_refusals(canary, index, names)
        changes = mapping_at(canary, (PREDICTOR,))
        if changes.get("name"):
            yield from _predictor_refusals(changes, ("spec", "canary", index, PREDICTOR), stable, release)
    total = sum(_whole_number(canary.get("trafficPercent")) for canary in canaries)
    if total > 100:
        message = f"sum of canary trafficPercent values ({total}) must be <= 100"
        yield ("spec", "canary"), "gets more than 100 percent of the traffic", message


def _entry_refusals(canary: Mapping[str, Any], index: int, names: dict[str, str]) -> _Found:
    """Yield what is rejected in the name and the traffic of one canary; `names` are those taken, and by what."""
    path: KeyPath = ("spec", "canary", index)
    name, share = string_at(canary, (PREDICTOR, "name")), _whole_number(canary.get("trafficPercent"))
    if not name:
        message = f"canary[{index}] predictor.name is required"
        yield (*path, PREDICTOR, "name"), "is missing; a canary needs a name", message
        return
    if name in names:
        yield (*path, PREDICTOR, "name"), "is taken", f"canary predictor.name {_quoted(name)} {names[name]}"
    names[name] = "is duplicated"
    if not 0 <= share <= 100:
        message = f"canary {_quoted(name)} trafficPercent must be between 0 and 100, got {share}"
        yield (*path, "trafficPercent"), "must be between 0 and 100", message


def _predictor_refusals(
    changes: Mapping[str, Any], path: KeyPath, stable: Mapping[str, Any], release: Release
) -> _Found:
    """Yield what is rejected in the predictor of one canary, which has a name."""
    canary = f"canary {_quoted(string_at(changes, ('name',)))}"
    try:
        read_implementation(changes, path, release)
    except Rejected as rejected:
        yield rejected.path, f"{rejected.reason}; it is not taken over from the predictor", ""
    if changes.get("workerSpec") is not None:
        message = f"{canary} must not set workerSpec (multi-node is not yet supported for canary)"
        yield (*path, "workerSpec"), "must be left out of a canary", message
    for field in _AUTOSCALED:
        value = changes.get(field)
        if value is not None and (field != "maxReplicas" or _whole_number(value) > 0):
            message = f"{canary} must not set {field} (canary uses fixed replicas)"
            yield (*path, field), "must be left out of a canary, whose number of replicas is fixed", message
    least, most = (_whole_number(part.get("minReplicas"), 1) for part in (changes, stable))
    if changes.get("minReplicas") is not None and least > most:
        message = f"{canary} minReplicas ({least}) must not exceed stable predictor minReplicas ({most})"
        yield (*path, "minReplicas"), "is larger than that of the predictor", message


def _has_model(stable: Mapping[str, Any], release: Release) -> bool:
    """Check whether a predictor has a model or names its source; True for one that is rejected for another reason."""
    try:
        implementation = read_implementation(stable, ("spec", PREDICTOR), release)
    except Rejected:
        return True
    serving = (container for container in implementation.containers if container.name == MODEL_CONTAINER)
    return implementation.model is not None or any(STORAGE_URI_VARIABLE in container.env for container in serving)


def _whole_number(value: Any, otherwise: int = 0) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else otherwise


def _quoted(text: str) -> str:
    from isvclog.kserve.golang.strconv import quote

    return quote(text)
