"""The settings of the editor: what the client sends when it starts, and when they change."""

from collections.abc import Callable, Mapping
from typing import Any

from isvclog.errors import IsvclogError
from isvclog.kserve.apis.releases import find_release
from isvclog.records import NamedTuple

_MOST_DELAY_MS = 10_000
_ADDRESSES = ("https://", "http://", "file:///")


class EditorSettings(NamedTuple):
    """The settings of an editor.

    `delay` is how many seconds after a change a document is checked. `version` is the release to assume, None for that
    of the project file. `documentation` is the address of a page with a section for each rule; empty for files of ours.
    """

    delay: float = 0.1
    version: str | None = None
    documentation: str = ""


def read_settings(given: Any) -> tuple[EditorSettings, list[str]]:
    """Read settings, with or without `isvclog` around them. Others than ours are ignored.

    Return them with a sentence about each one that is wrong, which has its default then.
    """
    inner = given.get("isvclog", given) if isinstance(given, Mapping) else {}
    written = inner if isinstance(inner, Mapping) else {}
    values: dict[str, Any] = {}
    problems: list[str] = []
    for key, (field, read) in _READERS.items():
        if (value := written.get(key)) not in (None, ""):
            try:
                values[field] = read(value)
            except (IsvclogError, ValueError) as error:
                problems.append(f"isvclog.{key}: {error}")
    return EditorSettings(**values), problems


def setting_names() -> tuple[str, ...]:
    """Return the names of the settings, without `isvclog` in front."""
    return tuple(_READERS)


def _delay(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= _MOST_DELAY_MS:
        raise ValueError(f"write a number of milliseconds from 0 to {_MOST_DELAY_MS:,}.")
    return value / 1000


def _version(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("write it as text, such as '0.16'.")
    find_release(value)
    return value


def _address(value: Any) -> str:
    if not isinstance(value, str) or not value.startswith(_ADDRESSES):
        raise ValueError(f"write an address that begins with one of {', '.join(_ADDRESSES)}.")
    return value


_READERS: Mapping[str, tuple[str, Callable[[Any], Any]]] = {
    "debounce": ("delay", _delay),
    "kserveVersion": ("version", _version),
    "documentationUrl": ("documentation", _address),
}
