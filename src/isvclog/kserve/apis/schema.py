"""The JSON Schema of an InferenceService's logger, for each release of KServe.

`inferenceservice.schema.json` contains the newest one, and the others are derived from it. A property with
`x-capability` is left out for releases without that capability, and so is a sentence of a description; one with
`x-lacks` is only for releases without it.

It is draft-07, the newest draft that yaml-language-server and VS Code read in full. It is as strict as KServe's
CustomResourceDefinition with its validating webhook, which requires `mode` and three of the four fields of `storage`.
"""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from isvclog.kserve.apis.releases import Release, since

_HAS, _LACKS = "x-capability", "x-lacks"


@cache
def service_schema(release: Release) -> Mapping[str, Any]:
    """Load the schema of a release's InferenceService. Every call returns the same object: do not change it."""
    newest = json.loads(Path(__file__).with_name("inferenceservice.schema.json").read_text(encoding="utf-8"))
    schema: dict[str, Any] = _derived(newest, release)
    schema["$id"] += f":{release.name}"
    schema["title"] += f" (KServe {release})"
    return schema


def logger_schema(release: Release) -> Mapping[str, Any]:
    """Return the part of `service_schema` that a `logger` block must match. It contains no `$ref`."""
    logger: Mapping[str, Any] = service_schema(release)["definitions"]["logger"]
    return logger


def _derived(node: Any, release: Release) -> Any:
    if isinstance(node, list):
        return [_derived(item, release) for item in node if _applies(item, release)]
    if not isinstance(node, dict):
        return node
    if "text" in node:
        return node["text"]
    derived = {key: _derived(value, release) for key, value in node.items() if _applies(value, release)}
    if isinstance(derived.get("description"), list):
        derived["description"] = " ".join(derived["description"])
    if _HAS in derived:
        derived["description"] += _first_release(derived.pop(_HAS))
    return derived


def _first_release(capability: str) -> str:
    first = since(capability)
    return f" Since KServe {first}." if first.is_released else " Not released yet."


def _applies(node: Any, release: Release) -> bool:
    if not isinstance(node, dict):
        return True
    return (_HAS not in node or release.has(node[_HAS])) and (_LACKS not in node or not release.has(node[_LACKS]))
