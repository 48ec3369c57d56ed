"""Which known name somebody meant who wrote another one."""

from collections.abc import Collection


def closest_name(name: str, known: Collection[str]) -> str:
    """The known name that was probably meant, or nothing; case, hyphens, underscores and blanks make no difference."""
    from difflib import get_close_matches

    spelled = {_plain(each): each for each in sorted(known)}
    close = get_close_matches(_plain(name[:80]), spelled, 1, 0.7)
    return spelled[close[0]] if close else ""


def _plain(name: str) -> str:
    return name.lower().replace("-", "").replace("_", "").replace(" ", "")
