"""The intended data of a document after changes, and its comparison with other data."""

import copy
from collections.abc import Iterable
from functools import reduce
from operator import getitem
from typing import Any

from isvclog.changes import Append, Change, Empty, Insert, Remove, Rename, Replace, SetCollection, to_data
from isvclog.keypath import MISSING, KeyPath, value_at


def apply_changes(data: Any, changes: Iterable[Change]) -> Any:
    """Apply all changes to a copy of the data. Every path refers to `data` as it is before the first change.

    Raise KeyError, IndexError or TypeError if a path does not exist.
    """
    result = copy.deepcopy(data)
    for change in sorted_changes(changes):
        # Not value_at: a change of something that does not exist must raise.
        holder, last = reduce(getitem, change.path[:-1], result), change.path[-1]
        match change:
            case Replace(value=value):
                holder[last]  # it must be there
                holder[last] = value
            case Insert(value=value) | SetCollection(value=value):
                holder[last] = to_data(value)
            case Empty(left=left):
                holder[last] = to_data(left)
            case Append(values=values):
                holder[last].extend(values)
            case Rename(key=key):
                holder[key] = holder.pop(last)
            case Remove():
                del holder[last]
    return result


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
        steps: Iterable[str | int] = {**one, **other}
    elif isinstance(one, list):
        steps = range(max(len(one), len(other)))
    else:
        return None if one == other else path
    for step in steps:
        left, right = (value_at(data, (step,), MISSING) for data in (one, other))
        if (place := difference(left, right, (*path, step))) is not None:
            return place
    return None
