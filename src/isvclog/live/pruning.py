"""Fields that the API server dropped without an error, because the installed CustomResourceDefinition lacks them.

The object no longer has them. The author's intention is still in the annotation that `kubectl apply` keeps.
Source: structural schemas, https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/
custom-resource-definitions/#field-pruning.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from isvclog.cluster import INFERENCE_SERVICES
from isvclog.findings import Finding, code
from isvclog.keypath import KeyPath, dotted, list_at, mapping_at, mappings_at, string_at, value_at
from isvclog.kserve.apis.constants import COMPONENTS, LAST_APPLIED, PREDICTOR
from isvclog.kserve.apis.releases import Release
from isvclog.kserve.apis.schema import logger_schema
from isvclog.manifest import Object
from isvclog.rules.manifest import PRUNED_FIELD
from isvclog.rules.rule import Issue, locate
from isvclog.validate.fields import unknown_field
from isvclog.validate.places import home, misplaced

RULE = PRUNED_FIELD.name

Schema = Mapping[str, Any]
"""An OpenAPI v3 schema, as in a CustomResourceDefinition."""

_PRESERVE = "x-kubernetes-preserve-unknown-fields"
_ANYTHING: Schema = {_PRESERVE: True}


def installed_schema(crd: Mapping[str, Any]) -> Schema:
    """Find the schema of InferenceServices in a CustomResourceDefinition, or return one that prunes nothing."""
    if value_at(crd, ("spec", "preserveUnknownFields")) is True:
        return _ANYTHING
    for version in mappings_at(crd, ("spec", "versions")):
        if version.get("name") == INFERENCE_SERVICES.version:
            return mapping_at(version, ("schema", "openAPIV3Schema")) or _ANYTHING
    return _ANYTHING


def released_schema(release: Release) -> Schema:
    """Build the part about loggers of the schema in a release's own CustomResourceDefinition."""
    component = {"properties": {"logger": logger_schema(release)}}
    canary = {"items": {"properties": {PREDICTOR: component}}}
    components: dict[str, Any] = dict.fromkeys(COMPONENTS, component)
    spec = {"properties": {**components, "canary": canary}}
    return {"properties": {"spec": spec}}


def pruned_fields(obj: Object, schema: Schema, release: Release) -> list[Finding]:
    """Find the logger fields that were applied, but that the schema and the live object lack.

    Loggers and their fields that were applied in a wrong place are included.
    """
    applied = _applied_manifest(obj)
    found = {
        path: _remedy(path, mapping_at(applied, path[:-1]), release) for path in _pruned(schema, _loggers(applied))
    }
    for place, remedy in _misplaced(applied):
        for path in _pruned(schema, _alone(place)):
            found.setdefault(path, remedy if path == place else _remedy_around(path, place, release))
    # Somebody may have removed the whole logger since.
    present = (path for path in found if obj.has(path[:-1]) and not obj.has(path))
    return [locate(obj, PRUNED_FIELD, _issue(path, found[path])) for path in present]


def _issue(path: KeyPath, remedy: str) -> Issue:
    what = f"{code(str(path[-1]))} was applied, but the installed CustomResourceDefinition does not have it"
    return Issue(path, f"{what}: it was dropped.", remedy)


def _remedy(path: KeyPath, block: Mapping[str, Any], release: Release) -> str:
    if "logger" in path and not _knows(path, release):
        _, issue = unknown_field(path, block, release)
        return issue.remedy
    return f"Upgrade the CustomResourceDefinitions to KServe {release}, and apply the manifest again."


def _remedy_around(path: KeyPath, place: KeyPath, release: Release) -> str:
    """Build the remedy if more was dropped, at `path`, than the misplaced field at `place` inside it."""
    if path[-1] == "canary":  # the field itself is in its place
        return _remedy(path, {}, release)
    into = "to" if place[-1] == "logger" else "into"
    return f"Move the {code(str(place[-1]))} in it {into} `{dotted(home(place))}`."


def _knows(path: KeyPath, release: Release) -> bool:
    logger = path[path.index("logger") + 1 :]
    return value_at(logger_schema(release), tuple(step for key in logger for step in ("properties", key))) is not None


def _applied_manifest(obj: Object) -> dict[str, Any]:
    """Parse the manifest as it was last applied; empty if it cannot be read."""
    try:
        return mapping_at(json.loads(string_at(obj.data, ("metadata", "annotations", LAST_APPLIED))))
    except (ValueError, RecursionError):
        return {}


def _loggers(data: Mapping[str, Any]) -> dict[str, Any]:
    """Reduce a service to its loggers, each in its place. A canary without a logger stays: indexes must not change."""
    spec = mapping_at(data, ("spec",))
    kept: dict[str, Any] = {name: part for name in COMPONENTS if (part := _logger_of(spec, name))}
    if canaries := list_at(spec, ("canary",)):
        kept["canary"] = [{PREDICTOR: _logger_of(item, PREDICTOR)} for item in canaries]
    return {"spec": kept} if kept else {}


def _logger_of(holder: Any, name: str) -> dict[str, Any]:
    logger = value_at(holder, (name, "logger"))
    return {"logger": logger} if isinstance(logger, dict) else {}


def _misplaced(applied: Mapping[str, Any]) -> list[tuple[KeyPath, str]]:
    """Find misplaced loggers and logger fields, with their remedies; none if the data are nested too deeply."""
    try:
        return [(issue.path, issue.remedy) for _, issue in misplaced({"spec": mapping_at(applied, ("spec",))})]
    except RecursionError:
        return []


def _alone(path: KeyPath) -> Any:
    """Build data that contain only this path. A list with one item becomes a mapping from its index."""
    return {path[0]: _alone(path[1:])} if path else True


def _pruned(schema: Schema, value: Any, path: KeyPath = ()) -> Iterator[KeyPath]:
    """Yield the paths in a value that the API server drops. A null counts as absent."""
    properties, items = schema.get("properties"), schema.get("items")
    others = schema.get("additionalProperties")
    for key, inner in _entries(value):
        if isinstance(key, int):
            yield from _pruned(items, inner, (*path, key)) if isinstance(items, dict) else ()
        elif isinstance(properties, dict) and isinstance(properties.get(key), dict):
            yield from _pruned(properties[key], inner, (*path, key))
        elif isinstance(others, dict):
            yield from _pruned(others, inner, (*path, key))
        elif inner is not None and not others and schema.get(_PRESERVE) is not True:
            yield (*path, key)


def _entries(value: Any) -> Iterable[tuple[str | int, Any]]:
    if isinstance(value, list):
        return enumerate(value)
    return value.items() if isinstance(value, dict) else ()
