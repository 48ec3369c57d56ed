"""Expected events as a JSON document: the members that matter, with values or patterns."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from isvclog.errors import UsageError
from isvclog.findings import code
from isvclog.sink.cloudevents.events import SinkEvent, canonical
from isvclog.sink.expected.expectations import describe_change

_PATTERN = {"pattern"}


class ExpectedDocument:
    """One object of the document. Members that it does not have are not compared.

    `null` means that there is no such member, and `{"pattern": "..."}` that a regular expression is found in the text.
    """

    half = ""

    def __init__(self, label: str, members: Mapping[str, Any]) -> None:
        """Take the members. Raises UsageError for a pattern that is not a regular expression."""
        self.label = label
        self._members = members
        for pattern in _patterns(members):
            try:
                re.compile(pattern)
            except re.error as error:
                raise UsageError(f"{label}: {pattern!a} is not a regular expression: {error}.") from None

    def compare(self, event: SinkEvent) -> list[str]:
        """Return a sentence for each difference."""
        return list(_compare("", _view(event), self._members))


def _view(event: SinkEvent) -> dict[str, Any]:
    """Return what is compared: the attributes, annotations and metadata as objects, JSON data as such."""
    members: dict[str, Any] = dict(event.attributes)
    for name in ("annotations", "metadata"):
        if name in members:
            members[name] = getattr(event, name)
    if event.data is not None:
        try:
            members["data"] = event.json_data()
        except ValueError:
            members["data"] = event.data.decode("utf-8", "replace")
    return members


def _compare(place: str, actual: Any, expected: Any) -> Iterator[str]:
    if isinstance(expected, Mapping) and expected.keys() != _PATTERN:
        yield from _compare_object(place, actual, expected)
    elif isinstance(expected, Mapping):
        text = actual if isinstance(actual, str) else canonical(actual)
        if not re.search(expected["pattern"], text):
            yield f"{code(place)} does not match the pattern {expected['pattern']!r}"
    elif isinstance(expected, list) and isinstance(actual, list) and len(expected) == len(actual):
        for number, (item, wanted) in enumerate(zip(actual, expected, strict=True)):
            yield from _compare(f"{place}[{number}]", item, wanted)
    elif not _is_equal(actual, expected):
        yield f"{code(place)} {describe_change(place, actual, expected)}"


def _compare_object(place: str, actual: Any, expected: Mapping[str, Any]) -> Iterator[str]:
    if not isinstance(actual, Mapping):
        yield f"{code(place)} is not an object"
        return
    for name, wanted in expected.items():
        path = f"{place}.{name}" if place else name
        if wanted is None:
            if actual.get(name) is not None:
                yield f"{code(path)} is there, and must not be"
        elif name not in actual:
            yield f"{code(path)} is missing"
        else:
            yield from _compare(path, actual[name], wanted)


def _is_equal(actual: Any, expected: Any) -> bool:
    """Compare values; a number or a boolean equals its text, because binary mode knows only text."""
    if isinstance(actual, str) and isinstance(expected, bool | int):
        return actual == canonical(expected)
    return bool(actual == expected) and isinstance(actual, bool) == isinstance(expected, bool)


def _patterns(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        if value.keys() == _PATTERN:
            yield str(value["pattern"])
        else:
            for member in value.values():
                yield from _patterns(member)
    elif isinstance(value, list):
        for item in value:
            yield from _patterns(item)
