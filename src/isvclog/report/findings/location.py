"""Positions of findings: for people, and for programs that know the repository but not the current folder."""

import os
from functools import cache

from isvclog.filenames import STDIN, is_live, shown_name
from isvclog.findings import Finding, Span, enumerated
from isvclog.keypath import dotted

_MOST_FILES = 3


def format_location(finding: Finding) -> str:
    """Format the position: `file:line:column`, or `namespace/name:key.path` for an object of a cluster.

    The position of a finding of rendered text is that of its source. An object of a cluster has no lines. The text is
    not escaped.
    """
    if finding.origin:
        return f"{finding.origin.file}:{finding.origin.span.line}:{finding.origin.span.column}"
    if finding.span.exists:
        return f"{finding.file}:{finding.span.line}:{finding.span.column}"
    path = dotted(finding.path)
    return f"{shown_name(finding.file)}:{path}" if path else shown_name(finding.file)


def reported_place(finding: Finding) -> tuple[str, Span]:
    """Return file and position that formats for programs give a finding: those of its source, if it is rendered."""
    return (finding.origin.file, finding.origin.span) if finding.origin else (finding.file, finding.span)


def rendered_note(finding: Finding) -> str:
    """Name the rendered line of a finding whose position is that of the source, and the values files; or nothing.

    The text is ` (rendered line 8, value from values.yaml:3, with ci/a-values.yaml and ci/b-values.yaml)`.
    """
    if not finding.origin:
        return ""
    parts = [f"rendered line {finding.span.line}"]
    if values := finding.origin.values:
        parts.append(f"value from {values[0]}:{values[1].line}")
    if finding.origin.shown_by:
        parts.append(f"with {enumerated(finding.origin.shown_by, _MOST_FILES)}")
    return f" ({', '.join(parts)})"


def in_repository(file: str) -> str | None:
    """Convert the file's name to its path from the repository root, with slashes.

    The result is None for a file outside the repository and for anything that is not a file. The root is the nearest
    folder with a `.git`, from the current one upward; if there is none, it is the current folder.
    """
    if file == STDIN or is_live(file):
        return None
    path = os.path.abspath(file)
    root = _root(os.getcwd())
    if not path.startswith(root):
        return None
    return path[len(root) :].replace(os.sep, "/")


def location_uri(file: str) -> str:
    """Build a relative reference from the repository root, or the absolute `file:` URI of a file elsewhere (RFC 3986).

    Bytes that are not UTF-8 are percent-encoded unchanged. Standard input is `stdin`.
    """
    from pathlib import Path
    from urllib.parse import quote

    if file == STDIN:
        return "stdin"
    path = in_repository(file)
    return Path(os.path.abspath(file)).as_uri() if path is None else quote(os.fsencode(path))


@cache
def _root(here: str) -> str:
    """Find the repository root for the current folder `here`; the result ends with a separator."""
    folder = here
    while not os.path.lexists(os.path.join(folder, ".git")):
        above = os.path.dirname(folder)
        if above == folder:
            folder = here
            break
        folder = above
    return os.path.join(folder, "")
