"""Differences between a value and a schema, with null read as the API server reads it.

A first check recognizes values that certainly match. It spares the import of jsonschema, which takes as long as four
bare starts of Python; nearly all loggers are correct. jsonschema checks every value that the first check does not
accept, so it may miss a correct value but must never accept a wrong one.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from isvclog.keypath import KeyPath
from isvclog.records import NamedTuple

Schema = Mapping[str, Any]


class Violation(NamedTuple):
    """A value that breaks one keyword of its schema.

    `expected` is what the keyword says: the type, the allowed values, or the missing names. For `additionalProperties`
    the path ends with the name that should not be there.
    """

    path: KeyPath
    keyword: str
    expected: Any


def violations(schema: Schema, value: Any) -> Iterator[Violation]:
    """Yield all violations; a value of a wrong type is not reported as a wrong value too.

    A null in a mapping counts as absent: the API server drops it before it validates (apiextensions-apiserver's
    PruneNonNullableNullsWithoutDefaults). A null in a list stays and is checked.
    """
    return iter(()) if accepts(schema, value, schema) else jsonschema_violations(schema, value)


def jsonschema_violations(schema: Schema, value: Any) -> Iterator[Violation]:
    """Yield the same violations, found by jsonschema alone."""
    for error in _validator_class()(schema).iter_errors(value):
        if error.validator == "enum" and not isinstance(error.instance, str):
            continue  # its type is wrong already
        yield Violation(tuple(error.absolute_path), str(error.validator), error.validator_value)


@cache
def _validator_class() -> Any:
    # Importing jsonschema takes four times as long as starting Python, so this is done only if a value may be wrong.
    from jsonschema import Draft7Validator, ValidationError
    from jsonschema.validators import extend

    def properties(validator: Any, properties: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
        for name, subschema in properties.items() if isinstance(instance, dict) else ():
            if instance.get(name) is not None:
                yield from validator.descend(instance[name], subschema, path=name, schema_path=name)

    def additional(validator: Any, subschema: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
        extra = instance.keys() - schema.get("properties", {}).keys() if isinstance(instance, dict) else ()
        for name in extra:
            if subschema is False:
                yield ValidationError(f"{name!r} is not allowed", path=[name])
            elif instance[name] is not None:
                yield from validator.descend(instance[name], subschema, path=name)

    def required(validator: Any, names: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
        missing = [name for name in names if instance.get(name) is None] if isinstance(instance, dict) else []
        if missing:
            yield ValidationError(f"{missing} are required", validator_value=missing)

    keywords = {"properties": properties, "additionalProperties": additional, "required": required}
    return extend(Draft7Validator, keywords)  # type: ignore[no-untyped-call]


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
    return type_ == "boolean" if isinstance(value, bool) else isinstance(value, _TYPES.get(type_, ()))


def _referred(reference: str, root: Mapping[str, Any]) -> Mapping[str, Any]:
    found: Any = root
    for name in reference.removeprefix("#/").split("/"):
        found = found[name]
    schema: Mapping[str, Any] = found
    return schema
