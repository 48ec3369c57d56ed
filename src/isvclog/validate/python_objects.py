"""Objects of the Python SDK that were written or printed as they are, instead of in the form that the API takes.

Source: `to_dict()`, `to_str()` and `attribute_map` of the models in the Python packages kserve and kubernetes.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from isvclog.keypath import KeyPath
from isvclog.kserve.apis.constants import API_GROUPS
from isvclog.manifest import Object
from isvclog.patterns import late_pattern
from isvclog.rules.manifest import UNSERIALIZED_OBJECT
from isvclog.rules.rule import Issue, Rule
from isvclog.validate.wording import DROPPED

SERIALIZED = "what `ApiClient().sanitize_for_serialization(service)` of the Python package kubernetes returns"
_REMEDY = f"Write {SERIALIZED}."
_SNAKE = late_pattern(r"[a-z0-9]+(?:_[a-z0-9]+)+")
_CAMEL = late_pattern(r"[a-z0-9]+[A-Z]")
# Keys below these are the user's own.
_FREE = frozenset(("annotations", "labels", "node_selector", "parameters", "limits", "requests"))
_FEWEST = 2


def python_object(obj: Object) -> tuple[Rule, Issue] | None:
    """Build the issue about an InferenceService that is an object of the Python SDK; None if it is a manifest."""
    data = obj.data
    if "_" not in obj.source.text:
        return None
    if is_dumped(data):
        message = (
            "This is an object of the Python SDK as `yaml.dump` writes it, with tags and private names: "
            "kubectl finds no service in it."
        )
        return UNSERIALIZED_OBJECT, Issue(("_kind",), message, _REMEDY, at_key=True)
    if "!!python/" in obj.source.text and (path := _private_key(data)):
        message = (
            f"This has objects of the Python SDK as `yaml.dump` writes them, with tags and private names: {DROPPED}."
        )
        return UNSERIALIZED_OBJECT, Issue(path, message, _REMEDY, at_key=True)
    if "api_version" in data and "apiVersion" not in data:
        message = (
            "This is what `to_dict()` of the Python SDK returns, with `api_version` instead of `apiVersion`: "
            "kubectl finds no service in it."
        )
        return UNSERIALIZED_OBJECT, Issue(("api_version",), message, _REMEDY, at_key=True)
    if obj.api_version.partition("/")[0] in ("", *API_GROUPS) and _is_snake(data):
        message = (
            f"`spec` has the names that `to_dict()` of the Python SDK gives to fields, like `model_format`: {DROPPED}."
        )
        return UNSERIALIZED_OBJECT, Issue(("spec",), message, _REMEDY, at_key=True)
    return None


def is_dumped(data: Mapping[str, Any]) -> bool:
    """Check whether a document is an InferenceService of the Python SDK that `yaml.dump` wrote."""
    return data.get("_kind") == "InferenceService" and "kind" not in data


def _private_key(value: Any, path: KeyPath = ()) -> KeyPath | None:
    """Find the first key of `metadata` or `spec` that begins with an underscore, at any depth."""
    if not isinstance(value, dict):
        return None
    for key, item in value.items():
        if key.startswith("_"):
            return (*path, key)
        if (path or key in ("metadata", "spec")) and (found := _private_key(item, (*path, key))):
            return found
    return None


def _is_snake(data: Mapping[str, Any]) -> bool:
    """Check whether the fields are named as by `to_dict()`: all names of several words have underscores."""
    names = set(_names(data.get("spec")))
    return sum(map(bool, map(_SNAKE.fullmatch, names))) >= _FEWEST and not any(map(_CAMEL.match, names))


def _names(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from _names(item)
    elif isinstance(value, dict):
        for name, item in value.items():
            yield name
            if name not in _FREE:
                yield from _names(item)
