"""JSON patches (RFC 6902): test, add, replace and remove."""

from typing import Any


def apply(item: Any, operations: Any) -> Any:
    """The patched item, changed in place. Raises ValueError when an operation fails."""
    for operation in operations:
        *path, last = [part.replace("~1", "/").replace("~0", "~") for part in operation["path"].split("/")[1:]]
        parent = item
        for part in path:
            parent = _value(parent, part)
        {"test": _test, "add": _add, "replace": _replace, "remove": _remove}[operation["op"]](parent, last, operation)
    return item


def _value(parent: Any, part: str) -> Any:
    try:
        return parent[int(part)] if isinstance(parent, list) else parent[part]
    except (KeyError, IndexError, TypeError):
        raise ValueError(f"there is no {part}") from None


def _test(parent: Any, last: str, operation: dict[str, Any]) -> None:
    # As in kube-apiserver, a key that does not exist equals null.
    value = parent.get(last) if isinstance(parent, dict) else _value(parent, last)
    if value != operation["value"]:
        raise ValueError("testing path failed")


def _add(parent: Any, last: str, operation: dict[str, Any]) -> None:
    if isinstance(parent, list):
        place = len(parent) if last == "-" else int(last)
        if not 0 <= place <= len(parent):
            raise ValueError("out of bounds")
        parent.insert(place, operation["value"])
    else:
        parent[last] = operation["value"]


def _replace(parent: Any, last: str, operation: dict[str, Any]) -> None:
    _value(parent, last)
    parent[int(last) if isinstance(parent, list) else last] = operation["value"]


def _remove(parent: Any, last: str, operation: dict[str, Any]) -> None:
    _value(parent, last)
    del parent[int(last) if isinstance(parent, list) else last]
