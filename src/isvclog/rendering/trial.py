"""Renderings of changed copies, to see whether a change of a source renders what is intended and nothing else."""

import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any

from isvclog.errors import IsvclogError
from isvclog.keypath import mapping_at
from isvclog.manifest.kustomize.kustomization import parse_documents, read_documents
from isvclog.manifest.kustomize.nearby import find_kustomization
from isvclog.manifest.syntax.decode import to_utf8
from isvclog.manifest.syntax.parse_error import ParseError
from isvclog.manifest.syntax.split import split_documents
from isvclog.rendering.folders import is_below
from isvclog.rendering.marks import ORIGIN, TRANSFORMATIONS
from isvclog.rendering.programs import Rendering

_MOST_FOLDERS = 500
_MOST_FILES = 5000
_MOST_BYTES = 64 * 1024 * 1024
_LONGEST = 1024


def render_changed(rendering: Rendering, changed: Mapping[str, bytes]) -> bytes:
    """Render a chart or an overlay as it would be with other contents of some files, by their paths without links.

    It is rendered in a temporary folder. Raise IsvclogError if that is impossible.
    """
    folder = os.path.realpath(rendering.source.name)
    try:
        with tempfile.TemporaryDirectory(prefix="isvclog-") as outer:
            outer = os.path.realpath(outer)
            if rendering.rendered.chart is not None:
                copied = os.path.join(outer, os.path.basename(folder) or "chart")
                _link_folder(folder, copied, changed)
            else:
                root = os.path.realpath(rendering.rendered.root or folder)
                copied = os.path.normpath(os.path.join(outer, os.path.relpath(folder, root)))
                _copy_files({*_files_of_overlay(folder, root), *changed}, root, outer, changed)
            return rendering.again(copied).source.data
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise IsvclogError(f"the change cannot be tried in a copy of {rendering.source.name}: {reason}.") from None


def _link_folder(folder: str, copied: str, changed: Mapping[str, bytes]) -> None:
    """Build a folder of links to the contents of another one, except for changed files and the folders that have them.

    Helm follows links in a chart.
    """
    os.mkdir(copied)
    for name in os.listdir(folder):
        path, target = os.path.join(folder, name), os.path.join(copied, name)
        if path in changed:
            _write(target, changed[path])
        elif any(is_below(file, path) for file in changed) and not os.path.islink(path):
            _link_folder(path, target, changed)
        else:
            os.symlink(path, target)


def _files_of_overlay(folder: str, root: str) -> set[str]:
    """Collect the files below `root` that the kustomization in a folder names, and those that it leads to.

    kustomize resolves links, so the copies have no links, and what is only found through one is missing in them.
    """
    found: set[str] = set()
    waiting, seen = [folder], {folder}
    while waiting and len(seen) <= _MOST_FOLDERS and len(found) <= _MOST_FILES:
        files, folders = _named_by(waiting.pop(), root)
        found |= files
        waiting += folders - seen
        seen |= folders
    return found


def _named_by(folder: str, root: str) -> tuple[set[str], set[str]]:
    """List the files and folders below `root` that the kustomization in a folder names; itself is one of the files."""
    kustomization = find_kustomization(folder)
    if kustomization is None:
        return set(), set()
    names = _names(data for _, data in read_documents(kustomization))
    paths = {os.path.realpath(os.path.join(folder, name)) for name in names}
    inside = {path for path in paths if path.startswith(os.path.join(root, ""))}
    files = {path for path in inside if os.path.isfile(path)}
    return {os.path.realpath(kustomization), *files}, {path for path in inside - files if os.path.isdir(path)}


def _names(documents: Iterable[Any]) -> Iterator[str]:
    """Yield the texts of a kustomization that may name a file; a generator has them behind a key and `=`."""
    waiting = [*documents]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value
        elif isinstance(value, str) and 0 < len(value) <= _LONGEST and not {"\n", "\0"} & set(value):
            yield value
            if "=" in value:
                yield value.partition("=")[2]


def _copy_files(files: Iterable[str], root: str, outer: str, changed: Mapping[str, bytes]) -> None:
    left = _MOST_BYTES
    for file in files:
        target = os.path.join(outer, os.path.relpath(file, root))
        os.makedirs(os.path.dirname(target), exist_ok=True)
        if file in changed:
            _write(target, changed[file])
            continue
        with open(file, "rb") as opened:
            content = opened.read(left + 1)
        left -= len(content)
        if left < 0:
            raise ValueError(f"its files are larger than {_MOST_BYTES >> 20} MiB")
        _write(target, content)


def _write(path: str, content: bytes) -> None:
    with open(path, "xb") as file:
        file.write(content)


def renders_as_intended(intended: bytes, result: bytes, again: Callable[[], bytes]) -> bool:
    """Compare a rendering with the intended one, document by document: by text, or else by data.

    `again` renders the unchanged folder. It is called if a document differs: one without an InferenceService, such as
    a Secret with a random password, may differ in each rendering.
    """
    wanted, found = _documents(intended), _documents(result)
    if len(wanted) != len(found):
        return False
    differing = [index for index, pair in enumerate(zip(wanted, found, strict=True)) if not _is_same(*pair)]
    if not differing:
        return True
    if any(b"InferenceService" in wanted[index] for index in differing):
        return False
    unchanged = _documents(again())
    return len(unchanged) == len(wanted) and not any(_is_same(wanted[index], unchanged[index]) for index in differing)


def _documents(data: bytes) -> list[bytes]:
    text = to_utf8(data)
    return [text[start:end] for _, start, end in split_documents(text)]


def _is_same(one: bytes, other: bytes) -> bool:
    if one == other:
        return True
    with suppress(ParseError, IsvclogError):
        first, second = ([_without_marks(data) for _, data in parse_documents(text)] for text in (one, other))
        return first == second
    return False


def _without_marks(data: Any) -> Any:
    """Return an object without the annotations of kustomize, whose paths are those of the copy."""
    if not isinstance(data, dict) or not (annotations := mapping_at(data, ("metadata", "annotations"))):
        return data
    kept = {key: value for key, value in annotations.items() if key not in (ORIGIN, TRANSFORMATIONS)}
    return {**data, "metadata": {**data["metadata"], "annotations": kept}}
