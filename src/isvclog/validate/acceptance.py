"""A check whether a value certainly matches a schema, without importing jsonschema.

That import takes as long as four bare starts of Python. Nearly all loggers are correct. jsonschema checks every value
that is not accepted here, so this check may miss a correct value but must never accept a wrong one.
"""

from collections.abc import Mapping, Sequence
from typing import Any

_TYPES: Mapping[str, type | tuple[type, ...]] = {"string": str, "array": list, "object": dict, "integer": int}
# Keywords that say nothing about values, and those that this module checks.
_KNOWN = frozenset(
    "$schema $id title description examples default definitions type $ref properties additionalProperties required "
    "items enum".split()
)


def accepts(schema: Mapping[str, Any], value: Any, root: Mapping[str, Any]) -> bool:
    """Return True if `value` certainly matches; `root` is the schema that references point into.

    Nulls in mappings count as absent, as in `violations`.
    """
    if "$ref" in schema:
        schema = _referred(schema["$ref"], root)
    type_ = schema.get("type")
    if not schema.keys() <= _KNOWN or (type_ is not None and not _is_a(value, type_)):
        return False
    if "enum" in schema and value not in schema["enum"]:
        return False
    if isinstance(value, dict):
        return _accepts_members(schema, value, root)
    return not isinstance(value, list) or _accepts_items(schema, value, root)


def _accepts_items(schema: Mapping[str, Any], value: Sequence[Any], root: Mapping[str, Any]) -> bool:
    items = schema.get("items")
    return items is None or all(accepts(items, item, root) for item in value)


def _accepts_members(schema: Mapping[str, Any], value: Mapping[str, Any], root: Mapping[str, Any]) -> bool:
    known, others = schema.get("properties", {}), schema.get("additionalProperties")
    if any(value.get(name) is None for name in schema.get("required", ())):
        return False
    for name, member in value.items():
        rule = known.get(name, others)
        if rule is False or (rule is not None and member is not None and not accepts(rule, member, root)):
            return False
    return True


def _is_a(value: Any, type_: str) -> bool:
    return isinstance(value, _TYPES.get(type_, ())) and not isinstance(value, bool)


def _referred(reference: str, root: Mapping[str, Any]) -> Mapping[str, Any]:
    found: Any = root
    for name in reference.removeprefix("#/").split("/"):
        found = found[name]
    schema: Mapping[str, Any] = found
    return schema
