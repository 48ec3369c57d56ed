"""What a fix does to the data of a document, by key path. `manifest.edit` turns changes into edits of its text."""

from typing import NamedTuple

from isvclog.keypath import KeyPath


class Replace(NamedTuple):
    """The scalar at `path` becomes the string `value`, quoted where a plain scalar would be read as something else."""

    path: KeyPath
    value: str


class Rename(NamedTuple):
    """The last key of `path` becomes `key`; its value stays."""

    path: KeyPath
    key: str


class Remove(NamedTuple):
    """The key or list item at `path` is taken out, with its value. A list keeps at least one item."""

    path: KeyPath


class Insert(NamedTuple):
    """The last key of `path`, which is not there, is added at the end of its mapping with the string `value`."""

    path: KeyPath
    value: str


Change = Replace | Rename | Remove | Insert
