"""Where a finding is: for people, and for programs that know the repository and not the folder isvclog runs in."""

import os
from functools import cache

from isvclog.filenames import STDIN, is_live, shown_name
from isvclog.findings import Finding
from isvclog.keypath import dotted


def format_location(finding: Finding) -> str:
    """`file:line:column`, or `namespace/name:key.path` in an object of a cluster, which has no lines. Not escaped."""
    if finding.span.exists:
        return f"{finding.file}:{finding.span.line}:{finding.span.column}"
    path = dotted(finding.path)
    return f"{shown_name(finding.file)}:{path}" if path else shown_name(finding.file)


def in_repository(file: str) -> str | None:
    """The file's path from the root of the repository, with slashes; None for a file elsewhere and for what is no file.

    The root is the nearest folder with a `.git`, from the current one upward; without any it is the current folder.
    """
    if file == STDIN or is_live(file):
        return None
    path = os.path.abspath(file)
    root = _root(os.getcwd())
    if not path.startswith(root):
        return None
    return path[len(root) :].replace(os.sep, "/")


def location_uri(file: str) -> str:
    """A relative reference from the root of the repository, or the absolute `file:` URI of a file elsewhere (RFC 3986).

    Bytes that are not UTF-8 are percent-encoded as they are. Standard input is `stdin`.
    """
    from pathlib import Path
    from urllib.parse import quote

    if file == STDIN:
        return "stdin"
    path = in_repository(file)
    return Path(os.path.abspath(file)).as_uri() if path is None else quote(os.fsencode(path))


@cache
def _root(here: str) -> str:
    """The root with a separator at its end, for the current folder `here`."""
    folder = here
    while not os.path.lexists(os.path.join(folder, ".git")):
        above = os.path.dirname(folder)
        if above == folder:
            folder = here
            break
        folder = above
    return os.path.join(folder, "")
