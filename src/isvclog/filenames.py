"""File names as configuration and baselines write them: relative to their own folder, with forward slashes."""

import os
from fnmatch import fnmatchcase

STDIN = "<stdin>"
"""The file name that is used for standard input unless the user names a file."""

_LIVE = "<cluster>:"
_stdin = STDIN


def name_stdin(name: str | None) -> None:
    """Choose the name of the file that standard input is the text of, from now on; None if it is of no file."""
    global _stdin
    _stdin = name or STDIN


def stdin_name() -> str:
    """Return the file name that is used for standard input in this run."""
    return _stdin


def is_stdin(file: str) -> bool:
    """Check whether a file name is that of standard input. No file of the run has the same name then."""
    return file == _stdin


def live_name(namespace: str, name: str) -> str:
    """Build the name that an object of a cluster has where other objects have a file name.

    No file has such a name, because `read_file` puts `./` in front of it.
    """
    return f"{_LIVE}{namespace}/{name}"


def is_live(file: str) -> bool:
    """Check whether a file name is the name of an object of a cluster."""
    return file.startswith(_LIVE)


def shown_name(file: str) -> str:
    """Format a file name for people: `namespace/name` for an object of a cluster, the name of a file unchanged."""
    return file.removeprefix(_LIVE)


def relative_name(file: str, folder: str) -> str:
    """Convert `file`, a path from the working directory, to a name relative to `folder`.

    Examples are `models/iris.yaml` and `../iris.yaml`. Standard input and objects of clusters have the same name
    everywhere, and a file on another drive keeps its full path.
    """
    if file == STDIN or is_live(file):
        return file
    try:
        name = os.path.relpath(file, folder or ".")
    except ValueError:
        name = os.path.abspath(file)
    return name.replace(os.sep, "/")


def matches_glob(name: str, pattern: str) -> bool:
    """Check whether a relative name, or a folder that it is in, matches a pattern.

    Nothing outside the folder matches. `*` and `?` stay within one part of the path, `**` matches any number of parts,
    including none: `models/**/*.yaml` matches `models/iris.yaml`. Matching is case-sensitive on every system.
    """
    if name.startswith(("../", "/")):
        return False
    parts = [part for part in pattern.split("/") if part not in ("", ".")]
    return _match(name.split("/"), [*parts, "**"])


def _match(names: list[str], patterns: list[str]) -> bool:
    """Match names and patterns part by part.

    Only the last `**` found is tried again, so the time is bounded by the product of both lengths.
    """
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
