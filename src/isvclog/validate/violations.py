"""Differences between a value and a schema, found by jsonschema, with null read as the API server reads it."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

from isvclog.keypath import KeyPath
from isvclog.validate.acceptance import accepts

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
