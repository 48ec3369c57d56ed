"""Attributes that are computed when they are first read."""

from functools import cached_property
from typing import Any, TypeVar

Value = TypeVar("Value")


class lazily(cached_property[Value]):
    """A `cached_property` without a lock, which takes longer than most rules do before Python 3.12."""

    def __get__(self, instance: Any, owner: Any = None) -> Any:
        """Compute the value, and keep it in the instance, where it is found from then on."""
        if instance is None:
            return self
        value = instance.__dict__[self.attrname] = self.func(instance)
        return value
