"""The charts and kustomizations of a repository, found by walking it once, within limits."""

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache
from time import monotonic

from isvclog.manifest.gitignore import repository_of
from isvclog.manifest.kustomize.nearby import NAMES
from isvclog.records import NamedTuple

_MOST_FOLDERS = 20_000
_DEEPEST = 24
_FRESH = 60
_MOST_BYTES = 1024 * 1024
CHART = "Chart.yaml"
"""The file that makes a folder a chart."""
_NAME = re.compile(rb"^name:[ \t]*[\"']?([A-Za-z0-9][\w.-]*)", re.MULTILINE)
_MARKED = b"originAnnotations"
_SKIPPED = frozenset(("node_modules", "__pycache__", "venv"))


class Charts(NamedTuple):
    """The charts and kustomizations below a folder.

    `charts` are the folders of charts by name; `marked` are the folders of kustomizations that say where objects come
    from. `patches` are the files of the patches of each kustomization that was read, with the name of the object that
    each is for.
    """

    root: str
    charts: dict[str, list[str]]
    marked: list[str]
    patches: dict[str, dict[str, str]]

    def inside(self, *parts: str) -> str | None:
        """Join a path; return it if it is a file below the root that is not too large, also through links."""
        path = os.path.normpath(os.path.join(*parts))
        with suppress(OSError, ValueError):
            real = os.path.realpath(path)
            if is_below(real, self.root) and os.path.isfile(real):
                return path if os.path.getsize(real) <= _MOST_BYTES else None
        return None


def root_for(root: str | None, folder: str = ".") -> str:
    """Return the folder below which sources are looked for, without links.

    It is `root`, if it is given, or the repository that `folder` is in or, outside of any, the working directory; that
    is `folder` itself if it is somewhere else.
    """
    if root := root or repository_of(folder):
        return os.path.realpath(root)
    here, folder = os.path.realpath(os.getcwd()), os.path.realpath(folder)
    return here if is_below(folder, here) else folder


def is_below(path: str, folder: str) -> bool:
    """Check whether a path without links is that of a folder, or of something in it."""
    return os.path.join(path, "").startswith(os.path.join(folder, ""))


def chart_name(folder: str) -> str:
    """Return the name of the chart in a folder; empty if there is none."""
    found = _NAME.search(_read(os.path.join(folder, CHART)))
    return found[1].decode() if found else ""


def charts_below(root: str) -> Charts:
    """Find the charts and kustomizations below a folder; a folder is walked again after a minute."""
    return _charts_below(root, int(monotonic() // _FRESH))


@lru_cache(maxsize=8)
def _charts_below(root: str, minute: int) -> Charts:
    found = Charts(root, {}, [], {})
    for folder, names in _walk(root):
        if CHART in names and (chart := chart_name(folder)):
            found.charts.setdefault(chart, []).append(folder)
        for name in NAMES:
            if name in names and _MARKED in _read(os.path.join(folder, name)):
                found.marked.append(folder)
    return found


def read_text(path: str) -> str:
    """Read a file as text; empty if that is impossible."""
    return _read(path).decode("utf-8", "replace").removeprefix("\ufeff")


def _walk(root: str) -> Iterator[tuple[str, set[str]]]:
    """Yield folders with the names of the files in them; links and hidden folders are not followed."""
    waiting = [(root, 0)]
    for _ in range(_MOST_FOLDERS):
        if not waiting:
            return
        folder, depth = waiting.pop()
        names: set[str] = set()
        with suppress(OSError), os.scandir(folder) as entries:
            for entry in sorted(entries, key=lambda entry: entry.name, reverse=True):
                if not entry.is_dir(follow_symlinks=False):
                    names.add(entry.name)
                elif depth < _DEEPEST and not entry.name.startswith(".") and entry.name not in _SKIPPED:
                    waiting.append((entry.path, depth + 1))
        yield folder, names


def _read(path: str) -> bytes:
    with suppress(OSError, ValueError):
        if os.path.isfile(path) and os.path.getsize(path) <= _MOST_BYTES:
            with open(path, "rb") as file:
                return file.read(_MOST_BYTES)
    return b""
