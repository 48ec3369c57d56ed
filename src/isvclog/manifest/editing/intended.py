"""The intended data of a document after changes, and its comparison with other data."""

from collections.abc import Iterable
from copy import copy
from typing import Any

from isvclog.changes import Append, Change, Empty, Insert, Remove, Rename, Replace, SetCollection, to_data
from isvclog.keypath import KeyPath


def apply_changes(data: Any, changes: Iterable[Change]) -> Any:
    """Apply all changes to a copy of the data. Every path refers to `data` as it is before the first change.

    The copy shares with `data` what no change touches, so nothing in it may be changed. Raise KeyError, IndexError or
    TypeError if a path does not exist.
    """
    draft = _Draft(data)
    for change in sorted_changes(changes):
        holder, last = draft.at(change.path[:-1]), change.path[-1]
        match change:
            case Replace(value=value):
                holder[last]  # it must be there
                holder[last] = value
            case Insert(value=value) | SetCollection(value=value):
                holder[last] = to_data(value)
            case Empty(left=left):
                holder[last] = to_data(left)
            case Append(values=values):
                draft.at(change.path).extend(values)
            case Rename(key=key):
                holder[key] = holder.pop(last)
            case Remove():
                del holder[last]
    return draft.data


class _Draft:
    """A copy of some data that shares its lists and mappings with it until they are changed."""

    def __init__(self, data: Any) -> None:
        self.data = copy(data)
        self._copies: dict[int, Any] = {}
        """The copies by their identity, which each keeps as long as it is here."""

    def at(self, path: KeyPath) -> Any:
        """Return the list or mapping at the path as one that may be changed.

        Unlike `value_at`, raise KeyError, IndexError or TypeError if it does not exist.
        """
        holder = self.data
        for step in path:
            inner = holder[step]
            if id(inner) not in self._copies:
                inner = holder[step] = copy(inner)
                self._copies[id(inner)] = inner
            holder = inner
        return holder


def sorted_changes(changes: Iterable[Change]) -> list[Change]:
    """Sort the changes, each once, so that no change moves the path of a later one."""
    return sorted(dict.fromkeys(changes), key=_order, reverse=True)


def _order(change: Change) -> tuple[bool, int, tuple[tuple[bool, int, str], ...]]:
    """Build the sort key of a change, for descending order.

    Values come first, then the order is from the inside to the outside and from the end of a list to its start.
    """
    steps = tuple((isinstance(step, int), step if isinstance(step, int) else 0, str(step)) for step in change.path)
    return isinstance(change, Replace | Insert | Append | SetCollection), len(change.path), steps


def difference(one: Any, other: Any, path: KeyPath = ()) -> KeyPath | None:
    """Find the first path at which two documents differ, or return None.

    Types count: 1, 1.0 and true are three values.
    """
    if type(one) is not type(other):
        return path
    if isinstance(one, dict):
        for key in {**one, **other}:
            if key not in one or key not in other:
                return (*path, key)
            if (place := difference(one[key], other[key], (*path, key))) is not None:
                return place
        return None
    if isinstance(one, list):
        for index, (left, right) in enumerate(zip(one, other, strict=False)):
            if left is not right and (place := difference(left, right, (*path, index))) is not None:
                return place
        return None if len(one) == len(other) else (*path, min(len(one), len(other)))
    return None if one == other else path
