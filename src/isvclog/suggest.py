"""Suggestions for an unknown name: the known name that the user probably intended."""

from collections.abc import Collection, Iterable

# No annotation can have a longer key, and comparing longer ones takes long.
_LONGEST_KEY = 320


def closest_name(name: str, known: Collection[str]) -> str:
    """Find the known name that was probably intended. Case, hyphens, underscores and blanks make no difference.

    Return an empty string if no known name is close.
    """
    from difflib import get_close_matches

    spelled = {_plain(each): each for each in sorted(known)}
    close = get_close_matches(_plain(name[:80]), spelled, 1, 0.7)
    return spelled[close[0]] if close else ""


def close_key(key: str, known: Iterable[str]) -> str:
    """Find the annotation that was probably intended: one with the same name, or nearly the same prefix and name.

    Return an empty string if no known one is close.
    """
    wanted = key.strip().casefold()
    if len(wanted) > _LONGEST_KEY:
        return ""
    return min((name for name in known if _is_close(wanted, name.casefold())), key=len, default="")


def _is_close(one: str, other: str) -> bool:
    (prefix, _, name), (other_prefix, _, other_name) = one.rpartition("/"), other.rpartition("/")
    return (bool(name) and name == other_name) or (_alike(prefix, other_prefix) and _alike(name, other_name))


def _alike(one: str, other: str) -> bool:
    from difflib import SequenceMatcher

    return one == other or SequenceMatcher(None, one, other).ratio() >= 0.75


def _plain(name: str) -> str:
    return name.lower().replace("-", "").replace("_", "").replace(" ", "")
