"""Changes to the data of a document, by key path. The manifest package converts them to edits of the text."""

from typing import Any

from isvclog.keypath import KeyPath
from isvclog.records import NamedTuple
from isvclog.variants import variant


@variant
class SequenceContent(NamedTuple):
    """A list that is the value of a change."""

    values: "tuple[Value, ...]"


@variant
class MappingContent(NamedTuple):
    """A mapping that is the value of a change."""

    pairs: "tuple[tuple[str, Value], ...]"


Content = SequenceContent | MappingContent
"""A collection that is the value of a change."""
Value = str | int | float | bool | None | Content
"""The value of a change: data that can be compared and put in a set."""


@variant
class Replace(NamedTuple):
    """A change that replaces the scalar at `path` with the string `value`.

    The string is quoted if a plain scalar would be read as something else.
    """

    path: KeyPath
    value: str


@variant
class Rename(NamedTuple):
    """A change that renames the last key of `path` to `key`. The value of the key stays."""

    path: KeyPath
    key: str


@variant
class Remove(NamedTuple):
    """A change that removes the key or list item at `path`, with its value.

    The list or mapping that contains it keeps at least one entry.
    """

    path: KeyPath


@variant
class Empty(NamedTuple):
    """A change that removes all entries of the list or mapping at `path`.

    The key stays, with the value `left`: null or an empty collection.
    """

    path: KeyPath
    left: Content | None


@variant
class Insert(NamedTuple):
    """A change that adds the last key of `path`, which does not exist yet, at the end of its mapping."""

    path: KeyPath
    value: Value


@variant
class Append(NamedTuple):
    """A change that adds strings at the end of the list at `path`."""

    path: KeyPath
    values: tuple[str, ...]


@variant
class SetCollection(NamedTuple):
    """A change that writes out `value` at `path`, in place of an alias, null, `[]` or `{}`. `value` is not empty."""

    path: KeyPath
    value: Content


Change = Replace | Rename | Remove | Empty | Insert | Append | SetCollection


def to_content(data: Any) -> Value:
    """Convert plain data to the value of a change."""
    if isinstance(data, dict):
        return MappingContent(tuple((key, to_content(value)) for key, value in data.items()))
    if isinstance(data, list):
        return SequenceContent(tuple(map(to_content, data)))
    scalar: str | int | float | bool | None = data
    return scalar


def to_data(value: Value) -> Any:
    """Convert the value of a change to plain data that shares no objects."""
    if isinstance(value, MappingContent):
        return {key: to_data(inner) for key, inner in value.pairs}
    return list(map(to_data, value.values)) if isinstance(value, SequenceContent) else value
