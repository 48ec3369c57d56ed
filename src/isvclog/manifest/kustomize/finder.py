"""A search for overlays that reads nothing where there is no kustomization near a file."""

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from isvclog.filenames import STDIN
from isvclog.manifest.kustomize.nearby import kustomizations_above, limit_of
from isvclog.manifest.syntax.objects import Object

if TYPE_CHECKING:
    from isvclog.manifest.kustomize.build import Part
    from isvclog.manifest.kustomize.overlays import Overlays


class OverlayFinder:
    """Finds the overlays that objects of a kind are part of; `places` are the files and folders that the user named."""

    def __init__(self, kind: str, places: Sequence[str]) -> None:
        self._kind, self._places = kind, places
        self._has_any: dict[str, bool] = {}
        self._overlays: Overlays | None = None

    def add(self, kustomizations: Sequence[str]) -> None:
        """Add the kustomizations of a run, so that the objects that they change are parts, too."""
        self._load().add(kustomizations)

    def parts(self, obj: Object) -> "list[Part] | None":
        """Return an object as the part that it is of what overlays build; None if it is part of none.

        The list is empty if it is a part of something that is not known.
        """
        return self._load().parts(obj) if self._overlays or self._is_near_one(obj.file) else None

    def folder(self, file: str) -> str:
        """Return the folder of an overlay that a checked file is part of; empty if there is none."""
        return self._overlays.folder_of(file) if self._overlays else ""

    def patching_folder(self, file: str) -> str:
        """Return the folder of the kustomization that has a file as a patch; empty if there is none."""
        return self._load().folder_patching_with(file) if self._is_near_one(file) else ""

    def _is_near_one(self, file: str) -> bool:
        if file == STDIN:
            return False
        folder = os.path.dirname(file)
        if folder not in self._has_any:
            self._has_any[folder] = bool(kustomizations_above(file, limit_of(file, self._places)))
        return self._has_any[folder]

    def _load(self) -> "Overlays":
        if self._overlays is None:
            from isvclog.manifest.kustomize.overlays import Overlays  # most manifests are part of none

            self._overlays = Overlays(self._kind, self._places)
        return self._overlays
