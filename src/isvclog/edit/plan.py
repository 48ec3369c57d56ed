"""What is to be done to a service, and what need not be done."""

from enum import StrEnum
from typing import NamedTuple

from isvclog.changes import Change
from isvclog.findings import Edit
from isvclog.keypath import KeyPath
from isvclog.manifest import Object


class EditAction(StrEnum):
    """What a step of a plan does, or why there is nothing to do.

    `URL_LEFT` and `URL_ABSENT`: a logger that is there keeps its URL, or has none, where one was given for new loggers.
    `FIELD_DROPPED`: the release has no `metadataAnnotations`, so that the cluster does not keep the list.
    """

    LISTED = "listed"
    UNLISTED = "unlisted"
    VALUE_SET = "value-set"
    VALUE_REMOVED = "value-removed"
    LOGGER_CREATED = "logger-created"
    LOGGER_EMPTIED = "logger-emptied"
    UNSHARED = "unshared"
    ALREADY_LISTED = "already-listed"
    NOT_LISTED = "not-listed"
    VALUE_THERE = "value-there"
    NO_VALUE = "no-value"
    URL_LEFT = "url-left"
    URL_ABSENT = "url-absent"
    FIELD_DROPPED = "field-dropped"

    @property
    def is_change(self) -> bool:
        """Whether it changes the manifest."""
        return self not in _NO_CHANGE


_NO_CHANGE = frozenset(
    (
        EditAction.ALREADY_LISTED,
        EditAction.NOT_LISTED,
        EditAction.VALUE_THERE,
        EditAction.NO_VALUE,
        EditAction.URL_LEFT,
        EditAction.URL_ABSENT,
        EditAction.FIELD_DROPPED,
    )
)


class PlanNote(NamedTuple):
    """One step. `key` is the annotation, empty for a logger; `component` is empty for what is about the service.

    `path` starts at the object: what is created, changed or there already.
    """

    action: EditAction
    key: str
    component: str
    path: KeyPath


class EditPlan(NamedTuple):
    """What is to be done to one service; without changes there are no edits.

    The paths of `changes` start at the object; `edits` have lines and columns of the file. `components` are those whose
    logger was meant.
    """

    obj: Object
    components: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()
    edits: tuple[Edit, ...] = ()
    notes: tuple[PlanNote, ...] = ()
