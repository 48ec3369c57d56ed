"""Fields and types outside of loggers that the release's CustomResourceDefinition does not have."""

from collections.abc import Container, Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from isvclog.changes import Rename
from isvclog.findings import Fix, Severity, code
from isvclog.keypath import KeyPath, dotted, value_at
from isvclog.kserve.apis.constants import COMPONENTS
from isvclog.kserve.apis.fields import ANY, EITHER, FieldShape, fits, releases_with, service_shape
from isvclog.kserve.apis.releases import Release
from isvclog.rules.manifest import REFUSED_FIELD
from isvclog.rules.rule import Issue, Rule
from isvclog.validate.blocks import Blocks, in_spec
from isvclog.validate.fields import plain
from isvclog.validate.wording import DROPPED, REJECTED, kind_of

_MOST_LISTED = 12
_EXPECTED = {
    "string": ("text", "Quote it."),
    "integer": ("a whole number", "Write a whole number, without quotes."),
    "number": ("a number", "Write a number, without quotes."),
    "boolean": ("`true` or `false`", "Write `true` or `false`, without quotes."),
    EITHER: ("a whole number or text", "Write a whole number, or a text in quotes."),
    "array": ("a list", "Write a list: one line with a dash for each item."),
    "object": ("a mapping", "Write a mapping."),
}


def refused_fields(
    data: Mapping[str, Any], release: Release, severity: Severity, reported: Container[KeyPath]
) -> Iterator[tuple[Rule, Issue]]:
    """Yield an issue for each field and each type that the release's API server does not accept.

    What is inside of loggers and what is `reported` already is left out.
    """
    root = service_shape(release)
    blocks = Blocks(data, root)
    places: list[tuple[KeyPath, FieldShape, Any]] = [((), root, data)]
    # `misplaced-component` says where these belong.
    places += [
        ((name,), shape, data[name]) for name in COMPONENTS if name in data and (shape := root.at(("spec", name)))
    ]
    for path, shape, value in places:
        for where, around in _refused(path, shape, value):
            if where not in reported:
                issue = _unknown(where, around, blocks, release) if around else _wrong_type(where, blocks, release)
                yield REFUSED_FIELD, issue._replace(severity=severity)


def _refused(path: KeyPath, shape: FieldShape, value: Any) -> Iterator[tuple[KeyPath, FieldShape | None]]:
    """Yield the path of each unknown field with the shape of what is around, and that of each wrong type with None."""
    if not fits(shape, value):
        yield path, None
        return
    members: Iterable[tuple[str | int, Any]] = value.items() if isinstance(value, dict) else ()
    for name, item in enumerate(value) if isinstance(value, list) else members:
        inner = shape.field(name)
        if inner is None:
            if not str(name).startswith("$"):  # directives of a patch, such as `$patch: delete`
                yield (*path, name), shape
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
    if isinstance(value, dict | list) and expected == "text":
        remedy = "Write a text."
    return Issue(path, f"{code(dotted(path))} must be {expected}, not {found}: {REJECTED}.", remedy)
