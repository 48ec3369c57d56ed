"""Which annotations a logger adds to what it sends, as changes of one manifest: nothing is written here.

All functions take an InferenceService as `manifest.load` gives it and leave the text alone; `perform` makes the new bytes
of a file of the plans of its services, and makes sure that nothing else changes.
"""

from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum
from typing import NamedTuple

from isvclog.changes import Change
from isvclog.findings import Edit
from isvclog.keypath import KeyPath
from isvclog.kserve.releases import Release
from isvclog.manifest import Object, Source

ALL = "all"
"""Instead of the name of a component: every one that the service has."""


class What(StrEnum):
    """What a step of a plan does, or why there is nothing to do."""

    LISTED = "listed"
    UNLISTED = "unlisted"
    VALUE_SET = "value-set"
    VALUE_REMOVED = "value-removed"
    LOGGER_CREATED = "logger-created"
    LOGGER_REMOVED = "logger-removed"
    UNSHARED = "unshared"
    ALREADY_LISTED = "already-listed"
    NOT_LISTED = "not-listed"
    VALUE_THERE = "value-there"
    NO_VALUE = "no-value"

    @property
    def is_change(self) -> bool:
        """Whether it changes the manifest."""
        return self not in (What.ALREADY_LISTED, What.NOT_LISTED, What.VALUE_THERE, What.NO_VALUE)


class Note(NamedTuple):
    """One step. `key` is the annotation, empty for a logger; `component` is empty for what is about the service.

    `path` starts at the object: what is created, changed or there already.
    """

    what: What
    key: str
    component: str
    path: KeyPath


class Plan(NamedTuple):
    """What is to be done to one service; without changes there are no edits.

    The paths of `changes` start at the object; `edits` have lines and columns of the file. `components` are those whose
    logger was meant.
    """

    obj: Object
    components: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()
    edits: tuple[Edit, ...] = ()
    notes: tuple[Note, ...] = ()


def add(
    obj: Object,
    keys: Mapping[str, str | None],
    *,
    components: Collection[str] = (),
    create: bool = True,
    url: str | None = None,
    overwrite: bool = False,
    unshare: bool = False,
    source: Source | None = None,
    release: Release | None = None,
) -> Plan:
    """How the keys get into `metadataAnnotations`, and those with a value into `metadata.annotations` too.

    Without components, all that have a logger are meant, and the predictor where none has. A logger that is missing is
    created, with `url` if one is given, unless `create` is off. `unshare` writes out what an alias shares with places
    that are not meant. `source` is the file: its lists show the style where the service has none. Raises CannotEdit,
    with the place, for what cannot be done without changing something else.
    """
    raise NotImplementedError


def remove(
    obj: Object,
    keys: Collection[str],
    *,
    components: Collection[str] = (),
    with_value: bool = False,
    unshare: bool = False,
    source: Source | None = None,
) -> Plan:
    """How the keys get out of `metadataAnnotations`, and with their values out of `metadata.annotations`.

    Without components, all that have a logger are meant. A list or mapping of which nothing is left goes with its key;
    a logger stays as long as anything else is in it. Raises CannotEdit as `add` does.
    """
    raise NotImplementedError


def perform(source: Source, plans: Iterable[Plan]) -> bytes:
    """The bytes of the file after the plans of its services, read again to make sure that nothing else changed.

    The same bytes where nothing is to be done. Raises CannotEdit.
    """
    raise NotImplementedError
