"""Fixes of findings as edits of the text."""

from isvclog.findings import Fix
from isvclog.manifest.editing.edit_error import EditError
from isvclog.manifest.syntax.objects import Object


def with_edits(fix: Fix | None, obj: Object) -> Fix | None:
    """Add to the fix of a finding its edits and the key path of its object.

    Return None without a fix, for an object without text, or if the text does not allow the fix.
    """
    if fix is None or not obj.source.text:
        return None
    from isvclog.manifest.editing.editor import text_edits  # few findings need the editor

    try:
        return fix._replace(edits=text_edits(obj, fix.changes), root=obj.root)
    except EditError:
        return None
