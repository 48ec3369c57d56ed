"""File names as configuration and baselines write them: relative to their own folder, with forward slashes."""

import os
from fnmatch import fnmatchcase

STDIN = "<stdin>"
"""What standard input is called where a file has its name."""

_LIVE = "<cluster>:"


def live_name(namespace: str, name: str) -> str:
    """What an object of a cluster is called where a file has its name; no file is called like that (`read_file`)."""
    return f"{_LIVE}{namespace}/{name}"


def is_live(file: str) -> bool:
    """Whether this is the name of an object of a cluster."""
    return file.startswith(_LIVE)


def shown_name(file: str) -> str:
    """The name as people are told it: `namespace/name` for an object of a cluster, a file as it is."""
    return file.removeprefix(_LIVE)


def relative_name(file: str, folder: str) -> str:
    """How `file`, a path from the working directory, is written in `folder`: `models/iris.yaml`, `../iris.yaml`.

    Standard input and objects of clusters have their own names everywhere, and a file on another drive keeps its full
    path.
    """
    if file == STDIN or is_live(file):
        return file
    try:
        name = os.path.relpath(file, folder or ".")
    except ValueError:
        name = os.path.abspath(file)
    return name.replace(os.sep, "/")


def matches_glob(name: str, pattern: str) -> bool:
    """Whether a relative name matches a pattern, or is in a folder that does; nothing outside the folder matches.

    `*` and `?` stay within one part of the path, `**` stands for any number of parts, none included: `models/**/*.yaml`
    matches `models/iris.yaml`. Upper and lower case differ on every system.
    """
    if name.startswith(("../", "/")):
        return False
    parts = [part for part in pattern.split("/") if part not in ("", ".")]
    return _match(name.split("/"), [*parts, "**"])


def _match(names: list[str], patterns: list[str]) -> bool:
    """Part by part; only the last `**` seen is ever tried again, so the time is bounded by both lengths multiplied."""
    at = start = retry = 0
    star = -1
    while start < len(names):
        if at < len(patterns) and patterns[at] == "**":
            star, retry, at = at, start, at + 1
        elif at < len(patterns) and fnmatchcase(names[start], patterns[at]):
            start, at = start + 1, at + 1
        elif star >= 0:
            retry += 1
            start, at = retry, star + 1
        else:
            return False
    return all(pattern == "**" for pattern in patterns[at:])
