"""Loggers, and fields of loggers, in places where KServe does not look for them."""

from collections.abc import Iterator, Mapping
from typing import Any

from isvclog.changes import Rename
from isvclog.findings import Fix, code
from isvclog.keypath import KeyPath, dotted, mapping_at, value_at
from isvclog.kserve.apis.constants import COMPONENTS, PREDICTOR
from isvclog.rules.manifest import MISPLACED_COMPONENT, MISPLACED_FIELD, MISPLACED_LOGGER, UNKNOWN_FIELD
from isvclog.rules.rule import Issue, Rule
from isvclog.validate.fields import plain
from isvclog.validate.wording import DROPPED, REJECTED

# These words mean nothing else in an InferenceService, so they always belong to a logger.
_LOGGER_FIELDS = frozenset(("metadataHeaders", "metadataAnnotations", "marshallerUrl"))
_LOGGER_NAMES = frozenset(("logger", "loggers", "logging", "requestlogger", "inferencelogger", "payloadlogger"))
FREE = frozenset(("annotations", "labels", "managedFields", "status"))
"""Keys below which everything is the user's own, or the cluster's."""


def rooted_components(data: Mapping[str, Any]) -> dict[str, Any]:
    """Find the components at the root of the document instead of below `spec`."""
    return {name: data[name] for name in COMPONENTS if isinstance(data.get(name), dict)}


def misplaced(data: Mapping[str, Any]) -> Iterator[tuple[Rule, Issue]]:
    """Yield one issue for each component, logger and field of a logger in a wrong place."""
    for name in rooted_components(data):
        yield _misplaced_component(name, data)
    for rule, issue in _misplaced_below(data, ()):
        place = (*home(issue.path), issue.path[-1])
        if rule is MISPLACED_FIELD and value_at(data, place) is not None:
            issue = issue._replace(remedy=f"Remove it, after adding what it has to {code(dotted(place))}.")
        yield rule, issue


def misspelled_loggers(data: Mapping[str, Any]) -> dict[str, str]:
    """Find the field of each component that is meant to be its `logger`, by the name of the component."""
    components = {name: mapping_at(data, ("spec", name)) for name in COMPONENTS}
    return {
        name: key
        for name, fields in components.items()
        for key, value in fields.items()
        if "logger" not in fields and _looks_like_logger(key, value)
    }


def _misplaced_component(name: str, data: Mapping[str, Any]) -> tuple[Rule, Issue]:
    if data.get("spec"):
        message = f"`{name}` is at the root of the document, not below `spec`: {DROPPED}."
    else:
        message = f"`{name}` is at the root of the document, and there is nothing below `spec`: {REJECTED}."
    return MISPLACED_COMPONENT, Issue((name,), message, f"Indent `{name}` so that it is below `spec`.", at_key=True)


def _misplaced_below(node: Any, path: KeyPath) -> Iterator[tuple[Rule, Issue]]:
    if isinstance(node, list):
        for index, item in enumerate(node):
            yield from _misplaced_below(item, (*path, index))
    elif isinstance(node, dict):
        for key, value in node.items():
            yield from _misplaced_entry(key, value, node, path)


def _misplaced_entry(key: str, value: Any, node: Mapping[str, Any], path: KeyPath) -> Iterator[tuple[Rule, Issue]]:
    """Yield the issues about one entry of the mapping at `path`."""
    here = (*path, key)
    if key == "logger" and not isinstance(value, str):
        if not _is_component(path):
            yield _misplaced_logger(here)
    elif key in _LOGGER_FIELDS:
        yield _misplaced_field(here)
    elif _is_component(path) and _looks_like_logger(key, value):
        yield _misspelled_logger(here, can_be_renamed="logger" not in node)
    elif key not in FREE and isinstance(value, dict | list):
        yield from _misplaced_below(value, here)


def _misspelled_logger(path: KeyPath, *, can_be_renamed: bool) -> tuple[Rule, Issue]:
    message = f"{code(str(path[-1]))} is not a field of `{path[-2]}`: {DROPPED}."
    fix = Fix("Write `logger`.", (Rename(path, "logger"),)) if can_be_renamed else None
    return UNKNOWN_FIELD, Issue(path, message, "Write `logger`.", fix, at_key=True)


def _misplaced_logger(path: KeyPath) -> tuple[Rule, Issue]:
    message = f"`logger` is {_place(path)}, where KServe does not look for it: {DROPPED}; nothing is logged."
    return MISPLACED_LOGGER, Issue(path, message, f"Move it to `{dotted(home(path))}`.", at_key=True)


def _misplaced_field(path: KeyPath) -> tuple[Rule, Issue]:
    message = f"`{path[-1]}` is {_place(path)}, where KServe does not look for it: {DROPPED}."
    return MISPLACED_FIELD, Issue(path, message, f"Move it into `{dotted(home(path))}`.", at_key=True)


def _place(path: KeyPath) -> str:
    return f"in {code(dotted(path[:-1]))}" if len(path) > 1 else "at the root of the document"


def home(path: KeyPath) -> KeyPath:
    """Find the logger that something at `path` should be or be part of: that of the component around it."""
    if path[:2] == ("spec", "canary") and isinstance(path[2], int):
        return (*path[:3], PREDICTOR, "logger")
    component = next((key for key in path if key in COMPONENTS), PREDICTOR)
    return ("spec", component, "logger")


def _is_component(path: KeyPath) -> bool:
    """Check whether a component is at `path`, or one that `misplaced-component` says to move there."""
    if len(path) == 1:
        return path[0] in COMPONENTS
    if len(path) == 2:
        return path[0] == "spec" and path[1] in COMPONENTS
    return len(path) == 4 and path[:2] == ("spec", "canary") and path[3] == PREDICTOR


def _looks_like_logger(key: str, value: Any) -> bool:
    return plain(key) in _LOGGER_NAMES and isinstance(value, dict) and ("mode" in value or "url" in value)
