"""Plans that change which annotations a logger adds to its events. Nothing is written here.

The functions that plan take an InferenceService as `manifest.load` yields it and do not change its text. `perform`
builds the new bytes of a file from the plans of its services, and verifies that nothing else changes.
"""

from collections.abc import Collection, Iterable, Mapping

from isvclog.edit.plan import EditAction, EditPlan, PlanNote
from isvclog.edit.planner import ALL, Planner
from isvclog.kserve.apis.constants import PREDICTOR
from isvclog.kserve.apis.releases import Release
from isvclog.manifest import Object, Source
from isvclog.manifest.editing.edit_error import EditError

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
    """Plan how to add the keys to `metadataAnnotations`, and those with a value to `metadata.annotations` too.

    Without `components`, all components that have a logger are selected, or the predictor if there is none. A missing
    logger is created, with `url` if it is given, unless `create` is False. `overwrite` permits to change a value that
    exists. `unshare` permits to write out what an alias shares with places that are not selected. `source` is the file:
    its lists show the style if the service has no list. A `release` that does not know `metadataAnnotations` gets a
    note.

    Raise EditError, with the position, if the keys cannot be added without changing something else.
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
    """Plan how to remove the keys from `metadataAnnotations` and, if `with_value`, from `metadata.annotations`.

    Without `components`, all components that have a logger are selected. A list or mapping that becomes empty is
    removed with its key, unless the key has a comment; a logger stays. Raise EditError as `add` does.
    """
    planner = Planner(obj, unshare)
    names = planner.selected_components(components)
    for name in names:
        planner.unlist_keys(name, list(dict.fromkeys(keys)))
    if with_value:
        planner.remove_values(list(dict.fromkeys(keys)))
    return planner.plan(names, source)


def apply_plans(source: Source, plans: Iterable[EditPlan]) -> bytes:
    """Apply the plans of a file's services, and parse the result to verify that nothing else changed.

    Return the same bytes if there is nothing to do. Raise EditError if something else would change.
    """
    from isvclog.manifest.editing.apply import Intent, apply, verify

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
