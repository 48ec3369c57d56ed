"""The fields that an InferenceService may have, for each release of KServe.

`fields.json` has the structure of `v1beta1` in the CustomResourceDefinition of each release, with types, required
fields and limits, and the fields of `metadata`. What several places or releases have in common is in it once. It is
written by `scripts/generate_fields.py`, which names the sources.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from isvclog.keypath import KeyPath
from isvclog.kserve.apis.releases import Release
from isvclog.records import NamedTuple

ANY = "any"
"""The type of a place where the API server accepts and keeps every value."""
EITHER = "int-or-string"
OBJECT, LIST = "object", "array"
OTHERS = "*"
"""The name of the fields of a map, whose names are the user's."""
REQUIRED, TYPE = "!", "="
"""The names of the list of required fields, and of the type of a value with limits; no field is called so."""
LIMITS = ("enum", "pattern", "minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems")
"""The keywords of JSON Schema that limit values of the right type."""


class FieldShape(NamedTuple):
    """The values that are accepted at one place.

    `type` is a type of JSON Schema, `int-or-string` or `any`. `fields` are the fields of an object, `others` is the
    shape of all fields with other names, None if there must be none. `items` is the shape of the items of a list.
    `required` are the fields that an object must have. `limits` are keywords of JSON Schema, see `LIMITS`.
    """

    type: str
    fields: Mapping[str, "FieldShape"] = {}
    others: "FieldShape | None" = None
    items: "FieldShape | None" = None
    required: Sequence[str] = ()
    limits: Mapping[str, Any] = {}

    def field(self, name: str | int) -> "FieldShape | None":
        """Return the shape of a field or of an item, None if there must be none."""
        if isinstance(name, int):
            return self.items
        return self.fields.get(name, self.others)

    def at(self, path: KeyPath) -> "FieldShape | None":
        """Return the shape of a place inside, None if nothing must be there."""
        shape: FieldShape | None = self
        for name in path:
            if shape is None or shape.type == ANY:
                return shape
            shape = shape.field(name)
        return shape


def service_shape(release: Release) -> FieldShape:
    """Return the shape of a release's InferenceService."""
    return _table()[release.name] if release.is_released else _next()


@cache
def _next() -> FieldShape:
    """Return the shape of the newest release, with the fields that loggers get in `next`."""
    from isvclog.kserve.apis.releases import NEWEST

    return _with_log_all_responses(service_shape(NEWEST))


def _with_log_all_responses(shape: FieldShape) -> FieldShape:
    fields = {name: _with_log_all_responses(inner) for name, inner in shape.fields.items()}
    if "logger" in fields:
        logger = fields["logger"]
        fields["logger"] = logger._replace(fields={**logger.fields, "logAllResponses": FieldShape("boolean")})
    items = None if shape.items is None else _with_log_all_responses(shape.items)
    return shape._replace(fields=fields, items=items)


def releases_with(path: KeyPath) -> list[Release]:
    """List the releases that have a field at a path of an InferenceService, oldest first."""
    from isvclog.kserve.apis.releases import ALL_RELEASES

    return [release for release in ALL_RELEASES if service_shape(release).at(path) is not None]


@cache
def _table() -> Mapping[str, FieldShape]:
    table = json.loads(Path(__file__).with_name("fields.json").read_bytes())
    shapes: list[FieldShape] = []
    for written in table["shapes"]:  # each comes after those that it names
        shapes.append(_shape(written, shapes))
    return {release: shapes[number] for release, number in table["releases"].items()}


def _shape(written: Any, shapes: list[FieldShape]) -> FieldShape:
    if isinstance(written, str):
        return FieldShape(written)
    if isinstance(written, list):
        return FieldShape(LIST, items=shapes[written[0]], limits=written[1] if len(written) > 1 else {})
    if TYPE in written:
        return FieldShape(written.pop(TYPE), limits=written)
    required = written.pop(REQUIRED, ())
    fields = {name: shapes[number] for name, number in written.items()}
    return FieldShape(OBJECT, fields, fields.pop(OTHERS, None), required=required)


def fits(shape: FieldShape, value: Any) -> bool:
    """Check whether a value has the type of a shape, without what is inside of it. Null fits: it is dropped."""
    return value is None or shape.type == ANY or any(_is_a(value, name) for name in _accepted(shape.type))


def broken_limit(shape: FieldShape, value: Any) -> str:
    """Return the keyword that a value of the right type breaks, by name; empty if it keeps all limits."""
    return next((name for name, limit in shape.limits.items() if _breaks(name, limit, value)), "")


def _breaks(keyword: str, limit: Any, value: Any) -> bool:
    if keyword == "enum":
        return value not in limit
    if keyword == "pattern":
        # In Go, `$` is the end of the text and not of its last line.
        return isinstance(value, str) and re.search(re.sub(r"\$\Z", r"\\Z", limit), value) is None
    size = len(value) if isinstance(value, str | list) else value
    return bool(size < limit if keyword.startswith("min") else size > limit)


def _accepted(name: str) -> Iterator[str]:
    yield from ("integer", "string") if name == EITHER else (name,)


def _is_a(value: Any, name: str) -> bool:
    if isinstance(value, bool):
        return name == "boolean"
    if name == "integer":
        return isinstance(value, int) or (isinstance(value, float) and value.is_integer())
    return isinstance(value, _TYPES[name])


_TYPES: Mapping[str, type | tuple[type, ...]] = {
    "string": str,
    "number": (int, float),
    "boolean": (),
    OBJECT: dict,
    LIST: list,
}
