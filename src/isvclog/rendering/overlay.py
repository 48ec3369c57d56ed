"""The files of an overlay that an object of `kustomize build` comes from."""

import os
import re

from isvclog.keypath import string_at
from isvclog.manifest.kustomize.kustomization import Patch, read_kustomization
from isvclog.manifest.kustomize.nearby import NAMES
from isvclog.rendering.folders import Charts
from isvclog.rendering.marks import KustomizeOrigin
from isvclog.rendering.sources import source_text

_PLAIN = re.compile(r"[-A-Za-z0-9]+")


def find_built_folder(origin: KustomizeOrigin, charts: Charts) -> str | None:
    """Find the folder that was built: the only one with kustomizations from which all the names lead to files.

    Folders from which the names lead to the same files count as one.
    """
    found: dict[tuple[str, ...], str] = {}
    names = [name for name in (origin.file, *origin.kustomizations) if name]
    for folder in charts.marked if names else ():
        files = [file for name in names if (file := charts.inside(folder, name))]
        if len(files) == len(names):
            found.setdefault(tuple(map(os.path.realpath, files)), folder)
    return next(iter(found.values())) if len(found) == 1 else None


def overlay_files(origin: KustomizeOrigin, folder: str, name: str, charts: Charts) -> list[str]:
    """List the files that an object of a built folder is merged from: its own first, then patches and kustomizations.

    Files outside of the root are left out, and so are patches for objects with another name.
    """
    own = charts.inside(folder, origin.file) if origin.file else None
    found = [own] if own else []
    for kustomization in origin.kustomizations:
        if os.path.basename(kustomization) in NAMES and (file := charts.inside(folder, kustomization)):
            found += _patch_files(file, name, charts)
            found.append(file)
    return list(dict.fromkeys(found))


def _patch_files(kustomization: str, name: str, charts: Charts) -> list[str]:
    """List the files of patches that may be for an object, whose name may have got a prefix and a suffix."""
    if kustomization not in charts.patches:
        charts.patches[kustomization] = _targets(kustomization, charts)
    files = charts.patches[kustomization]
    if name in files.values():
        return [file for file, target in files.items() if target in ("", name)]
    return [file for file, target in files.items() if target in name]


def _targets(kustomization: str, charts: Charts) -> dict[str, str]:
    """Read the files of the patches of a kustomization, with the name of the object that each is for."""
    known = read_kustomization(kustomization)
    patches = known.patches if known else ()
    return {file: _target(file, patch) for patch in patches if (file := charts.inside(patch.file or "."))}


def _target(file: str, patch: Patch) -> str:
    """Return the name of the only object that a patch is for; empty if it may be for several."""
    if patch.target:
        name = string_at(patch.target, ("name",))
        return name if _PLAIN.fullmatch(name) else ""
    names = {line.value for line in source_text(file).with_chain(("metadata", "name"))}
    return names.pop() if len(names) == 1 else ""
