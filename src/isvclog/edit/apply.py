"""Plans applied to the bytes of a file."""

from collections.abc import Iterable

from isvclog.edit.plan import EditPlan
from isvclog.manifest import Source
from isvclog.manifest.editing.edit_error import EditError
from isvclog.manifest.syntax.load import ReadNodes, read_nodes


def apply_plans(source: Source, plans: Iterable[EditPlan], read: ReadNodes = read_nodes) -> bytes:
    """Apply the plans of a file's services, and parse the result to verify that nothing else changed.

    Return the same bytes if there is nothing to do. Raise EditError if something else would change.
    """
    from isvclog.manifest.editing.apply import Intent, apply, verify

    changed = [plan for plan in plans if plan.changes]
    if not changed:
        return source.data
    after = apply(source.data, [edit for plan in changed for edit in plan.edits])
    intents = [
        Intent(
            plan.obj.document,
            tuple(change._replace(path=(*plan.obj.root, *change.path)) for change in plan.changes),
        )
        for plan in changed
    ]
    try:
        verify(source.data, after, intents, read)
    except EditError as error:
        first = changed[0]
        raise EditError(error.reason, error.remedy, error.span or first.obj.key_span(first.changes[0].path)) from None
    return after
