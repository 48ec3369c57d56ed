"""What a fix does to the data of a document, by key path. `manifest.edit` turns changes into edits of its text."""

from typing import Any, NamedTuple

from isvclog.keypath import KeyPath


class SequenceContent(NamedTuple):
    """A list, as the value of a change."""

    values: "tuple[Value, ...]"


class MappingContent(NamedTuple):
    """A mapping, as the value of a change."""

    pairs: "tuple[tuple[str, Value], ...]"


Value = str | int | float | bool | None | SequenceContent | MappingContent
"""Data that can be compared and put in a set."""


class Replace(NamedTuple):
    """The scalar at `path` becomes the string `value`, quoted where a plain scalar would be read as something else."""

    path: KeyPath
    value: str


class Rename(NamedTuple):
    """The last key of `path` becomes `key`; its value stays."""

    path: KeyPath
    key: str


class Remove(NamedTuple):
    """The key or list item at `path` is taken out, with its value. A list or mapping keeps at least one entry."""

    path: KeyPath


class Empty(NamedTuple):
    """The list or mapping at `path` loses all its entries; the key stays, with `left`: null, or an empty collection."""

    path: KeyPath
    left: SequenceContent | MappingContent | None


class Insert(NamedTuple):
    """The last key of `path`, which is not there, is added at the end of its mapping."""

    path: KeyPath
    value: Value


class Append(NamedTuple):
    """The strings are added at the end of the list at `path`."""

    path: KeyPath
    values: tuple[str, ...]


class SetCollection(NamedTuple):
    """What stands at `path`, which is an alias, null, `[]` or `{}`, is written out as `value`, which is not empty."""

    path: KeyPath
    value: SequenceContent | MappingContent


Change = Replace | Rename | Remove | Empty | Insert | Append | SetCollection


def to_content(data: Any) -> Value:
    """Plain data as the value of a change."""
    if isinstance(data, dict):
        return MappingContent(tuple((key, to_content(value)) for key, value in data.items()))
    if isinstance(data, list):
        return SequenceContent(tuple(map(to_content, data)))
    scalar: str | int | float | bool | None = data
    return scalar


def to_data(value: Value) -> Any:
    """The value of a change as plain data, nothing of it shared."""
    if isinstance(value, MappingContent):
        return {key: to_data(inner) for key, inner in value.pairs}
    return list(map(to_data, value.values)) if isinstance(value, SequenceContent) else value
