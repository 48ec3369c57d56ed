"""Placeholders in values: text that Helm, Jinja, envsubst or a person has yet to replace, so that it is not known.

A check runs on two objects that differ in these values and in nothing else. An issue that both have does not depend on
them and is reported; the others are left out, and so is everything about a placeholder itself.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from isvclog.keypath import KeyPath, string_at, strings_at, value_at
from isvclog.kserve.apis.constants import (
    API_VERSION,
    COMPONENTS,
    DEPLOYMENT_MODE_ANNOTATION,
    LEGACY_MODES,
    LOG_MODES,
    STOP_ANNOTATION,
)
from isvclog.kserve.apis.fields import EITHER, LIST, OBJECT, service_shape
from isvclog.kserve.apis.releases import Release
from isvclog.manifest import Object
from isvclog.records import NamedTuple
from isvclog.rules.manifest import TEMPLATED_MANIFEST
from isvclog.rules.rule import Issue, Rule

Issues = list[tuple[Rule, Issue]]

_PLACEHOLDER = re.compile(
    r"\{\{.*?\}\}|\{%.*?%\}|\$\{[A-Za-z_][^{}]*\}|\A\$[A-Z_][A-Z0-9_]*\Z|<[A-Za-z][A-Za-z0-9_ .-]*>", re.DOTALL
)
# Programs in the pod read these, and expand such text themselves.
_PROGRAMS = frozenset(("args", "command", "env"))
_OMITTED = object()
_NUMBERS = {"integer": (1, 2), "number": (1, 2), EITHER: (1, 2), "boolean": (True, False)}
_TEXTS: Mapping[str, tuple[str, ...]] = {
    "mode": LOG_MODES[1:],
    "url": ("http://one.research.svc.cluster.local", "s3://two/logs"),
    "batchInterval": ("1s", "2s"),
    "format": ("json", "csv"),
    "protocolVersion": ("v1", "v2"),
    STOP_ANNOTATION: ("true", "false"),
    DEPLOYMENT_MODE_ANNOTATION: tuple(LEGACY_MODES),
}
# Of different lengths, so that no number of bytes is the same.
_ANY_TEXT = ("one", "three")


class _Unknown(NamedTuple):
    """The paths of values with a placeholder, and of those that have one in their key."""

    values: frozenset[KeyPath]
    keys: frozenset[KeyPath]

    def covers(self, path: KeyPath) -> bool:
        """Check whether a path is that of a placeholder, or inside."""
        return any(path[:end] in self.values or path[:end] in self.keys for end in range(1, len(path) + 1))


def known_issues(obj: Object, release: Release, check: Callable[[Object], Iterable[tuple[Rule, Issue]]]) -> Issues:
    """Run a check on an object, and return the issues that do not depend on a placeholder."""
    unknown = _find(obj)
    if unknown is None:
        return list(check(obj))
    first, second = (list(check(filled)) for filled in filled_twice(obj, release))
    common = {_identity(*each) for each in second}
    lists = any("metadataAnnotations" in path for path in unknown.values)
    return [
        each
        for each in first
        if _identity(*each) in common
        and not unknown.covers(each[1].path)
        and not (lists and each[0].name == "required-annotation")
    ]


def unknown_paths(obj: Object) -> tuple[KeyPath, ...]:
    """List the paths of the values and keys with a placeholder, in the order of the text; empty if there are none."""
    return tuple(path for path, _ in _placeholders(obj.data, ()))


def filled_twice(obj: Object, release: Release) -> tuple[Object, Object]:
    """Return two objects that differ in the values with a placeholder, and in nothing else."""
    unknown = _find(obj)
    if unknown is None:
        return obj, obj
    return _filled(obj, unknown, release, 0), _filled(obj, unknown, release, 1)


def _filled(obj: Object, unknown: _Unknown, release: Release, which: int) -> Object:
    data = _Filling(unknown, release, obj.data, which).data
    return obj._replace(data=data, api_version=string_at(data, ("apiVersion",)) or obj.api_version)


def templated(obj: Object) -> tuple[Rule, Issue] | None:
    """Build the issue about an object with placeholders, at the first of them; None if it has none."""
    unknown = _find(obj)
    if unknown is None:
        return None
    spans = {path: obj.key_span(path) for path in unknown.keys} | {path: obj.span(path) for path in unknown.values}
    path = min(spans, key=lambda path: spans[path])
    is_key = path in unknown.keys
    message, remedy = _describe(str(path[-1] if is_key else value_at(obj.data, path)))
    return TEMPLATED_MANIFEST, Issue(path, message, remedy, at_key=is_key)


def _identity(rule: Rule, issue: Issue) -> tuple[str, KeyPath, str]:
    return rule.name, issue.path, issue.message


def _find(obj: Object) -> _Unknown | None:
    found = list(_placeholders(obj.data, ()))
    if not found:
        return None
    values, keys = ({path for path, of_key in found if of_key is wanted} for wanted in (False, True))
    return _Unknown(frozenset(values), frozenset(keys))


def _placeholders(value: Any, path: KeyPath) -> Iterator[tuple[KeyPath, bool]]:
    """Yield the path of each placeholder, and whether it is in the key."""
    if isinstance(value, dict):
        for key, item in value.items():
            if _has_placeholder(key):
                yield (*path, key), True
            elif key not in _PROGRAMS and not _is_program(key, item):
                yield from _placeholders(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _placeholders(item, (*path, index))
    elif isinstance(value, str) and _has_placeholder(value):
        yield path, False


def _has_placeholder(text: str) -> bool:
    """Check whether a text contains a placeholder. The tags of HTML are none."""
    return _PLACEHOLDER.search(text) is not None and "</" not in text


def _describe(text: str) -> tuple[str, str]:
    """Return the message and the remedy about a text with a placeholder, by the first one in it."""
    found = _PLACEHOLDER.search(text)
    start = found[0][:2] if found else ""
    sent = "kubectl sends it as it is, and isvclog does not know the value"
    if start in ("{{", "{%"):
        from isvclog.manifest.syntax.templates import template_kind

        kind, remedy = template_kind(text)
        return f"This is a {kind} template that is not rendered: {sent}.", remedy
    if start.startswith("$"):
        remedy = "Substitute the variables first: `envsubst < FILE | isvclog ... -f -`."
        return f"A shell variable is not substituted: {sent}.", remedy
    return f"A placeholder in angle brackets is not replaced: {sent}.", "Write the value in place of the placeholder."


def _is_program(key: str, value: Any) -> bool:
    """Check whether an annotation has a template that a program of the cluster reads, as Vault's agent does."""
    return isinstance(value, str) and ("template" in key.lower() or "\n" in value.strip())


class _Filling:
    """A copy of the data of an object in which values replace the placeholders. `which`, 0 or 1, chooses them."""

    def __init__(self, unknown: _Unknown, release: Release, data: Mapping[str, Any], which: int) -> None:
        self._unknown = unknown
        self._root = service_shape(release)
        self._which = which
        self._missing = _listed(data) - _annotated(data) if which else set()
        self.data: dict[str, Any] = self._filled(data, ())

    def _filled(self, value: Any, path: KeyPath) -> Any:
        if path in self._unknown.values:
            return self._value(value, path)
        if isinstance(value, list):
            items = (self._filled(item, (*path, index)) for index, item in enumerate(value))
            return [item for item in items if item is not _OMITTED]
        return self._filled_fields(value, path) if isinstance(value, dict) else value

    def _filled_fields(self, value: Mapping[str, Any], path: KeyPath) -> dict[str, Any]:
        filled: dict[str, Any] = {}
        for key, item in value.items():
            if (*path, key) in self._unknown.keys:
                filled |= dict.fromkeys(self._missing if path[-1:] == ("annotations",) else (), "one")
            elif (inner := self._filled(item, (*path, key))) is not _OMITTED:
                filled[key] = inner
        return filled

    def _value(self, text: str, path: KeyPath) -> Any:
        if path == ("apiVersion",):
            return API_VERSION
        shape = self._root.at(path)
        if shape is not None and shape.type in (OBJECT, LIST):
            return _OMITTED
        if shape is not None and shape.type in _NUMBERS:
            return _NUMBERS[shape.type][self._which]
        whole = _PLACEHOLDER.fullmatch(text.strip()) is not None
        samples = _TEXTS.get(str(path[-1]), _ANY_TEXT) if whole else _ANY_TEXT
        return _PLACEHOLDER.sub(samples[self._which], text)


def _listed(data: Mapping[str, Any]) -> set[str]:
    """Return the annotations that the loggers list."""
    found: set[str] = set()
    for component in COMPONENTS:
        for root in ((), ("spec",)):
            listed = value_at(data, (*root, component, "logger", "metadataAnnotations"))
            found |= {key for key in listed if isinstance(key, str)} if isinstance(listed, list) else set()
    return found


def _annotated(data: Mapping[str, Any]) -> set[str]:
    return set(strings_at(data, ("metadata", "annotations")))
