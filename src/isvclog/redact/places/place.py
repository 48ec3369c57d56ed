"""Places in a text: sorted, merged, replaced."""

from collections.abc import Iterable, Sequence

from isvclog.redact.masks import REDACTED

Place = tuple[int, int]
"""Start and end of a part of a text."""


def merged(places: Iterable[Place]) -> list[Place]:
    """Sort places, and merge those that overlap."""
    result: list[Place] = []
    for start, end in sorted(places):
        if result and start < result[-1][1]:
            result[-1] = result[-1][0], max(end, result[-1][1])
        elif start < end:
            result.append((start, end))
    return result


def without_places(text: str, places: Sequence[Place], shown: str = REDACTED) -> str:
    """Replace the places in a text by the placeholder."""
    if not places:
        return text
    parts, at = [], 0
    for start, end in places:
        parts += [text[at:start], shown]
        at = end
    return "".join([*parts, text[at:]])


def filled(text: str, places: Sequence[Place]) -> str:
    """Replace places by asterisks, which belong to no shape, so that the places of the rest do not change."""
    parts, at = [], 0
    for start, end in sorted(places):
        parts += [text[at:start], "*" * (end - start)]
        at = end
    return "".join([*parts, text[at:]]) if parts else text
