"""Changes of a live object as a JSON patch (RFC 6902)."""

from collections.abc import Iterable
from typing import Any

from isvclog.changes import Append, Change, Empty, Insert, Remove, Rename, Replace, SetCollection, to_data
from isvclog.keypath import pointer
from isvclog.manifest.editing.intended import sorted_changes

Operation = dict[str, Any]


def json_patch(changes: Iterable[Change], resource_version: str) -> list[Operation]:
    """Build the operations, which the API server applies one after the other: all of them or none.

    The first operation makes the API server reject the patch if the object no longer has this resource version.
    """
    operations: list[Operation] = [{"op": "test", "path": "/metadata/resourceVersion", "value": resource_version}]
    for change in sorted_changes(changes):
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
