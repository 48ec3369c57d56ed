"""Patches of objects as the part of an object that they write: JSON patches, and patches with conditional keys.

What is read has its positions, but not the form of the text, so it cannot be edited.
"""

import re
from collections.abc import Iterator
from typing import Any

from isvclog.keypath import string_at
from isvclog.manifest.syntax.lookup import find
from isvclog.manifest.syntax.nodes import Mapping, Node, Scalar, Sequence, resolved
from isvclog.patterns import late_pattern

_IF_ABSENT = late_pattern(r"\+\((.*)\)\Z", re.DOTALL)
_WRITING = ("add", "replace")


def is_json_patch(value: Any) -> bool:
    """Check whether data is a JSON patch (RFC 6902): a list of operations."""
    return (
        isinstance(value, list)
        and bool(value)
        and all(isinstance(item, dict) and isinstance(item.get("op"), str) and "path" in item for item in value)
    )


def written_parts(patch: list[Any], node: Node) -> Iterator[tuple[dict[str, Any], Node]]:
    """Yield what each operation of a JSON patch writes, as an object that has nothing else, with nodes for it."""
    for index, operation in enumerate(patch):
        steps = string_at(operation, ("path",)).split("/")[1:]
        if operation["op"] not in _WRITING or "value" not in operation or not steps:
            continue
        key = resolved(find(node, (index, "path"))[1])
        data, written = operation["value"], find(node, (index, "value"))[1]
        for step in reversed(steps):
            data, written = _around(step.replace("~1", "/").replace("~0", "~"), data, written, key)
        if isinstance(data, dict):
            yield data, written


def _around(step: str, data: Any, node: Node, key: Node) -> tuple[Any, Node]:
    """Put a value into the mapping or list that a step of its path leads through."""
    if step == "-" or step.isdecimal():
        items = Sequence(node.start, node.end, flow=True)
        items.children = [node]
        return [data], items
    mapping = Mapping(node.start, node.end, flow=True)
    mapping.children = [Scalar(key.start, key.end, step), node]
    return {step: data}, mapping


def has_conditions(value: Any) -> bool:
    """Check whether a key says that it is only written if it is absent, as `+(mode)` does in a Kyverno policy."""
    if isinstance(value, dict):
        return any(_IF_ABSENT.match(key) or has_conditions(inner) for key, inner in value.items())
    return isinstance(value, list) and any(map(has_conditions, value))


def without_conditions(value: Any, node: Node) -> tuple[Any, Node]:
    """Remove these conditions from keys, in data and in nodes."""
    target = resolved(node)
    if isinstance(value, dict) and isinstance(target, Mapping):
        mapping = Mapping(target.start, target.end, target.flow)
        data = {}
        for key, inner in value.items():
            name, (written, old) = _IF_ABSENT.sub(r"\1", key), find(target, (key,))
            data[name], child = without_conditions(inner, old)
            mapping.children += (Scalar(written.start, written.end, name), child)
        return data, mapping
    if isinstance(value, list) and isinstance(target, Sequence):
        items = Sequence(target.start, target.end, target.flow)
        parts = [without_conditions(inner, child) for inner, child in zip(value, target.children, strict=True)]
        items.children = [child for _, child in parts]
        return [inner for inner, _ in parts], items
    return value, node
