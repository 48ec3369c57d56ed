"""The issue that validation reports at a key path, in the user's words, and phrases that all issues share."""

from typing import Any, NamedTuple

from isvclog.findings import Fix, Severity
from isvclog.keypath import KeyPath

REJECTED = "the API server refuses the service"
DROPPED = "kubectl refuses the manifest, and other clients drop the field without an error"


class Complaint(NamedTuple):
    """One issue that has no position in the text yet. `at_key` points at the key instead of at its value."""

    rule: str
    path: KeyPath
    message: str
    remedy: str
    severity: Severity = Severity.ERROR
    at_key: bool = False
    fix: Fix | None = None


def kind_of(value: Any) -> str:
    """Name the kind of a YAML value, with its article: `a list`. The value itself may be secret and is never shown."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "a boolean"
    if value == "":
        return "empty text"
    names = {str: "text", int: "a number", float: "a number", list: "a list", dict: "a mapping"}
    return names[type(value)]
