"""Values of a manifest with the type that the API server requires.

Each function takes a mapping, the key path of that mapping and a key, and raises Rejected for a value of another type.
Null counts as absent, because the API server drops nulls (apiextensions-apiserver's
PruneNonNullableNullsWithoutDefaults).
"""

from collections.abc import Mapping
from typing import Any

from isvclog.keypath import KeyPath, dotted


class Rejected(ValueError):
    """The API server or KServe's admission webhook does not accept the object. `path` is relative to the object.

    `message` is that of KServe's webhook, empty if it is not known.
    """

    def __init__(self, path: KeyPath, reason: str, message: str = "") -> None:
        super().__init__(f"{dotted(path)}: {reason}")
        self.path = path
        self.reason = reason
        self.message = message


def _kind(value: object) -> str:
    kinds = {bool: "a boolean", int: "a number", float: "a number", str: "a string", list: "a list", type(None): "null"}
    return kinds.get(type(value), "a mapping")


def _wrong(path: KeyPath, key: str | int, wanted: str, value: object) -> Rejected:
    return Rejected((*path, key), f"must be {wanted}, is {_kind(value)}")


def mapping(data: Mapping[str, Any], path: KeyPath, key: str) -> Mapping[str, Any]:
    """Read a mapping; empty if there is none."""
    return optional_mapping(data, path, key) or {}


def optional_mapping(data: Mapping[str, Any], path: KeyPath, key: str) -> Mapping[str, Any] | None:
    """Read a mapping; None if there is none."""
    value = data.get(key)
    if value is None or isinstance(value, dict):
        return value
    raise _wrong(path, key, "a mapping", value)


def string(data: Mapping[str, Any], path: KeyPath, key: str) -> str | None:
    """Read a string; None if there is none."""
    value = data.get(key)
    if value is None or isinstance(value, str):
        return value
    raise _wrong(path, key, "a string", value)


def boolean(data: Mapping[str, Any], path: KeyPath, key: str) -> bool | None:
    """Read a boolean; None if there is none."""
    value = data.get(key)
    if value is None or isinstance(value, bool):
        return value
    raise _wrong(path, key, "a boolean", value)


def integer(data: Mapping[str, Any], path: KeyPath, key: str) -> int | None:
    """Read an integer; None if there is none. 10.0 is an integer, as in JSON Schema."""
    value = data.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not (isinstance(value, int) or (isinstance(value, float) and value.is_integer())):
        raise _wrong(path, key, "an integer", value)
    return int(value)


def sequence(data: Mapping[str, Any], path: KeyPath, key: str) -> list[Any]:
    """Read a list; empty if there is none."""
    value = data.get(key)
    if value is not None and not isinstance(value, list):
        raise _wrong(path, key, "a list", value)
    return value or []


def strings(data: Mapping[str, Any], path: KeyPath, key: str) -> tuple[str, ...] | None:
    """Read a list of strings; None if there is none."""
    values = data.get(key)
    if values is None:
        return None
    if not isinstance(values, list):
        raise _wrong(path, key, "a list of strings", values)
    for index, value in enumerate(values):
        if not isinstance(value, str):
            raise _wrong((*path, key), index, "a string", value)
    return tuple(values)


def string_map(data: Mapping[str, Any], path: KeyPath, key: str) -> dict[str, str]:
    """Read a mapping of strings to strings, without nulls; empty if there is none."""
    values = {name: value for name, value in mapping(data, path, key).items() if value is not None}
    for name, value in values.items():
        if not isinstance(value, str):
            raise _wrong((*path, key), name, "a string", value)
    return values
