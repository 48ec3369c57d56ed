"""Fields, types and values outside of loggers that the release's CustomResourceDefinition does not accept."""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from enum import Enum, auto
from typing import Any

from isvclog.changes import Rename
from isvclog.findings import Fix, Severity, code
from isvclog.keypath import KeyPath, dotted, value_at
from isvclog.kserve.apis.constants import COMPONENTS
from isvclog.kserve.apis.fields import ANY, EITHER, FieldShape, broken_limit, fits, releases_with, service_shape
from isvclog.kserve.apis.releases import Release
from isvclog.records import NamedTuple
from isvclog.rules.manifest import REFUSED_FIELD
from isvclog.rules.rule import Issue, Rule
from isvclog.validate.blocks import Blocks, in_spec
from isvclog.validate.fields import plain
from isvclog.validate.wording import DROPPED, REJECTED, kind_of

_MOST_LISTED = 12
_EXPECTED = {
    "string": ("a string", "Quote it."),
    "integer": ("a whole number", "Write a whole number, without quotes."),
    "number": ("a number", "Write a number, without quotes."),
    "boolean": ("`true` or `false`", "Write `true` or `false`, without quotes."),
    EITHER: ("a whole number or a string", "Write a whole number, or a string in quotes."),
    "array": ("a list", "Write a list: one line with a dash for each item."),
    "object": ("a mapping", "Write a mapping."),
}


_LIMITS = {
    "minimum": "must be at least {}",
    "maximum": "must be at most {}",
    "minLength": "must have {} characters or more",
    "maxLength": "must have at most {} characters",
    "minItems": "must have {} items or more",
    "maxItems": "must have at most {} items",
}
_PATTERNS = {
    "^/": ("must begin with `/`", "Write the whole path."),
    "^[a-z]": (
        "may have only lower-case letters, digits and hyphens, and must begin with a letter",
        "Write another name.",
    ),
    r"^(\+|-)?": ("must be a Kubernetes quantity", "Write a number, with a unit or without: `2`, `500m` or `4Gi`."),
}
"""The requirement of a pattern and the remedy, by the beginning of the pattern."""


class _Kind(Enum):
    """The kind of a refusal."""

    UNKNOWN = auto()
    TYPE = auto()
    LIMIT = auto()
    MISSING = auto()


class _Refusal(NamedTuple):
    """A refusal at a path: of the field there or, if it is missing, of what is around; `shape` is that of the latter.

    The path of a missing field ends with its name. For a limit, `shape` is that of the value.
    """

    path: KeyPath
    kind: _Kind
    shape: FieldShape


def refused_fields(
    data: Mapping[str, Any],
    release: Release,
    severity: Severity,
    reported: Container[KeyPath],
    *,
    requires_all: bool = True,
) -> Iterator[tuple[Rule, Issue]]:
    """Yield an issue for each field, type and value that the release's API server does not accept.

    What is inside of loggers and what is `reported` already is left out, and without `requires_all`, as for a patch,
    are fields that are missing.
    """
    root = service_shape(release)
    blocks = Blocks(data, root)
    places: list[tuple[KeyPath, FieldShape, Any]] = [((), root, data)]
    # `misplaced-component` says where these belong.
    places += [
        ((name,), shape, data[name]) for name in COMPONENTS if name in data and (shape := root.at(("spec", name)))
    ]
    for path, shape, value in places:
        for refusal in _refused(path, shape, value):
            is_left_out = refusal.kind is _Kind.MISSING and (not requires_all or _is_at_root(refusal.path, data))
            if refusal.path not in reported and not is_left_out:
                yield REFUSED_FIELD, _issue(refusal, blocks, release)._replace(severity=severity)


def _is_at_root(path: KeyPath, data: Mapping[str, Any]) -> bool:
    """Check whether a component is missing in `spec` because it is at the root, which `misplaced-component` reports."""
    return path[:-1] == ("spec",) and path[-1] in data


def _issue(refusal: _Refusal, blocks: Blocks, release: Release) -> Issue:
    path, kind, shape = refusal
    if kind is _Kind.UNKNOWN:
        return _unknown(path, shape, blocks, release)
    if kind is _Kind.TYPE:
        return _wrong_type(path, blocks, release)
    if kind is _Kind.LIMIT:
        return _out_of_limits(path, shape, value_at(blocks.data, path))
    around, name = code(dotted(path[:-1])), code(str(path[-1]))
    return Issue(path[:-1], f"{around} has no {name}: {REJECTED}.", f"Add {name}.", at_key=True)


def _refused(path: KeyPath, shape: FieldShape, value: Any) -> Iterator[_Refusal]:
    """Yield what the API server refuses at a path and inside of it."""
    if not fits(shape, value):
        yield _Refusal(path, _Kind.TYPE, shape)
        return
    if value is None:
        return
    if shape.limits and broken_limit(shape, value):
        yield _Refusal(path, _Kind.LIMIT, shape)
    yield from (_Refusal((*path, name), _Kind.MISSING, shape) for name in shape.required if value.get(name) is None)
    yield from _refused_inside(path, shape, value)


def _refused_inside(path: KeyPath, shape: FieldShape, value: Any) -> Iterator[_Refusal]:
    members: Iterable[tuple[str | int, Any]] = value.items() if isinstance(value, dict) else ()
    for name, item in enumerate(value) if isinstance(value, list) else members:
        inner = shape.field(name)
        if inner is None:
            if not str(name).startswith("$"):  # directives of a patch, such as `$patch: delete`
                yield _Refusal((*path, name), _Kind.UNKNOWN, shape)
        elif name != "logger" and inner.type != ANY:
            yield from _refused((*path, name), inner, item)


def _unknown(path: KeyPath, shape: FieldShape, blocks: Blocks, release: Release) -> Issue:
    """Build the issue about the last key of a path, which is not a field of the block around it."""
    name, value = str(path[-1]), value_at(blocks.data, path)
    message, remedy = _release_message(path, release)
    spellings = {plain(field): field for field in shape.fields}
    if plain(name) in spellings:
        return _misspelled(path, message, spellings[plain(name)], shape, blocks)
    if place := blocks.home(path, value):
        there = value_at(blocks.data, (*place, name)) is not None
        move = f"Remove it: {code(dotted(place))} has {code(name)} as well."
        return Issue(path, message, move if there else f"Move it into {code(dotted(place))}.", at_key=True)
    close = get_close_matches(plain(name[:80]), spellings, 1, 0.8)
    if close and not remedy:
        return _misspelled(path, message, spellings[close[0]], shape, blocks)
    return Issue(path, message, remedy or _removal(name, shape, value), at_key=True)


def _release_message(path: KeyPath, release: Release) -> tuple[str, str]:
    """Build the message, and the remedy if another release has the field, else an empty one."""
    name = code(str(path[-1]))
    having = releases_with(in_spec(path))
    if newer := [other for other in having if other > release]:
        remedy = f"Remove it, or upgrade to KServe {newer[0]} or later."
        return f"KServe {release} does not know {name}: {DROPPED}.", remedy
    if having:
        remedy = f"Remove it: KServe {having[-1]} was the last release with it."
        return f"KServe {release} does not know {name} any more: {DROPPED}.", remedy
    around = code(dotted(path[:-1])) if len(path) > 1 else "an InferenceService"
    return f"{name} is not a field of {around}: {DROPPED}.", ""


def _misspelled(path: KeyPath, message: str, field: str, shape: FieldShape, blocks: Blocks) -> Issue:
    title = f"Write {code(field)}."
    if value_at(blocks.data, (*path[:-1], field)) is not None:
        return Issue(path, message, f"Remove it: {code(field)} is there as well.", at_key=True)
    if not fits(shape.fields[field], value_at(blocks.data, path)):
        title = f"Write {code(field)}, which is {_EXPECTED[shape.fields[field].type][0]}."
        return Issue(path, message, title, at_key=True)
    return Issue(path, message, title, Fix(title, (Rename(path, field),)), at_key=True)


def _removal(name: str, shape: FieldShape, value: Any) -> str:
    if "model" in shape.fields and isinstance(value, dict) and "storageUri" in value:
        return f"Write `model`, and in it `modelFormat` with the name {code(name)}."
    if "logger" in shape.fields and "logger" in plain(name):
        return "Remove it: a component has one `logger`, with one `url`."
    if 0 < len(shape.fields) <= _MOST_LISTED:
        return f"Remove it; the fields are {', '.join(map(code, shape.fields))}."
    return "Remove it."


def _wrong_type(path: KeyPath, blocks: Blocks, release: Release) -> Issue:
    shape, value = service_shape(release).at(in_spec(path)), value_at(blocks.data, path)
    expected, remedy = _EXPECTED[shape.type if shape else EITHER]
    found = "a fraction" if isinstance(value, float) and "whole" in expected else kind_of(value)
    if isinstance(value, dict | list) and expected == "a string":
        remedy = "Write a string."
    return Issue(path, f"{code(dotted(path))} must be {expected}, not {found}: {REJECTED}.", remedy)


def _out_of_limits(path: KeyPath, shape: FieldShape, value: Any) -> Issue:
    keyword = broken_limit(shape, value)
    limit = shape.limits[keyword]
    if keyword == "enum":
        demand, remedy = _one_of(limit, value)
    elif keyword == "pattern":
        general = (f"must match the pattern {code(limit)}", "Write it in this form.")
        demand, remedy = next((told for begin, told in _PATTERNS.items() if limit.startswith(begin)), general)
    elif limit == 1 and keyword in ("minItems", "minLength"):
        demand, remedy = "must not be empty", "Write a value, or remove it."
    else:
        demand, remedy = _LIMITS[keyword].format(f"{limit:,}"), "Write another value."
    return Issue(path, f"{code(dotted(path))} {demand}: {REJECTED}.", remedy)


def _one_of(allowed: Sequence[str], value: Any) -> tuple[str, str]:
    """Return the demand to write one of the allowed texts, and the remedy."""
    *others, last = map(code, allowed)
    demand = f"must be {', '.join(others)} or {last}" if others else f"must be {last}"
    close = get_close_matches(value.lower(), allowed, 1, 0.6) if isinstance(value, str) else allowed[len(others) :]
    return demand, f"Write {code(close[0])}." if close else "Write one of them."
