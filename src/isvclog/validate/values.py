"""Values that a known field cannot have, and fields that are missing."""

from collections.abc import Callable, Mapping
from difflib import get_close_matches
from typing import Any

from isvclog.changes import Insert, Replace
from isvclog.findings import Fix, code, enumerated
from isvclog.keypath import KeyPath, dotted
from isvclog.rules.manifest import INCOMPLETE_STORAGE, INVALID_MODE, MISSING_MODE, NON_STRING_ANNOTATION, WRONG_TYPE
from isvclog.rules.rule import Issue, Rule
from isvclog.validate.violations import Violation
from isvclog.validate.wording import REJECTED, kind_of

_EXPECTED = {
    "string": "a string",
    "array": "a list",
    "object": "a mapping",
    "integer": "a whole number",
    "boolean": "`true` or `false`",
}
_NAMES_ONLY = {
    "metadataAnnotations": "List only the keys: the values are those of the pod's annotations.",
    "metadataHeaders": "List only the names: the values are those of each request.",
}
_MODES = {"both": "all", "true": "all", "yes": "all", "on": "all"}


def bad_value(violation: Violation, value: Any) -> tuple[Rule, Issue]:
    """Build the issue about a value that violates `type` or `enum`."""
    path = violation.path
    if path[-2:] == ("logger", "mode"):
        return _invalid_mode(path, value)
    if len(path) > 1 and path[-2] in ("annotations", "labels"):
        return _non_string(path, value)
    return WRONG_TYPE, Issue(
        path,
        f"{code(_label(path))} must be {_EXPECTED[violation.expected]}, not {_found(violation, value)}: {REJECTED}.",
        _remedy(path, violation.expected, value),
    )


def missing(violation: Violation) -> tuple[Rule, Issue]:
    """Build the issue about missing fields that the admission webhook requires."""
    if violation.path[-1] == "storage":
        fields = enumerated([code(name) for name in violation.expected])
        message = f'`storage` has no {fields}: {REJECTED} with "invalid logger storage configuration".'
        return INCOMPLETE_STORAGE, Issue(violation.path, message, f"Add {fields}.", at_key=True)
    message = f'`logger` has no `mode`: {REJECTED} with "invalid logger type", as there is no default.'
    remedy = "Add `mode: all`, `mode: request` or `mode: response`."
    fix = Fix("Add `mode: all`.", (Insert((*violation.path, "mode"), "all"),), safe=False)
    return MISSING_MODE, Issue(violation.path, message, remedy, at_key=True, fix=fix)


def _invalid_mode(path: KeyPath, value: Any) -> tuple[Rule, Issue]:
    shown = code(value) if value and isinstance(value, str) else kind_of(value)
    if isinstance(value, str) and _looks_secret(value):
        shown = "something that looks secret"
    message = f"`mode` must be `all`, `request` or `response`, not {shown}: {REJECTED}."
    wanted = str(value).strip().lower()
    close = get_close_matches(_MODES.get(wanted, wanted), ("all", "request", "response"), 1)
    if close:
        title = f"Write `mode: {close[0]}`."
        fix = Fix(title, (Replace(path, close[0]),), safe=wanted == close[0])
        return INVALID_MODE, Issue(path, message, title, fix=fix if isinstance(value, str | bool) else None)
    return INVALID_MODE, Issue(path, message, "Write one of the three, or remove `logger` to log nothing.")


def _looks_secret(text: str) -> bool:
    from isvclog.redact.values import has_sensitive_shape  # takes longer to import than most manifests to check

    return has_sensitive_shape(text)


def _non_string(path: KeyPath, value: Any) -> tuple[Rule, Issue]:
    noun = str(path[-2]).removesuffix("s")
    if isinstance(value, bool):
        remedy = "Quote it: without quotes, Kubernetes reads yes, no, on, off, y and n as booleans, too."
    elif isinstance(value, int | float):
        remedy = "Quote it."
    else:
        remedy = "Write it as one string, in quotes."
    message = f"The {noun} {code(str(path[-1]))} is {kind_of(value)}, not a string: {REJECTED}."
    return NON_STRING_ANNOTATION, Issue(path, message, remedy)


def _remedy(path: KeyPath, expected: str, value: Any) -> str:
    listing = next((remedy for field, remedy in _NAMES_ONLY.items() if field in path), "")
    if listing and isinstance(value, dict):
        return listing
    return _REMEDIES[expected](value)


def _write_string(value: Any) -> str:
    if isinstance(value, list | dict):
        return "Write a string, in quotes if it begins with a bracket or a brace."
    return "Write a string, or remove it." if value is None else "Quote it."


def _write_integer(value: Any) -> str:
    return "Remove the quotes." if isinstance(value, str) and value.isdecimal() else "Write a whole number."


def _write_mapping(value: Any) -> str:
    return "Write a mapping, without the dash." if isinstance(value, list) else "Write a mapping."


_REMEDIES: Mapping[str, Callable[[Any], str]] = {
    "string": _write_string,
    "integer": _write_integer,
    "array": lambda value: "Write a list: one line with a dash for each item.",
    "object": _write_mapping,
    "boolean": lambda value: "Write `true` or `false`, without quotes.",
}


def _found(violation: Violation, value: Any) -> str:
    return "a fraction" if violation.expected == "integer" and isinstance(value, float) else kind_of(value)


def _label(path: KeyPath) -> str:
    """Build the shortest name that identifies the value: its key, or the key of its list and its index there."""
    start = len(path) - (2 if isinstance(path[-1], int) else 1)
    return dotted(path[start:])
