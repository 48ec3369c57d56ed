"""The files of an overlay that an object of `kustomize build` comes from."""

import os
from collections.abc import Iterator

from isvclog.manifest.kustomize.kustomization import read_kustomization
from isvclog.manifest.kustomize.nearby import NAMES
from isvclog.rendering.folders import Charts
from isvclog.rendering.marks import KustomizeOrigin


def find_built_folder(origin: KustomizeOrigin, charts: Charts) -> str | None:
    """Find the folder that was built: the only one with kustomizations from which all the names lead to files.

    Folders from which the names lead to the same files count as one.
    """
    found: dict[tuple[str, ...], str] = {}
    for folder in charts.marked:
        files = overlay_files(origin, folder, charts)
        names = (origin.file, *origin.kustomizations)
        if files and all(charts.inside(folder, name) for name in names if name):
            found.setdefault(tuple(map(os.path.realpath, files)), folder)
    return next(iter(found.values())) if len(found) == 1 else None


def overlay_files(origin: KustomizeOrigin, folder: str, charts: Charts) -> list[str]:
    """List the files that an object of a built folder is merged from: its own first, then patches and kustomizations.

    Files outside of the root are left out.
    """
    names = [origin.file] if origin.file else []
    found = [file for name in names if (file := charts.inside(folder, name))]
    for name in origin.kustomizations:
        if os.path.basename(name) not in NAMES or not (file := charts.inside(folder, name)):
            continue
        found += _patch_files(file, charts)
        found.append(file)
    return list(dict.fromkeys(found))


def _patch_files(file: str, charts: Charts) -> Iterator[str]:
    known = read_kustomization(file)
    for patch in known.patches if known else ():
        if patch.file and (path := charts.inside(patch.file)):
            yield path
