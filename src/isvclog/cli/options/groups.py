"""Groups of options, of one command or of several: a parameter that is a NamedTuple, each field of it an option.

Typer makes options of the parameters of a function, and has no groups (https://github.com/fastapi/typer/issues/153). It
uses `inspect.signature` and passes every value by its name, so it is given a signature without groups.
"""

from collections.abc import Callable, Iterator, Mapping
from inspect import Parameter, signature
from typing import Any


def without_groups(command: Callable[..., int]) -> Callable[..., int]:
    """Wrap the command in a function that has, in place of each group, a parameter for each option of the group."""

    def flat(**values: Any) -> int:
        code: int = _call(command, values)
        return code

    flat.__signature__ = signature(command).replace(parameters=list(_options(command)))  # type: ignore[attr-defined]
    flat.__doc__ = command.__doc__
    return flat


def _options(function: Callable[..., Any]) -> Iterator[Parameter]:
    for parameter in signature(function).parameters.values():
        if _is_group(parameter.annotation):
            yield from _options(parameter.annotation)
        else:
            yield parameter.replace(kind=Parameter.KEYWORD_ONLY)


def _call(function: Callable[..., Any], values: Mapping[str, Any]) -> Any:
    parameters = signature(function).parameters.items()
    return function(
        **{
            name: _call(each.annotation, values) if _is_group(each.annotation) else values[name]
            for name, each in parameters
        }
    )


def _is_group(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, tuple)
