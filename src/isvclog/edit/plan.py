"""Plans: the changes of a service, and notes on what is done and what needs no change."""

from enum import StrEnum

from isvclog.changes import Change
from isvclog.findings import Edit
from isvclog.keypath import KeyPath
from isvclog.manifest import Object
from isvclog.records import NamedTuple


class EditAction(StrEnum):
    """The kind of one step of a plan: what it does, or why there is nothing to do.

    `URL_KEPT` and `URL_ABSENT`: a URL was given for new loggers, but an existing logger keeps its own URL, or has none.
    `FIELD_DROPPED`: the release has no `metadataAnnotations`, so the cluster does not keep the list.
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
    VALUE_UNCHANGED = "value-unchanged"
    NO_VALUE = "no-value"
    URL_KEPT = "url-kept"
    URL_ABSENT = "url-absent"
    FIELD_DROPPED = "field-dropped"

    @property
    def is_change(self) -> bool:
        """True if the step changes the manifest."""
        return self not in _NO_CHANGE


_NO_CHANGE = frozenset(
    (
        EditAction.ALREADY_LISTED,
        EditAction.NOT_LISTED,
        EditAction.VALUE_UNCHANGED,
        EditAction.NO_VALUE,
        EditAction.URL_KEPT,
        EditAction.URL_ABSENT,
        EditAction.FIELD_DROPPED,
    )
)


class PlanNote(NamedTuple):
    """One step of a plan.

    `key` is the annotation, empty for a logger; `component` is empty for a step about the service. `path` starts at the
    object and leads to what is created, changed or already there. `intended` is the existing annotation that was
    probably meant by a `key` that does not exist, or empty.
    """

    action: EditAction
    key: str
    component: str
    path: KeyPath
    intended: str = ""


class EditPlan(NamedTuple):
    """The planned changes of one service. Without changes there are no edits.

    The paths of `changes` start at the object; `edits` have lines and columns of the file. `components` are those whose
    logger was selected.
    """

    obj: Object
    components: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()
    edits: tuple[Edit, ...] = ()
    notes: tuple[PlanNote, ...] = ()
