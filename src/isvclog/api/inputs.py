"""Conversion of the services that a program passes: dicts and objects of the Python SDK become JSON text.

So everything is read in the same way as a file.
"""

import json
import os
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

from isvclog.errors import InputError
from isvclog.keypath import KeyPath, pointer
from isvclog.manifest import Source, read_file
from isvclog.records import NamedTuple
from isvclog.redact.gate import SecretRedaction

_FILES = (".yaml", ".yml", ".json")
_KEYWORDS = (b"InferenceService",)


class GivenText(NamedTuple):
    """A text to read. `is_written` is False if it was made from an object, so that lines and columns mean nothing."""

    source: Source
    is_written: bool


def each_manifest(given: Any) -> list[Any]:
    """List the manifests in an argument that is one manifest or several."""
    is_one = isinstance(given, Mapping | str | bytes | bytearray | memoryview | os.PathLike) or _is_model(given)
    return [given] if is_one or not isinstance(given, Iterable) else [*given]


def given_texts(given: Any) -> list[GivenText]:
    """Return the texts of one manifest or of several. Raises InputError, or IsvclogError for an unreadable file."""
    return list(map(given_text, each_manifest(given)))


def given_text(given: Any) -> GivenText:
    """Return the text of one manifest. Raises InputError, or IsvclogError for a file that cannot be read."""
    if isinstance(given, str):
        return GivenText(Source("<text>", _check_text(given).encode("utf-8", "replace")), True)
    if isinstance(given, bytes | bytearray | memoryview):
        return GivenText(Source("<text>", bytes(given)), True)
    if isinstance(given, os.PathLike):
        return GivenText(read_file(os.fspath(given), _KEYWORDS), True)
    try:
        data = _plain(given, ())
        if not isinstance(data, dict):
            what = type(given).__name__
            raise InputError(
                f"a value of the type {what} is not a manifest: give a dict, an object of the SDK or a string."
            )
        text = json.dumps(data, allow_nan=False)
    except (RecursionError, ValueError):
        raise InputError("the object cannot be written as JSON: it contains itself, NaN or infinity.") from None
    return GivenText(Source("<object>", text.encode("ascii")), False)


def _check_text(text: str) -> str:
    """Raise InputError for the name of a file, which is a valid YAML text without any object."""
    if text.endswith(_FILES) and not {*"\n:{"} & {*text}:
        raise InputError(f"{text[:80]!a} is the name of a file: give its content, or pathlib.Path of it.")
    return text


def _is_model(value: Any) -> bool:
    return isinstance(getattr(value, "openapi_types", None), Mapping) and isinstance(
        getattr(value, "attribute_map", None), Mapping
    )


def _plain(value: Any, path: KeyPath) -> Any:
    """Convert a value to JSON's types, as the Python client of Kubernetes does."""
    if value is None or (isinstance(value, bool | int | float | str) and not isinstance(value, Enum)):
        return value
    if isinstance(value, Mapping):
        return {_key(key, path): _plain(item, (*path, str(key))) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item, (*path, index)) for index, item in enumerate(value)]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal | UUID):
        return str(value)
    return _plain(_content(value, path), path)


def _content(value: Any, path: KeyPath) -> Any:
    """Return what an object contains. Raises InputError for one that a manifest cannot contain.

    Objects of the SDK are converted here: `ApiClient.sanitize_for_serialization` of kubernetes 37 gives those of kserve
    0.21 the names of Python code. Source: openapi_types and attribute_map of the models in both packages.
    """
    if isinstance(value, Enum):
        return value.value
    if _is_model(value):
        members = ((value.attribute_map.get(name, name), getattr(value, name, None)) for name in value.openapi_types)
        return {name: member for name, member in members if member is not None}
    if callable(to_dict := getattr(value, "to_dict", None)):
        return to_dict()
    where = f"{_place(path)} is" if path else "what was given is"
    raise InputError(f"{where} {_described(value)}, which a manifest cannot contain: give plain data.")


def _key(key: Any, path: KeyPath) -> Any:
    if key is None or isinstance(key, bool | int | float | str):
        return key
    raise InputError(f"a key of {_place(path) or 'the object'} is {_described(key)}, and must be a string.")


def _place(path: KeyPath) -> str:
    return pointer(SecretRedaction().path(path))


def _described(value: Any) -> str:
    return f"of the type {type(value).__name__}"
