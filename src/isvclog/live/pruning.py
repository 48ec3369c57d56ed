"""Fields that the API server dropped without an error, as the installed CustomResourceDefinition does not have them.

They are nowhere in the object any more; what the author meant is still in the annotation that `kubectl apply` keeps.
Source: structural schemas, https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/
custom-resource-definitions/#field-pruning.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from isvclog.cluster import INFERENCE_SERVICES
from isvclog.findings import NOWHERE, Finding, Severity, code
from isvclog.keypath import KeyPath, list_at, mapping_at, mappings_at, string_at, value_at
from isvclog.kserve.constants import COMPONENTS, LAST_APPLIED, PREDICTOR
from isvclog.kserve.releases import Release
from isvclog.kserve.schema import logger_schema
from isvclog.manifest import Object
from isvclog.validate.fields import unknown_field
from isvclog.validate.places import home, misplaced

RULE = "pruned-field"

Schema = Mapping[str, Any]
"""An OpenAPI v3 schema, as in a CustomResourceDefinition."""

_PRESERVE = "x-kubernetes-preserve-unknown-fields"
_ANYTHING: Schema = {_PRESERVE: True}


def installed_schema(crd: Mapping[str, Any]) -> Schema:
    """The schema of InferenceServices in a CustomResourceDefinition; one that prunes nothing where it has none."""
    if value_at(crd, ("spec", "preserveUnknownFields")) is True:
        return _ANYTHING
    for version in mappings_at(crd, ("spec", "versions")):
        if version.get("name") == INFERENCE_SERVICES.version:
            return mapping_at(version, ("schema", "openAPIV3Schema")) or _ANYTHING
    return _ANYTHING


def released_schema(release: Release) -> Schema:
    """What a release's own CustomResourceDefinition says about loggers."""
    component = {"properties": {"logger": logger_schema(release)}}
    canary = {"items": {"properties": {PREDICTOR: component}}}
    components: dict[str, Any] = dict.fromkeys(COMPONENTS, component)
    spec = {"properties": {**components, "canary": canary}}
    return {"properties": {"spec": spec}}


def pruned_fields(obj: Object, schema: Schema, release: Release) -> list[Finding]:
    """What was applied of loggers, that the schema does not have, and that the live object lacks.

    Loggers and fields of theirs that were applied in a wrong place are among it.
    """
    meant = _applied(obj)
    found = {path: _remedy(path, mapping_at(meant, path[:-1]), release) for path in _pruned(schema, _loggers(meant))}
    for place, remedy in _misplaced(meant):
        for path in _pruned(schema, _alone(place)):
            found.setdefault(path, remedy if path == place else _remedy_around(path, place, release))
    # Somebody may have removed the whole logger since.
    return [_finding(obj, path, found[path]) for path in found if obj.has(path[:-1]) and not obj.has(path)]


def _finding(obj: Object, path: KeyPath, remedy: str) -> Finding:
    what = f"{code(str(path[-1]))} was applied, but the installed CustomResourceDefinition does not have it"
    return Finding(obj.file, NOWHERE, Severity.ERROR, RULE, f"{what}: it was dropped.", remedy, path, obj.label)


def _remedy(path: KeyPath, block: Mapping[str, Any], release: Release) -> str:
    if "logger" in path and not _knows(path, release):
        return unknown_field(path, block, release).remedy
    return f"Upgrade the CustomResourceDefinitions to KServe {release}, and apply the manifest again."


def _remedy_around(path: KeyPath, place: KeyPath, release: Release) -> str:
    """What to do where more was dropped, at `path`, than what stands in a wrong place inside it."""
    if path[-1] == "canary":  # which is no wrong one
        return _remedy(path, {}, release)
    into = "to" if place[-1] == "logger" else "into"
    return f"Move the {code(str(place[-1]))} in it {into} `{home(place)}`."


def _knows(path: KeyPath, release: Release) -> bool:
    logger = path[path.index("logger") + 1 :]
    return value_at(logger_schema(release), tuple(step for key in logger for step in ("properties", key))) is not None


def _applied(obj: Object) -> dict[str, Any]:
    """The manifest as it was last applied; empty where nothing of it can be read."""
    try:
        return mapping_at(json.loads(string_at(obj.data, ("metadata", "annotations", LAST_APPLIED))))
    except (ValueError, RecursionError):
        return {}


def _loggers(data: Mapping[str, Any]) -> dict[str, Any]:
    """Of a service only the loggers, each in its place; a canary without one stays, so that their numbers do."""
    spec = mapping_at(data, ("spec",))
    kept: dict[str, Any] = {name: part for name in COMPONENTS if (part := _logger_of(spec, name))}
    if canaries := list_at(spec, ("canary",)):
        kept["canary"] = [{PREDICTOR: _logger_of(item, PREDICTOR)} for item in canaries]
    return {"spec": kept} if kept else {}


def _logger_of(holder: Any, name: str) -> dict[str, Any]:
    logger = value_at(holder, (name, "logger"))
    return {"logger": logger} if isinstance(logger, dict) else {}


def _misplaced(meant: Mapping[str, Any]) -> list[tuple[KeyPath, str]]:
    """Where something of a logger stands in a wrong place, and the remedy; nothing where data are too deep to tell."""
    try:
        return [(complaint.path, complaint.remedy) for complaint in misplaced({"spec": mapping_at(meant, ("spec",))})]
    except RecursionError:
        return []


def _alone(path: KeyPath) -> Any:
    """Data with nothing but this path in it; a list with one item is a mapping from its index."""
    return {path[0]: _alone(path[1:])} if path else True


def _pruned(schema: Schema, value: Any, path: KeyPath = ()) -> Iterator[KeyPath]:
    """What the API server drops of a value. A null counts as absent."""
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
