"""Application of patches to data: JSON patches (RFC 6902), and merges as for objects without merge keys."""

from copy import deepcopy
from typing import Any

_DIRECTIVE = "$patch"


class UnknownEffect(Exception):
    """A patch that cannot be applied here, so that its result is not known."""


def merge_patch(data: Any, patch: Any) -> Any:
    """Merge a patch into data, and return the result: mappings are merged, null removes, the rest is replaced."""
    if not isinstance(patch, dict):
        return deepcopy(patch)
    directive = patch.get(_DIRECTIVE)
    if directive == "delete":
        return None
    if directive not in (None, "merge", "replace"):
        raise UnknownEffect
    result = dict(data) if isinstance(data, dict) and directive != "replace" else {}
    for key, value in patch.items():
        if key == _DIRECTIVE:
            continue
        inner = None if value is None else merge_patch(result.get(key), value)
        if inner is None:
            result.pop(key, None)
        else:
            result[key] = inner
    return result


def apply_operations(data: Any, operations: list[Any]) -> Any:
    """Apply a JSON patch, and return the result. Raise UnknownEffect for what cannot be applied."""
    result = deepcopy(data)
    for operation in operations:
        try:
            _apply(result, operation)
        except (KeyError, IndexError, TypeError, ValueError, AttributeError):
            raise UnknownEffect from None
    return result


def _apply(data: Any, operation: Any) -> None:
    kind = operation["op"]
    *steps, last = [step.replace("~1", "/").replace("~0", "~") for step in operation["path"].split("/")[1:]]
    for step in steps:
        data = data[int(step)] if isinstance(data, list) else data[step]
    if kind not in ("add", "replace", "remove", "test"):
        raise ValueError
    if isinstance(data, list):
        index = len(data) if last == "-" else int(last)
        data[index : index + (kind != "add")] = [] if kind == "remove" else [deepcopy(operation["value"])]
    elif kind == "remove":
        del data[last]
    elif kind != "test":
        data[last] = deepcopy(operation["value"])
