"""Where something stands inside a document: a tuple of mapping keys and list indexes.

`("spec", "predictor", "logger", "metadataAnnotations", 0)` is the first listed annotation.
Layers pass key paths to each other and never lines; the manifest layer turns a key path into a position.
The functions ending in `_at` read plain data whose shape nothing guarantees; none of them raises.
"""

import re
from typing import Any

KeyPath = tuple[str | int, ...]

_PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*\Z")


def pointer(path: KeyPath) -> str:
    """The path as a JSON pointer (RFC 6901): `/spec/predictor/logger`; the whole document is the empty string."""
    return "".join("/" + str(key).replace("~", "~0").replace("/", "~1") for key in path)


def dotted(path: KeyPath) -> str:
    """The path as people write it: `spec.predictor.containers[0]`, `metadata.annotations["example.com/team"]`."""
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


def value_at(data: Any, path: KeyPath) -> Any:
    """The value at the path, None where nothing is."""
    for step in path:
        if isinstance(data, dict):
            data = data.get(step)
        elif isinstance(data, list) and isinstance(step, int) and 0 <= step < len(data):
            data = data[step]
        else:
            return None
    return data


def mapping_at(data: Any, path: KeyPath = ()) -> dict[str, Any]:
    """The mapping at the path, an empty one where there is none."""
    value = value_at(data, path)
    return value if isinstance(value, dict) else {}


def list_at(data: Any, path: KeyPath = ()) -> list[Any]:
    """The list at the path, an empty one where there is none."""
    value = value_at(data, path)
    return value if isinstance(value, list) else []


def mappings_at(data: Any, path: KeyPath = ()) -> list[dict[str, Any]]:
    """The items of the list at the path that are mappings."""
    return [item for item in list_at(data, path) if isinstance(item, dict)]


def string_at(data: Any, path: KeyPath = ()) -> str:
    """The string at the path, an empty one where there is none."""
    value = value_at(data, path)
    return value if isinstance(value, str) else ""


def strings_at(data: Any, path: KeyPath = ()) -> dict[str, str]:
    """The entries of the mapping at the path that are strings."""
    return {key: text for key, text in mapping_at(data, path).items() if isinstance(text, str)}
