"""Records behave as NamedTuples of `typing`, whichever of the two is in use."""

import ast
import copy
import inspect
import pickle
import typing
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_type_hints

import pytest

import isvclog
from isvclog.records import NamedTuple

SOURCE = Path(isvclog.__file__).parent


class Record(NamedTuple):
    """A record."""

    name: str
    count: int = 1
    later: "Record | None" = None

    @property
    def doubled(self) -> int:
        return self.count * 2

    def __str__(self) -> str:
        return self.name


class Reference(typing.NamedTuple):
    """A record."""

    name: str
    count: int = 1
    later: "Reference | None" = None

    @property
    def doubled(self) -> int:
        return self.count * 2

    def __str__(self) -> str:
        return self.name


class Empty(NamedTuple):
    pass


ANSWERS: dict[str, Callable[[Any], object]] = {
    "positions": lambda cls: tuple(cls("a", 2, None)),
    "names": lambda cls: tuple(cls(count=2, name="a")),
    "defaults": lambda cls: tuple(cls("a")),
    "attributes": lambda cls: (cls("a").name, cls("a").count, cls("a").later),
    "property": lambda cls: cls("a", 4).doubled,
    "string": lambda cls: f"{cls('a')}",
    "repr": lambda cls: repr(cls("a")).replace(cls.__name__, ""),
    "equality": lambda cls: (cls("a") == ("a", 1, None), cls("a") == cls("b"), hash(cls("a")) == hash(("a", 1, None))),
    "order": lambda cls: sorted([cls("b"), cls("a", 2), cls("a")]),
    "unpacking": lambda cls: [*cls("a")],
    "replaced": lambda cls: tuple(cls("a")._replace(count=3)),
    "made": lambda cls: tuple(cls._make(["a", 2, None])),
    "mapping": lambda cls: cls("a")._asdict(),
    "fields": lambda cls: (cls._fields, cls._field_defaults, cls.__match_args__),
    "documentation": lambda cls: (cls.__doc__, cls.__module__),
    "is a tuple": lambda cls: (issubclass(cls, tuple), type(cls)),
    "parameters": lambda cls: [(each.name, each.default) for each in inspect.signature(cls).parameters.values()],
    "hints": lambda cls: [get_type_hints(cls)[name] for name in ("name", "count")],
    "pickled": lambda cls: tuple(pickle.loads(pickle.dumps(cls("a", 2)))),
    "pickled class": lambda cls: type(pickle.loads(pickle.dumps(cls("a", 2)))) is cls,
    "copied": lambda cls: tuple(copy.deepcopy(cls("a", 2))),
    "no dictionary": lambda cls: hasattr(cls("a"), "__dict__"),
}
MISUSES: dict[str, Callable[[Any], object]] = {
    "too few": lambda cls: cls(),
    "too many": lambda cls: cls("a", 1, None, None),
    "unknown name": lambda cls: cls("a", size=1),
    "twice": lambda cls: cls("a", name="b"),
    "replaced unknown": lambda cls: cls("a")._replace(size=1),
    "made of too few": lambda cls: cls._make(["a"]),
    "assignment": lambda cls: setattr(cls("a"), "count", 2),
    "new attribute": lambda cls: setattr(cls("a"), "size", 2),
}


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
def test_it_is_used_as_one_of_typing(answer: Callable[[Any], object]) -> None:
    assert answer(Record) == answer(Reference)


@pytest.mark.parametrize("misuse", MISUSES.values(), ids=MISUSES)
def test_it_is_misused_as_one_of_typing(misuse: Callable[[Any], object]) -> None:
    with pytest.raises((TypeError, ValueError, AttributeError)) as expected:
        misuse(Reference)
    with pytest.raises(expected.type):
        misuse(Record)


def test_a_record_may_have_no_fields() -> None:
    assert Empty() == ()


def test_matching_knows_the_fields() -> None:
    match Record("a", 2):
        case Record(name, count):
            assert (name, count) == ("a", 2)
        case _:
            pytest.fail("a record matches its class")


def test_a_default_is_not_followed_by_a_field_without_one() -> None:
    with pytest.raises(TypeError, match=r"\bdefault\b"):
        exec("class Wrong(NamedTuple):\n    count: int = 1\n    name: str\n", {"NamedTuple": NamedTuple})


def test_nothing_else_is_used_for_records() -> None:
    """Those of `typing` take four times as long to create, and every start creates a hundred."""
    others = [
        path.relative_to(SOURCE).as_posix()
        for path in SOURCE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_bytes()))
        if isinstance(node, ast.ImportFrom) and node.module == "typing"
        if any(name.name == "NamedTuple" for name in node.names)
    ]
    assert others == ["records.py"]
