"""Suggestions for an unknown name: the known name that the user probably intended."""

from collections.abc import Collection


def closest_name(name: str, known: Collection[str]) -> str:
    """Find the known name that was probably intended. Case, hyphens, underscores and blanks make no difference.

    Return an empty string if no known name is close.
    """
    from difflib import get_close_matches

    spelled = {_plain(each): each for each in sorted(known)}
    close = get_close_matches(_plain(name[:80]), spelled, 1, 0.7)
    return spelled[close[0]] if close else ""


def _plain(name: str) -> str:
    return name.lower().replace("-", "").replace("_", "").replace(" ", "")
