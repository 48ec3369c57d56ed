"""Canary predictors: the predictor of a service, changed by an entry of `spec.canary`.

Source: buildCanaryPredictor of pkg/controller/v1beta1/inferenceservice/components/predictor.go, which merges with
mergo: fields of the canary win, mappings are merged, lists are replaced as a whole, and empty values change nothing.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from isvclog.keypath import KeyPath, mapping_at, mappings_at, string_at
from isvclog.kserve.apis.constants import PREDICTOR


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
