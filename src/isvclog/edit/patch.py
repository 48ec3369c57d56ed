"""Changes of a live object as a JSON patch (RFC 6902)."""

from collections.abc import Iterable, Iterator
from typing import Any

from isvclog.changes import Append, Change, Empty, Insert, Remove, Rename, Replace, SetCollection, to_data
from isvclog.keypath import KeyPath, exists_at, pointer, value_at
from isvclog.manifest.editing.intended import sorted_changes

Operation = dict[str, Any]
_UID = ("metadata", "uid")


def json_patch(data: Any, changes: Iterable[Change], read: Iterable[KeyPath] = ()) -> list[Operation]:
    """Build the operations, which the API server applies one after the other: all of them or none.

    The first ones test that what is changed, and what was found at the paths `read`, is as in `data`, and that it is
    the same object. So whoever changes something else at the same time is not in the way.
    """
    changes = sorted_changes(changes)
    operations = list(_tests(data, [*(change.path for change in changes), *read]))
    for change in changes:
        path = pointer(change.path)
        match change:
            case Replace(value=value):
                operations.append({"op": "replace", "path": path, "value": value})
            case Insert(value=value) | SetCollection(value=value):
                operations.append({"op": "add", "path": path, "value": to_data(value)})
            case Empty(left=left):
                operations.append({"op": "replace", "path": path, "value": to_data(left)})
            case Append(values=values):
                operations += ({"op": "add", "path": f"{path}/-", "value": value} for value in values)
            case Rename(key=key):
                operations.append({"op": "move", "from": path, "path": pointer((*change.path[:-1], key))})
            case Remove():
                operations.append({"op": "remove", "path": path})
    return operations


def _tests(data: Any, paths: Iterable[KeyPath]) -> Iterator[Operation]:
    """Yield a `test` for each path, but none below another one.

    The API server compares null with a key that does not exist, and finds them equal (evanphx/json-patch v4, patch.go,
    `test` and `partialDoc.get`).
    """
    tested: set[KeyPath] = set()
    for path in sorted({_UID, *(_testable(data, path) for path in paths)}, key=len):
        if not any(path[:end] in tested for end in range(len(path))) and (path != _UID or exists_at(data, path)):
            tested.add(path)
            yield {"op": "test", "path": pointer(path), "value": value_at(data, path)}


def _testable(data: Any, path: KeyPath) -> KeyPath:
    """Return the part of a path that can be tested.

    It ends at the first list, because others may move its items, and at the first key without a value, because a test
    fails where the mapping around a key does not exist.
    """
    for end in range(1, len(path)):
        value = value_at(data, path[:end])
        if value is None or isinstance(value, list):
            return path[:end]
    return path
