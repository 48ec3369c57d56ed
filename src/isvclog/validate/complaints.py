"""What is wrong at a key path, in the user's words, and the words that all complaints share."""

from typing import Any, NamedTuple

from isvclog.findings import Severity
from isvclog.keypath import KeyPath

REFUSED = "the API server refuses the service"
DROPPED = "kubectl refuses the manifest, and other clients drop the field without an error"

_LONGEST = 60


class Complaint(NamedTuple):
    """A finding that does not know its place in the text yet. `at_key` points at the key instead of at its value."""

    rule: str
    path: KeyPath
    message: str
    remedy: str
    severity: Severity = Severity.ERROR
    at_key: bool = False


def code(text: str) -> str:
    """A name from a manifest, made fit to be shown: short, in backticks, special characters escaped as in Python."""
    shown = text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
    return "`" + repr(shown)[1:-1].replace("`", "'") + "`"


def kind_of(value: Any) -> str:
    """What a value is in YAML, with its article: `a list`. The value itself may be secret and is never shown."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "a boolean"
    if value == "":
        return "empty text"
    names = {str: "text", int: "a number", float: "a number", list: "a list", dict: "a mapping"}
    return names[type(value)]
