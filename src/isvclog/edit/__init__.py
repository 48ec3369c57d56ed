"""Which annotations a logger adds to what it sends, as changes of one manifest: nothing is written here.

All functions take an InferenceService as `manifest.load` gives it and leave the text alone; `perform` makes the new
bytes of a file of the plans of its services, and makes sure that nothing else changes.
"""

from collections.abc import Collection, Iterable, Mapping

from isvclog.edit.plan import EditAction, EditPlan, PlanNote
from isvclog.edit.planner import ALL, Planner
from isvclog.kserve.constants import PREDICTOR
from isvclog.kserve.releases import Release
from isvclog.manifest import Object, Source
from isvclog.manifest.edit_error import EditError

__all__ = ["ALL", "EditAction", "EditPlan", "PlanNote", "apply_plans", "plan_addition", "plan_removal"]


def plan_addition(
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
) -> EditPlan:
    """How the keys get into `metadataAnnotations`, and those with a value into `metadata.annotations` too.

    Without components, all that have a logger are meant, and the predictor where none has. A logger that is missing is
    created, with `url` if one is given, unless `create` is off. `unshare` writes out what an alias shares with places
    that are not meant. `source` is the file: its lists show the style where the service has none. A `release`
    that does not know the list gets a note. Raises CannotEdit,
    with the place, for what cannot be done without changing something else.
    """
    planner = Planner(obj, unshare)
    names = planner.selected_components(components) or (PREDICTOR,)
    for name in names:
        planner.list_keys(name, list(keys), create, url)
        if release is not None and not release.has("metadataAnnotations"):
            planner.warn_of_release(name)
    planner.set_values({key: value for key, value in keys.items() if value is not None}, overwrite)
    return planner.plan(names, source)


def plan_removal(
    obj: Object,
    keys: Collection[str],
    *,
    components: Collection[str] = (),
    with_value: bool = False,
    unshare: bool = False,
    source: Source | None = None,
) -> EditPlan:
    """How the keys get out of `metadataAnnotations`, and with their values out of `metadata.annotations`.

    Without components, all that have a logger are meant. A list or mapping of which nothing is left goes with its key,
    unless that has a comment; a logger stays. Raises CannotEdit as `add` does.
    """
    planner = Planner(obj, unshare)
    names = planner.selected_components(components)
    for name in names:
        planner.unlist_keys(name, list(dict.fromkeys(keys)))
    if with_value:
        planner.remove_values(list(dict.fromkeys(keys)))
    return planner.plan(names, source)


def apply_plans(source: Source, plans: Iterable[EditPlan]) -> bytes:
    """The bytes of the file after the plans of its services, read again to make sure that nothing else changed.

    The same bytes where nothing is to be done. Raises CannotEdit.
    """
    from isvclog.manifest.apply import Intent, apply, verify

    doing = [plan for plan in plans if plan.changes]
    if not doing:
        return source.data
    after = apply(source.data, [edit for plan in doing for edit in plan.edits])
    intents = [
        Intent(
            plan.obj.document,
            tuple(change._replace(path=(*plan.obj.root, *change.path)) for change in plan.changes),
        )
        for plan in doing
    ]
    try:
        verify(source.data, after, intents)
    except EditError as error:
        first = doing[0]
        raise EditError(error.reason, error.remedy, error.span or first.obj.key_span(first.changes[0].path)) from None
    return after
