"""Values of a manifest with the type the API server insists on.

Each function takes a mapping, the key path of that mapping and a key; null counts as absent, since the API server drops
nulls (apiextensions-apiserver's PruneNonNullableNullsWithoutDefaults).
"""

from collections.abc import Callable, Mapping
from typing import Any

from isvclog.keypath import KeyPath, dotted


class Refused(ValueError):
    """The API server or KServe's admission webhook does not accept the object. `path` is relative to the object."""

    def __init__(self, path: KeyPath, reason: str) -> None:
        super().__init__(f"{dotted(path)}: {reason}")
        self.path = path
        self.reason = reason


def _kind(value: object) -> str:
    kinds = {bool: "a boolean", int: "a number", float: "a number", str: "a string", list: "a list", type(None): "null"}
    return kinds.get(type(value), "a mapping")


def _typed(data: Mapping[str, Any], path: KeyPath, key: str, accepts: Callable[[Any], bool], wanted: str) -> Any:
    value = data.get(key)
    if value is None or accepts(value):
        return value
    raise Refused((*path, key), f"must be {wanted}, is {_kind(value)}")


def mapping(data: Mapping[str, Any], path: KeyPath, key: str) -> Mapping[str, Any]:
    """The mapping, empty where there is none."""
    return optional_mapping(data, path, key) or {}


def optional_mapping(data: Mapping[str, Any], path: KeyPath, key: str) -> Mapping[str, Any] | None:
    """The mapping, or None."""
    value: Mapping[str, Any] | None = _typed(data, path, key, lambda v: isinstance(v, Mapping), "a mapping")
    return value


def string(data: Mapping[str, Any], path: KeyPath, key: str) -> str | None:
    """The string, or None."""
    value: str | None = _typed(data, path, key, lambda v: isinstance(v, str), "a string")
    return value


def integer(data: Mapping[str, Any], path: KeyPath, key: str) -> int | None:
    """The integer, or None; 10.0 is one, as in JSON Schema."""
    value = _typed(
        data,
        path,
        key,
        lambda v: (isinstance(v, int) and not isinstance(v, bool)) or (isinstance(v, float) and v.is_integer()),
        "an integer",
    )
    return None if value is None else int(value)


def items(data: Mapping[str, Any], path: KeyPath, key: str) -> list[Any]:
    """The list, empty where there is none."""
    values: list[Any] | None = _typed(data, path, key, lambda v: isinstance(v, list), "a list")
    return values or []


def strings(data: Mapping[str, Any], path: KeyPath, key: str) -> tuple[str, ...] | None:
    """The list of strings, or None."""
    values = _typed(data, path, key, lambda v: isinstance(v, list), "a list of strings")
    if values is None:
        return None
    for index, value in enumerate(values):
        if not isinstance(value, str):
            raise Refused((*path, key, index), f"must be a string, is {_kind(value)}")
    return tuple(values)


def string_map(data: Mapping[str, Any], path: KeyPath, key: str) -> dict[str, str]:
    """The mapping of strings to strings, without nulls."""
    values = {name: value for name, value in mapping(data, path, key).items() if value is not None}
    for name, value in values.items():
        if not isinstance(value, str):
            raise Refused((*path, key, name), f"must be a string, is {_kind(value)}")
    return values
