"""Fields that the API server dropped without an error, as the installed CustomResourceDefinition does not have them.

They are nowhere in the object any more; what the author meant is still in the annotation that `kubectl apply` keeps.
Source: structural schemas, https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/
custom-resource-definitions/#field-pruning.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from isvclog.findings import NOWHERE, Finding, Severity, code
from isvclog.keypath import KeyPath
from isvclog.kserve.constants import COMPONENTS, LAST_APPLIED, PREDICTOR
from isvclog.kserve.releases import Release
from isvclog.kserve.schema import logger_schema
from isvclog.manifest import Object
from isvclog.validate.fields import unknown_field

RULE = "pruned-field"

Schema = Mapping[str, Any]
"""An OpenAPI v3 schema, as in a CustomResourceDefinition."""

_PRESERVE = "x-kubernetes-preserve-unknown-fields"
_ANYTHING: Schema = {_PRESERVE: True}
_VERSION = "v1beta1"


def installed_schema(crd: Mapping[str, Any]) -> Schema:
    """The schema of InferenceServices in a CustomResourceDefinition; one that prunes nothing where it has none."""
    spec = crd.get("spec")
    versions = spec.get("versions") if isinstance(spec, dict) else None
    if not isinstance(spec, dict) or not isinstance(versions, list) or spec.get("preserveUnknownFields") is True:
        return _ANYTHING
    for version in versions:
        if isinstance(version, dict) and version.get("name") == _VERSION:
            schema = version.get("schema")
            root = schema.get("openAPIV3Schema") if isinstance(schema, dict) else None
            return root if isinstance(root, dict) else _ANYTHING
    return _ANYTHING


def released_schema(release: Release) -> Schema:
    """What a release's own CustomResourceDefinition says about loggers."""
    component = {"properties": {"logger": logger_schema(release)}}
    canary = {"items": {"properties": {PREDICTOR: component}}}
    components: dict[str, Any] = dict.fromkeys(COMPONENTS, component)
    spec = {"properties": {**components, "canary": canary}}
    return {"properties": {"spec": spec}}


def pruned_fields(obj: Object, schema: Schema, release: Release) -> list[Finding]:
    """The fields of loggers that were applied, that the schema does not have, and that the live object lacks."""
    meant = _applied(obj)
    found = []
    for path in _pruned(schema, _loggers(meant), ()):
        if obj.has(path[:-1]) and not obj.has(path):  # somebody may have removed the whole logger since
            found.append(_finding(obj, path, _block(meant, path), release))
    return found


def _finding(obj: Object, path: KeyPath, block: Mapping[str, Any], release: Release) -> Finding:
    name = str(path[-1])
    message = f"{code(name)} was applied, but the installed CustomResourceDefinition does not have it: it was dropped."
    remedy = f"Upgrade the CustomResourceDefinitions to KServe {release}, and apply the manifest again."
    if "logger" in path and not _knows(path, release):
        remedy = unknown_field(path, block, release).remedy
    return Finding(obj.file, NOWHERE, Severity.ERROR, RULE, message, remedy, path, obj.label)


def _knows(path: KeyPath, release: Release) -> bool:
    logger: KeyPath = path[path.index("logger") + 1 :]
    schema: Any = logger_schema(release)
    for key in logger:
        schema = schema.get("properties", {}).get(key)
        if schema is None:
            return False
    return True


def _applied(obj: Object) -> dict[str, Any]:
    """The manifest as it was last applied; empty where nothing of it can be read."""
    try:
        data = json.loads(obj.data["metadata"]["annotations"][LAST_APPLIED])
    except (ValueError, TypeError, KeyError, RecursionError):
        return {}
    return data if isinstance(data, dict) else {}


def _loggers(data: Mapping[str, Any]) -> dict[str, Any]:
    """Of a service only the loggers, each in its place; a canary without one stays, so that their numbers do."""
    spec = data.get("spec")
    if not isinstance(spec, dict):
        return {}
    kept: dict[str, Any] = {name: part for name in COMPONENTS if (part := _logger_of(spec.get(name)))}
    canaries = spec.get("canary")
    if isinstance(canaries, list):
        kept["canary"] = [
            {PREDICTOR: _logger_of(item.get(PREDICTOR))} if isinstance(item, dict) else {} for item in canaries
        ]
    return {"spec": kept}


def _logger_of(component: Any) -> dict[str, Any]:
    logger = component.get("logger") if isinstance(component, dict) else None
    return {"logger": logger} if isinstance(logger, dict) else {}


def _pruned(schema: Schema, value: Any, path: KeyPath) -> Iterator[KeyPath]:
    """What the API server drops of a value. A null counts as absent."""
    if isinstance(value, list):
        items = schema.get("items")
        for index, item in enumerate(value):
            yield from _pruned(items, item, (*path, index)) if isinstance(items, dict) else ()
    if not isinstance(value, dict):
        return
    properties = schema.get("properties")
    others = schema.get("additionalProperties")
    for key, inner in value.items():
        if isinstance(properties, dict) and isinstance(properties.get(key), dict):
            yield from _pruned(properties[key], inner, (*path, key))
        elif isinstance(others, dict):
            yield from _pruned(others, inner, (*path, key))
        elif inner is not None and not others and schema.get(_PRESERVE) is not True:
            yield (*path, key)


def _block(data: Any, path: KeyPath) -> Mapping[str, Any]:
    """The mapping that the last key of the path is in."""
    for key in path[:-1]:
        data = data[key]
    return data if isinstance(data, dict) else {}
