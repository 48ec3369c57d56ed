"""Records whose class counts: equal fields do not make two records of different classes equal.

NamedTuples compare as tuples, so `Replace(path, "x") == Rename(path, "x")` would be true, and one of them would vanish
when duplicates are removed. They allow no mixin, and a frozen dataclass takes nine times as long to create.
"""

from typing import Any, TypeVar

_Record = TypeVar("_Record", bound=tuple[Any, ...])


def variant(record: type[_Record]) -> type[_Record]:
    """Make the class of a NamedTuple count when its records are compared and hashed."""
    for name, method in (("__eq__", _equals), ("__ne__", _differs), ("__hash__", _hash)):
        setattr(record, name, method)
    return record


def _equals(self: tuple[Any, ...], other: object) -> bool:
    return type(self) is type(other) and tuple.__eq__(self, other)


def _differs(self: tuple[Any, ...], other: object) -> bool:
    # A tuple has a method for this too, so it does not follow from equality.
    return not _equals(self, other)


def _hash(self: tuple[Any, ...]) -> int:
    return hash((type(self), tuple.__hash__(self)))
