"""Phrases that the issues of validation share."""

from typing import Any

REJECTED = "the API server rejects the service"
DROPPED = "kubectl rejects the manifest, and other clients drop the field without an error"


def kind_of(value: Any) -> str:
    """Name the kind of a YAML value, with its article: `a list`. The value itself may be secret and is never shown."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "a boolean"
    if value == "":
        return "an empty string"
    names = {str: "a string", int: "a number", float: "a number", list: "a list", dict: "a mapping"}
    return names[type(value)]
