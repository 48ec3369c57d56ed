"""Key paths: the place of a value inside a document, as a tuple of mapping keys and list indexes.

`("spec", "predictor", "logger", "metadataAnnotations", 0)` is the first listed annotation. Layers pass key paths to
each other and never lines; the manifest layer turns a key path into a position. The functions ending in `_at` read
plain data of any shape; none of them raises.
"""

from typing import Any

from isvclog.patterns import late_pattern

KeyPath = tuple[str | int, ...]

MISSING = object()
"""A default for `value_at` that no document contains. It tells null from a value that does not exist."""

_PLAIN_KEY = late_pattern(r"[A-Za-z_][A-Za-z0-9_-]*\Z")


def pointer(path: KeyPath) -> str:
    """Format the path as a JSON pointer (RFC 6901): `/spec/predictor/logger`.

    The pointer of the whole document is the empty string.
    """
    return "".join("/" + str(key).replace("~", "~0").replace("/", "~1") for key in path)


def dotted(path: KeyPath) -> str:
    """Format the path as people write it.

    Examples are `spec.predictor.containers[0]` and `metadata.annotations["example.com/team"]`.
    """
    text = ""
    for key in path:
        if isinstance(key, int):
            text += f"[{key}]"
        elif _PLAIN_KEY.match(key):
            text += f".{key}" if text else key
        else:
            quoted = key.replace("\\", "\\\\").replace('"', '\\"')
            text += f'["{quoted}"]'
    return text


def value_at(data: Any, path: KeyPath, default: Any = None) -> Any:
    """Look up the value at the path; return `default` if there is none."""
    for step in path:
        if isinstance(data, dict):
            data = data.get(step, MISSING)
        elif isinstance(data, list) and isinstance(step, int) and 0 <= step < len(data):
            data = data[step]
        else:
            return default
    return default if data is MISSING else data


def exists_at(data: Any, path: KeyPath) -> bool:
    """Check whether there is a value at the path, even null."""
    return value_at(data, path, MISSING) is not MISSING


def mapping_at(data: Any, path: KeyPath = ()) -> dict[str, Any]:
    """Look up the mapping at the path; return an empty one if there is none."""
    value = value_at(data, path)
    return value if isinstance(value, dict) else {}


def list_at(data: Any, path: KeyPath = ()) -> list[Any]:
    """Look up the list at the path; return an empty one if there is none."""
    value = value_at(data, path)
    return value if isinstance(value, list) else []


def mappings_at(data: Any, path: KeyPath = ()) -> list[dict[str, Any]]:
    """Look up the list at the path and return those of its items that are mappings."""
    return [item for item in list_at(data, path) if isinstance(item, dict)]


def string_at(data: Any, path: KeyPath = ()) -> str:
    """Look up the string at the path; return an empty one if there is none."""
    value = value_at(data, path)
    return value if isinstance(value, str) else ""


def strings_at(data: Any, path: KeyPath = ()) -> dict[str, str]:
    """Look up the mapping at the path and return those of its entries whose values are strings."""
    return {key: text for key, text in mapping_at(data, path).items() if isinstance(text, str)}
