"""Where something stands inside a document: a tuple of mapping keys and list indexes.

`("spec", "predictor", "logger", "metadataAnnotations", 0)` is the first listed annotation.
Layers pass key paths to each other and never lines; the manifest layer turns a key path into a position.
"""

import re

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
