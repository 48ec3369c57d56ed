"""Kustomizations near a file, by the names of files alone: most manifests have none."""

import os
from collections.abc import Iterable

from isvclog.manifest.gitignore import repository_of

NAMES = ("kustomization.yaml", "kustomization.yml", "Kustomization")
_LEVELS = 8


def find_kustomization(folder: str) -> str | None:
    """Find the file of the kustomization in a folder."""
    files = (os.path.join(folder, name) for name in NAMES)
    return next((file for file in files if os.path.isfile(file)), None)


def kustomizations_above(file: str, limit: str) -> list[str]:
    """Find the kustomizations in the folder of a file and above it, the nearest first, not outside of `limit`."""
    limit, folder = os.path.join(limit, ""), os.path.dirname(os.path.realpath(file))
    found = []
    for _ in range(_LEVELS):
        if not os.path.join(folder, "").startswith(limit):
            break
        if kustomization := find_kustomization(folder):
            found.append(kustomization)
        folder = os.path.dirname(folder)
    return found


def limit_of(file: str, places: Iterable[str]) -> str:
    """Return the folder outside of which nothing is read for a file, without links.

    It is the root of the repository or else the named folder that the file is in or, for a named file, its own folder.
    """
    folder = os.path.dirname(os.path.realpath(file))
    if root := repository_of(folder):
        return root
    named = (os.path.realpath(place) for place in places if os.path.isdir(place))
    above = [place for place in named if os.path.join(folder, "").startswith(os.path.join(place, ""))]
    return min(above, key=len, default=folder)
