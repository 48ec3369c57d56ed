"""Expectations of events: each event must be like one of them, and each of them must come at least once."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from isvclog.findings import code
from isvclog.redact.values import is_sensitive
from isvclog.sink.cloudevents.events import SinkEvent, canonical

_MOST_CHARACTERS = 80


class Expected(Protocol):
    """One expected event."""

    @property
    def label(self) -> str:
        """A name for messages."""

    @property
    def half(self) -> str:
        """The half of an exchange that it is, `request` or `response`, or empty if it may be any event."""

    def compare(self, event: SinkEvent) -> list[str]:
        """Return a sentence for each difference."""


class Expectations:
    """The expected events of a run."""

    def __init__(self, expected: Sequence[Expected]) -> None:
        self._expected = expected
        self._came: set[int] = set()

    def differences(self, event: SinkEvent) -> list[str]:
        """Compare an event with the expected one that is most like it; an event that is like one has no differences."""
        best: list[str] = []
        closest = ""
        for number, expected in enumerate(self._expected):
            found = expected.compare(event)
            if not found:
                self._came.add(number)
                return []
            if not best or len(found) < len(best):
                best, closest = found, expected.label
        return [f"{sentence} ({closest})" for sentence in best]

    def is_expected(self, half: str) -> bool:
        """Check whether an event may be expected that is this half of an exchange."""
        return any(expected.half in ("", half) for expected in self._expected)

    def missing(self) -> list[str]:
        """List the expected events of which none came."""
        return [expected.label for number, expected in enumerate(self._expected) if number not in self._came]


def compare_members(place: str, actual: Mapping[str, Any], expected: Mapping[str, Any]) -> list[str]:
    """Compare names and values; `place` describes a member: `the annotation`. Sensitive values are not quoted."""
    found = []
    for name in sorted({*actual, *expected}):
        if name not in actual:
            found.append(f"{place} {code(name)} is missing")
        elif name not in expected:
            found.append(f"{place} {code(name)} is not expected")
        elif actual[name] != expected[name]:
            found.append(f"{place} {code(name)} {describe_change(name, actual[name], expected[name])}")
    return found


def describe_change(name: str, actual: Any, expected: Any) -> str:
    """Describe two different values, unless one of them looks sensitive."""
    texts = [value if isinstance(value, str) else _text(value) for value in (actual, expected)]
    if any(is_sensitive(name, text) for text in texts):
        return "has another value than expected"
    shown = [text if len(text) <= _MOST_CHARACTERS else f"{text[:_MOST_CHARACTERS]}..." for text in texts]
    return f"is {shown[0]!r}, and {shown[1]!r} is expected"


def _text(value: Any) -> str:
    from isvclog.lint.json_text import dumps

    return canonical(value) if isinstance(value, bool | int) else dumps(value)
