"""Values that an alias or a merge key shows in several places: changed for all of them, or written out first."""

import copy
from collections.abc import Iterator, Sequence
from typing import Any

from isvclog.changes import Change, Content, Empty, Insert, Remove, Replace, SetCollection, to_content
from isvclog.edit.service import edit_error
from isvclog.keypath import KeyPath, dotted, value_at
from isvclog.manifest import Object
from isvclog.manifest.editing.sharing import SharedPlace, dangling_aliases, shared_places
from isvclog.records import NamedTuple


class Group(NamedTuple):
    """A group of changes inside the list or mapping at `path`, whose value is `intended` afterwards."""

    path: KeyPath
    changes: tuple[Change, ...]
    intended: Any


def detach_aliases(obj: Object, groups: Sequence[Group], unshare: bool) -> tuple[tuple[Change, ...], list[KeyPath]]:
    """Collect the changes that make the groups and nothing else, and the paths where a value is written out for them.

    Raise EditError if a value is shared with places that must not change, unless `unshare` permits to write it out.
    """
    changes: list[Change] = []
    written_out: list[Change] = []
    for group in groups:
        own, others = _places_of(obj, group)
        unselected = [place for place in others if not _is_selected(place, group, groups)]
        if unselected and not unshare:
            reason = f"is shared with `{dotted(unselected[0].path)}` by an alias or a merge key"
            remedy = "change both together, or pass --unshare to replace the alias with a copy"
            raise edit_error(obj, group.path, reason, remedy)
        copies = list(_copies(obj, group, own, unselected)) if unselected else []
        written_out += copies
        changes += copies
        if own.is_written_here or not unselected:
            changes += group.changes
    kept = list(_kept_values(obj, changes, unshare))
    paths = [change.path for change in (*written_out, *kept)]
    return tuple(dict.fromkeys((*changes, *kept))), list(dict.fromkeys(paths))


def _copies(obj: Object, group: Group, own: SharedPlace, others: Sequence[SharedPlace]) -> Iterator[Change]:
    """Yield the changes that write a shared value out.

    It is written out where the group is, with the changes of the group. If the value is written there already, it is
    written out in the other places, as it was.
    """
    if own.merged:
        yield _override(obj, group)
    elif own.alias is not None:
        yield _write_out(obj, own.alias, group)
    else:
        for place in others:
            if place.alias is None or place.merged:
                reason = f"is merged into `{dotted(place.path)}`"
                raise edit_error(obj, group.path, reason, "write the keys there without the merge key first")
            yield _write_out(obj, place.alias, None)


def _kept_values(obj: Object, changes: Sequence[Change], unshare: bool) -> Iterator[Change]:
    """Yield changes that keep the values of aliases whose anchors are removed or get another value.

    Raise EditError if a value cannot be kept, or if `unshare` does not permit to write it out.
    """
    removed = list(_removed_paths(obj, changes))
    replaced = [change.path for change in changes if isinstance(change, Replace)]
    written = {change.path for change in changes if isinstance(change, SetCollection)}
    for place in dangling_aliases(obj, removed, replaced):
        if place.path not in written:
            yield _kept_value(obj, place, unshare, "removed" if removed else "overwritten")


def _kept_value(obj: Object, place: SharedPlace, unshare: bool, verb: str) -> Change:
    value = None if place.merged else to_content(value_at(obj.data, place.path))
    if unshare and isinstance(value, str):
        return Replace(place.path, value)
    if unshare and isinstance(value, Content):
        return SetCollection(place.path, value)
    remedy = "replace it with a copy first" if unshare or place.merged else "pass --unshare to replace it with a copy"
    raise edit_error(obj, place.path, f"is an alias of what would be {verb}", remedy)


def _removed_paths(obj: Object, changes: Sequence[Change]) -> Iterator[KeyPath]:
    for change in changes:
        if isinstance(change, Remove):
            yield change.path
        elif isinstance(change, Empty):
            inner = value_at(obj.data, change.path)
            yield from ((*change.path, step) for step in (inner if isinstance(inner, dict) else range(len(inner))))


def _places_of(obj: Object, group: Group) -> tuple[SharedPlace, list[SharedPlace]]:
    """Find the place where the changes are intended, and the other places where they would show."""
    found = shared_places(obj, group.path)
    own = next((place for place in found if place.path == group.path), SharedPlace(group.path))
    keys = [change.path[-1] for change in group.changes if len(change.path) > len(group.path)]
    return own, [place for place in found if place is not own and _shows(obj, place, group.path, keys)]


def _shows(obj: Object, place: SharedPlace, path: KeyPath, keys: Sequence[str | int]) -> bool:
    """Check whether a change of these keys at the path shows at a place.

    It does not show if a key that is written at the place overrides it.
    """
    from isvclog.manifest.syntax.lookup import find
    from isvclog.manifest.syntax.nodes import resolved

    if not place.merged or resolved(find(obj.node, place.path)[1]) is resolved(find(obj.node, path)[1]):
        return True
    if not isinstance(value_at(obj.data, place.path), dict):
        return False
    inner = [((*place.path, key), (*path, key)) for key in keys]
    return any(not obj.has(one) or find(obj.node, one)[1] is find(obj.node, other)[1] for one, other in inner)


def _is_selected(place: SharedPlace, group: Group, groups: Sequence[Group]) -> bool:
    """Check whether the groups change the place in the same way as this group, or remove it."""
    if any(isinstance(change, Remove) and change.path == place.path for other in groups for change in other.changes):
        return True
    same = [other for other in groups if other.path == place.path]
    return any(place.merged or other.intended == group.intended for other in same)


def _override(obj: Object, group: Group) -> Change:
    """Insert the value as a key of its own, which overrides the one that is merged."""
    value = to_content(group.intended)
    if not isinstance(group.path[-1], str) or not isinstance(value, Content):
        raise edit_error(obj, group.path, "comes from a merge key", "write the key here first")
    return Insert(group.path, value)


def _write_out(obj: Object, alias: KeyPath, group: Group | None) -> Change:
    """Write out the value of an alias, after the changes of the group if there is one."""
    data = copy.deepcopy(value_at(obj.data, alias))
    if group is not None:
        if alias == group.path:
            data = group.intended
        else:
            value_at(data, group.path[len(alias) : -1])[group.path[-1]] = group.intended
    value = to_content(data)
    if not isinstance(value, Content):
        raise edit_error(obj, alias, "is shared by an alias", "replace the alias with a copy first")
    return SetCollection(alias, value)
