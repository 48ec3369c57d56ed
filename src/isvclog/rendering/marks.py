"""Reading of the comments and annotations in which Helm and kustomize name the source of a document."""

import re
from collections.abc import Mapping
from typing import Any

from isvclog.errors import IsvclogError
from isvclog.keypath import string_at, strings_at
from isvclog.manifest.kustomize.kustomization import parse_documents
from isvclog.manifest.syntax.parse_error import ParseError
from isvclog.manifest.syntax.split import split_documents
from isvclog.records import NamedTuple

ORIGIN = "config.kubernetes.io/origin"
TRANSFORMATIONS = "alpha.config.kubernetes.io/transformations"
_SOURCE = re.compile(rb"# Source: ([^\s/][^\r\n]{0,1000}?)[ \t]*\r?\Z")
_CONTENT = re.compile(rb"(?!#|---(?:\s|\Z)|%)[ \t]*\S")
_MOST_LINES = 200
_LONGEST = 16 * 1024


class KustomizeOrigin(NamedTuple):
    """The file that an object comes from, and the kustomizations that changed it, in that order.

    Names are relative to the folder that was built. `file` is empty for what a generator made, or for a remote file.
    """

    file: str
    kustomizations: tuple[str, ...]


def chart_paths(data: bytes) -> dict[int, str]:
    """Return the path behind `# Source: ` above each document that has one, by number of the document.

    The path starts with the name of a chart and has `/` as separator: `CHART/templates/isvc.yaml`.
    """
    found = {}
    for number, start, end in split_documents(data):
        if path := _source_above(data, start, end):
            found[number] = path
    return found


def _source_above(data: bytes, start: int, end: int) -> str:
    """Read the comments above the first content of a document."""
    for _ in range(_MOST_LINES):
        if start >= end:
            break
        line_end = data.find(b"\n", start, end)
        line = data[start : line_end if line_end >= 0 else end]
        if found := _SOURCE.match(line):
            return found[1].decode("utf-8", "replace")
        if _CONTENT.match(line):
            break
        start += len(line) + 1
    return ""


def kustomize_origin(data: Mapping[str, Any]) -> KustomizeOrigin | None:
    """Read the annotations of kustomize from the data of an object; None without them."""
    annotations = strings_at(data, ("metadata", "annotations"))
    origin = _read(annotations.get(ORIGIN, ""))
    changes = _read(annotations.get(TRANSFORMATIONS, ""))
    if not isinstance(origin, dict):
        return None
    entries = [entry for entry in changes if isinstance(entry, dict)] if isinstance(changes, list) else []
    file = "" if "repo" in origin else string_at(origin, ("path",))
    made_in = "" if "repo" in origin else string_at(origin, ("configuredIn",))
    local = [string_at(entry, ("configuredIn",)) for entry in entries if "repo" not in entry]
    return KustomizeOrigin(file, tuple(dict.fromkeys(filter(None, (made_in, *local)))))


def _read(text: str) -> Any:
    if not text or len(text) > _LONGEST:
        return None
    try:
        return next((data for _, data in parse_documents(text.encode())), None)
    except (ParseError, IsvclogError, UnicodeEncodeError):
        return None
