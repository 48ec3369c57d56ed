"""Values that an alias or a merge key shows in several places: changed for all of them, or written out first."""

import copy
from collections.abc import Sequence
from typing import Any, NamedTuple

from isvclog.changes import (
    Change,
    Empty,
    Insert,
    MappingContent,
    Remove,
    Replace,
    SequenceContent,
    SetCollection,
    to_content,
)
from isvclog.keypath import KeyPath, dotted, value_at
from isvclog.manifest import Object
from isvclog.manifest.editing.edit_error import EditError
from isvclog.manifest.editing.sharing import SharedPlace, dangling_aliases, shared_places


class Group(NamedTuple):
    """A group of changes inside the list or mapping at `path`, whose value is `intended` afterwards."""

    path: KeyPath
    changes: tuple[Change, ...]
    intended: Any


def edit_refusal(obj: Object, path: KeyPath, reason: str, remedy: str) -> EditError:
    """Build an EditError, with its position, for something that cannot be done at a path of the object."""
    return EditError(f"`{dotted(path)}` {reason}", remedy, obj.key_span(path))


def detach_aliases(obj: Object, groups: Sequence[Group], unshare: bool) -> tuple[tuple[Change, ...], list[KeyPath]]:
    """Collect the changes that make the groups and nothing else, and the paths where a value is written out for them.

    Raise EditError if a value is shared with places that must not change, unless `unshare` permits to write it out.
    """
    changes: list[Change] = []
    unshared: list[KeyPath] = []
    for group in groups:
        own, others = _seen(obj, group)
        others = [place for place in others if not _is_meant(place, group, groups)]
        if not others:
            changes += group.changes
            continue
        if not unshare:
            names = f"is shared with `{dotted(others[0].path)}` by an alias or a merge key"
            raise edit_refusal(obj, group.path, names, "change both together, or pass --unshare to write it out")
        if own.merged:
            changes.append(_over_merged(obj, group))
            unshared.append(group.path)
        elif own.alias is not None:
            changes.append(_written_out(obj, own.alias, group))
            unshared.append(own.alias)
        else:
            for place in others:
                if place.alias is None or place.merged:
                    remedy = "write it out there first"
                    raise edit_refusal(obj, group.path, f"is merged into `{dotted(place.path)}`", remedy)
                changes.append(_written_out(obj, place.alias, None))
                unshared.append(place.alias)
            changes += group.changes
    for path, change in _keep_values(obj, changes, unshare):
        changes.append(change)
        unshared.append(path)
    return tuple(dict.fromkeys(changes)), list(dict.fromkeys(unshared))


def _keep_values(obj: Object, changes: Sequence[Change], unshare: bool) -> list[tuple[KeyPath, Change]]:
    """Collect changes, with paths, that keep the values of aliases whose anchors are removed or get another value.

    Raise EditError if a value cannot be kept, or if `unshare` does not permit to write it out.
    """
    removed = [change.path for change in changes if isinstance(change, Remove)]
    for change in changes:
        if isinstance(change, Empty):
            inner = value_at(obj.data, change.path)
            removed += [(*change.path, step) for step in (inner if isinstance(inner, dict) else range(len(inner)))]
    replaced = [change.path for change in changes if isinstance(change, Replace)]
    written = {change.path for change in changes if isinstance(change, SetCollection)}
    found: list[tuple[KeyPath, Change]] = []
    for place in dangling_aliases(obj, removed, replaced):
        if place.path in written:
            continue
        value = None if place.merged else to_content(value_at(obj.data, place.path))
        if isinstance(value, SequenceContent | MappingContent) and unshare:
            found.append((place.path, SetCollection(place.path, value)))
        elif isinstance(value, str) and unshare:
            found.append((place.path, Replace(place.path, value)))
        else:
            remedy = "write it out there first" if unshare or place.merged else "pass --unshare to write it out there"
            reason = f"takes its value by an alias from what would be {'removed' if removed else 'overwritten'}"
            raise edit_refusal(obj, place.path, reason, remedy)
    return found


def _seen(obj: Object, group: Group) -> tuple[SharedPlace, list[SharedPlace]]:
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
    if not obj.has(place.path) or not isinstance(value_at(obj.data, place.path), dict):
        return False
    inner = [((*place.path, key), (*path, key)) for key in keys]
    return any(not obj.has(one) or find(obj.node, one)[1] is find(obj.node, other)[1] for one, other in inner)


def _is_meant(place: SharedPlace, group: Group, groups: Sequence[Group]) -> bool:
    if any(isinstance(change, Remove) and change.path == place.path for other in groups for change in other.changes):
        return True
    same = [other for other in groups if other.path == place.path]
    return any(place.merged or other.intended == group.intended for other in same)


def _over_merged(obj: Object, group: Group) -> Change:
    """Insert the value as a key of its own, which overrides the one that is merged."""
    value = to_content(group.intended)
    if not isinstance(group.path[-1], str) or not isinstance(value, SequenceContent | MappingContent):
        raise edit_refusal(obj, group.path, "comes from a merge key", "write it out first")
    return Insert(group.path, value)


def _written_out(obj: Object, alias: KeyPath, group: Group | None) -> Change:
    """Write out the value of an alias, after the changes of the group if there is one."""
    data = copy.deepcopy(value_at(obj.data, alias))
    if group is not None:
        if alias == group.path:
            data = group.intended
        else:
            value_at(data, group.path[len(alias) : -1])[group.path[-1]] = group.intended
    value = to_content(data)
    if not isinstance(value, SequenceContent | MappingContent):
        raise edit_refusal(obj, alias, "is shared by an alias", "write it out first")
    return SetCollection(alias, value)
