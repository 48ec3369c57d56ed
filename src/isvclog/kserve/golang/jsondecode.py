"""Go's `encoding/json.Unmarshal` into a struct that a table describes.

The whole syntax is checked first, as Go does: a syntax error always takes precedence over a wrong type.
"""

from math import isinf
from typing import Any, TypeAlias

from isvclog.kserve.golang.jsonsyntax import JsonError, Node, parse
from isvclog.kserve.golang.strconv import NumberError, parse_int
from isvclog.records import NamedTuple


class Struct(NamedTuple):
    """A Go struct: its name as Go prints it, package included, and the fields that JSON can set."""

    name: str
    fields: tuple["Field", ...]


class Pointer(NamedTuple):
    """A pointer, which JSON `null` makes nil (None). Except for maps and slices, every other type ignores `null`."""

    to: "Type"


class Field(NamedTuple):
    """A member by its JSON name. `embedded` names the embedded Go structs it is promoted from, outermost first."""

    name: str
    type: "Type"
    embedded: tuple[str, ...] = ()


Type: TypeAlias = "str | Struct | Pointer"
"""A struct, a pointer, or a type by its Go name: `string`, `bool`, `int`, `map[string]string`, `[]string` or
`[]interface {}`.
"""

_ZERO = {"string": "", "bool": False, "int": 0}
# The JSON that a type takes, where JSON calls it something else.
_KINDS = {"map[string]string": "object", "[]string": "array", "[]interface {}": "array", "int": "number"}
_FOLDED = str.maketrans("abcdefghijklmnopqrstuvwxyz\u017f\u212a", "ABCDEFGHIJKLMNOPQRSTUVWXYZSK")


class _Place(NamedTuple):
    """The place of a value, as Go's messages name it: the innermost struct, and the names that lead to the value."""

    struct: str = ""
    path: tuple[str, ...] = ()


def unmarshal(text: str, struct: Struct) -> dict[str, Any]:
    """Decode JSON into a zero struct as `json.Unmarshal` does; return every field by its JSON name.

    A nil pointer, map or slice is None. Names match exactly or else without regard to case, unknown ones are ignored.
    If a member is given twice, the last one is used, but maps and structs are merged. Raises JsonError for bad syntax
    or the first value of a wrong type.
    """
    value: dict[str, Any] = _store(parse(text), struct, zero(struct), _Place())
    return value


def zero(type_: Type) -> Any:
    """Return the zero value of a type."""
    if isinstance(type_, Struct):
        return {field.name: zero(field.type) for field in type_.fields}
    return _ZERO.get(type_) if isinstance(type_, str) else None


def _store(node: Node, type_: Type, old: Any, place: _Place) -> Any:
    """Store the value of `node` over `old`, and return the result."""
    if node.kind == "null":
        return old if isinstance(type_, Struct) or type_ in _ZERO else None
    if isinstance(type_, Pointer):
        return _store(node, type_.to, zero(type_.to) if old is None else old, place)
    if isinstance(type_, Struct):
        return _store_members(node, type_, old, place)
    if node.kind != _KINDS.get(type_, type_):
        raise _mismatch(node.kind, type_, place)
    if type_ == "map[string]string":
        return _store_map(node, old or {}, place)
    if type_ == "[]interface {}":
        return [_any(item, place) for _, item in node.members]
    if type_ == "[]string":
        return _store_items(node, old or [], place)
    return _integer(str(node.value), place) if type_ == "int" else node.value


def _store_members(node: Node, struct: Struct, old: dict[str, Any], place: _Place) -> dict[str, Any]:
    if node.kind != "object":
        raise _mismatch(node.kind, struct.name, place)
    exact = {field.name: field for field in struct.fields}
    folded = {fold(field.name): field for field in reversed(struct.fields)}
    stored = dict(old)
    for name, member in node.members:
        field = exact.get(name) or folded.get(fold(name))
        if field:
            inside = _Place(struct.name.rpartition(".")[2], (*place.path, *field.embedded, field.name))
            stored[field.name] = _store(member, field.type, stored[field.name], inside)
    return stored


def _store_map(node: Node, old: dict[str, str], place: _Place) -> dict[str, str]:
    return {**old, **{name: _store(member, "string", "", place) for name, member in node.members}}


def _store_items(node: Node, old: list[str], place: _Place) -> list[str]:
    """Store items over those of an earlier list under the same name, which remain where the new items are null.

    If there are more than two lists, Go may even show an item of one before the last; that is not repeated here.
    """
    there = [*old, *[""] * len(node.members)]
    return [_store(item, "string", there[index], place) for index, (_, item) in enumerate(node.members)]


def _any(node: Node, place: _Place) -> Any:
    """Decode a value into an `interface{}`: numbers become float64, and of members of one name the last one remains."""
    if node.kind == "object":
        return {name: _any(member, place) for name, member in node.members}
    if node.kind == "array":
        return [_any(item, place) for _, item in node.members]
    if node.kind == "number":
        number = float(str(node.value))
        if isinf(number):
            raise _mismatch(f"number {node.value}", "float64", place)
        return number
    return node.value


def _integer(number: str, place: _Place) -> int:
    try:
        return parse_int(number, base=10)
    except NumberError:
        raise _mismatch(f"number {number}", "int", place) from None


def fold(name: str) -> str:
    """Fold a name so that names that differ only in case are equal; the long s becomes S, the Kelvin sign K."""
    return name.translate(_FOLDED)


def _mismatch(kind: str, type_: str, place: _Place) -> JsonError:
    target = f"struct field {place.struct}.{'.'.join(place.path)}" if place.path else "value"
    return JsonError(f"json: cannot unmarshal {kind} into Go {target} of type {type_}")
