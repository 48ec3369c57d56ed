"""NamedTuple as `typing` has it, for classes that take a quarter of the time to create.

A short run creates about a hundred of them. `typing` compiles the text of a constructor for each, and then changes the
bases of the class, for which Python looks up each special method again. Here, constructors with equally many fields
share their code and differ in names only. Python 3.14 keeps annotations where only `typing` should look for them.
"""

import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING or sys.version_info >= (3, 14):
    from typing import NamedTuple as NamedTuple
else:
    from _collections import _tuplegetter
    from collections.abc import Iterable, Mapping
    from functools import cache
    from types import CodeType, FunctionType
    from typing import Self

    _new = tuple.__new__

    class _Record(tuple[Any, ...]):
        """Base of all records, with the methods that `typing` writes anew for each class."""

        __slots__ = ()
        _fields: tuple[str, ...] = ()
        _field_defaults: Mapping[str, Any] = {}

        @classmethod
        def _make(cls, values: Iterable[Any]) -> Self:
            """Create a record from the values of all fields in their order; raise TypeError for another number."""
            record = _new(cls, values)
            if len(record) != len(cls._fields):
                raise TypeError(f"Expected {len(cls._fields)} arguments, got {len(record)}")
            return record

        def _replace(self, /, **changed: Any) -> Self:
            """Copy the record with some values changed; raise TypeError for a name that is no field.

            It is ValueError before Python 3.13, as in the standard library.
            """
            record = _new(type(self), map(changed.pop, self._fields, self))
            if changed:
                error = TypeError if sys.version_info >= (3, 13) else ValueError
                raise error(f"Got unexpected field names: {list(changed)!r}")
            return record

        __replace__ = _replace

        def _asdict(self) -> dict[str, Any]:
            """Map the names of the fields to their values."""
            return dict(zip(self._fields, self))  # noqa: B905 - takes twice as long with `strict`

        def __repr__(self) -> str:
            fields = zip(self._fields, self, strict=True)
            return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in fields)})"

        def __getnewargs__(self) -> tuple[Any, ...]:
            return tuple(self)

    class _RecordType(type):
        """The type of `NamedTuple` alone: the classes below it are plain subclasses of tuple."""

        def __new__(cls, name: str, bases: tuple[type, ...], body: dict[str, Any]) -> type:
            annotations: dict[str, Any] = body.get("__annotations__", {})
            fields = tuple(annotations)
            defaults = {field: body[field] for field in fields if field in body}
            if fields[len(fields) - len(defaults) :] != (*defaults,):
                raise TypeError(f"{name} has a field without a default behind one with a default")
            code = _constructor(len(fields)).replace(co_varnames=("_cls", *fields))
            create = FunctionType(code, {"_new": _new}, "__new__", (*defaults.values(),))
            create.__annotations__ = annotations
            members = {field: _tuplegetter(index, None) for index, field in enumerate(fields)}
            own = {"__slots__": (), "__new__": create, "__match_args__": fields}
            return type(name, (_Record,), {**body, **members, **own, "_fields": fields, "_field_defaults": defaults})

    @cache
    def _constructor(count: int) -> CodeType:
        """Compile a constructor of a record with so many fields."""
        fields = "".join(f"field_{index}, " for index in range(count))
        create: FunctionType = eval(f"lambda _cls, {fields}: _new(_cls, ({fields}))")
        return create.__code__

    NamedTuple = type.__new__(_RecordType, "NamedTuple", (), {})
