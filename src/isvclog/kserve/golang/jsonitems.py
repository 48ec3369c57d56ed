"""The items of a JSON list that Go decodes into `[]interface{}` and encodes again with `encoding/json`."""

import json
from math import isinf
from typing import Any

from isvclog.kserve.golang.json import marshal
from isvclog.kserve.golang.jsondecode import Struct, fold, unmarshal
from isvclog.kserve.golang.jsonsyntax import JsonError
from isvclog.kserve.golang.strings import from_bytes
from isvclog.patterns import late_pattern

_NOT_UTF8 = late_pattern("\\\\u[dD][89a-fA-F]|[\udc80-\udcff]").search
"""Finds halves of surrogate pairs, which Go replaces, and pairs of them, which it joins."""


class _Unusual(ValueError):
    """The text needs Go's own rules."""


def encoded_items(data: bytes, struct: Struct) -> list[str]:
    """Return each item of the list that is the only field of the struct, as Go encodes it again.

    A missing list or null is empty. Raises JsonError as `json.Unmarshal` into the struct does, and for values that are
    nested deeper than Python can follow; Go's own limit is 10,000.
    """
    text = from_bytes(data)
    try:
        return [marshal(item) for item in _items(text, struct)]
    except RecursionError:
        raise JsonError("exceeded max depth") from None


def _items(text: str, struct: Struct) -> list[Any]:
    try:
        found = _decode_usual(text, struct.fields[0].name)
    except (ValueError, RecursionError):
        found = unmarshal(text, struct)[struct.fields[0].name]
    return found or []


def _decode_usual(text: str, name: str) -> list[Any] | None:
    """Decode with Python's parser, a hundred times as fast; raise ValueError unless Go gets the same."""
    if _NOT_UTF8(text):
        raise _Unusual
    document = _DECODER.decode(text)
    if not isinstance(document, dict):
        raise _Unusual
    names = [member for member in document if fold(member) == fold(name)]
    items = document[names[0]] if names else None
    if len(names) > 1 or not (items is None or isinstance(items, list)):
        raise _Unusual
    return items


def _number(text: str) -> float:
    number = float(text)
    if isinf(number):
        raise _Unusual
    return number


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise _Unusual
    return members


def _constant(_: str) -> None:
    raise _Unusual


_DECODER = json.JSONDecoder(
    object_pairs_hook=_members, parse_float=_number, parse_int=_number, parse_constant=_constant
)
