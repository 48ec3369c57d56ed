"""The overlays that files are part of, for checks of these files."""

import os
import shlex
from collections.abc import Iterable, Sequence

from isvclog.manifest.kustomize.build import Builder, BuiltService, Part, Place, is_kind, part_of, place_of
from isvclog.manifest.kustomize.kustomization import Kustomization
from isvclog.manifest.kustomize.nearby import kustomizations_above, limit_of
from isvclog.manifest.syntax.objects import Object


class Overlays:
    """The overlays of a run: which objects of files are merged into which services.

    `kind` is the kind of the services, and `places` are the files and folders that the user named.
    """

    def __init__(self, kind: str, places: Sequence[str]) -> None:
        self._kind, self._places = kind, places
        self._builders: dict[str, Builder] = {}
        self._services: dict[Place, list[BuiltService]] = {}
        self._folders: dict[str, str] = {}
        self._patches: set[str] = set()
        self._done: set[str] = set()
        self._remembered: set[str] = set()
        self._searched: set[str] = set()

    def add(self, kustomizations: Iterable[str]) -> None:
        """Add the kustomizations of a run. Those that others build on are not built alone."""
        files = [os.path.realpath(file) for file in kustomizations]
        known = [found for file in files if (found := self._builder(file).kustomization(file))]
        used = {os.path.realpath(path) for each in known for path in (*each.resources, *each.components)}
        for each in known:
            if each.folder not in used:
                self._add(each.file)

    def parts(self, obj: Object) -> list[Part] | None:
        """Return an object as the part that it is of each service; None if it is part of no overlay.

        The list is empty if it is a part of something that is not known.
        """
        place = place_of(obj)
        if place not in self._services and place[0] not in self._folders:
            self._find_patched(place[0])
        if place not in self._services:
            return None
        parts = [part_of(service, obj) for service in self._services[place]]
        known = [part for part in parts if part]
        return known if len(known) == len(parts) else []

    def folder_of(self, file: str) -> str:
        """Return the folder of an overlay that patches a file or with it, from the current folder; empty for none."""
        return self._folders.get(os.path.realpath(file), "")

    def folder_patching_with(self, file: str) -> str:
        """Return the folder of the kustomization beside a file or above it that has the file as a patch; or empty."""
        file = os.path.realpath(file)
        self._find_patched(file)
        return self._folders.get(file, "") if file in self._patches else ""

    def _builder(self, file: str) -> Builder:
        limit = limit_of(file, self._places)
        return self._builders.setdefault(limit, Builder(self._kind, limit))

    def _find_patched(self, file: str) -> None:
        """Add the kustomizations beside a file and above it that have it as a patch."""
        if file in self._searched:
            return
        self._searched.add(file)
        for kustomization in kustomizations_above(file, limit_of(file, self._places)):
            known = self._builder(file).kustomization(kustomization)
            if known and any(os.path.realpath(patch.file) == file for patch in known.patches if patch.file):
                self._add(kustomization)

    def _add(self, file: str) -> None:
        """Build a kustomization, and remember the objects that it changes and the patches of all that it combines."""
        if file in self._done:
            return
        self._done.add(file)
        builder = self._builder(file)
        for service in builder.build(file):
            if service.layers or not service.is_known:
                self._remember_layers(service, os.path.relpath(os.path.dirname(file)))
        for known in builder.reached:
            if known.file not in self._remembered:
                self._remembered.add(known.file)
                self._remember_patches(builder, known)

    def _remember_layers(self, service: BuiltService, folder: str) -> None:
        for layer in service.all_layers:
            if layer.place and isinstance(layer.data, dict):
                self._services.setdefault(layer.place, []).append(service)
                if service.is_patched:
                    self._folders.setdefault(layer.place[0], folder)

    def _remember_patches(self, builder: Builder, known: Kustomization) -> None:
        for layer in (each for patch in known.patches for each in builder.layers_of(known, patch)):
            if layer.place and is_kind(layer.data, self._kind):
                self._services.setdefault(layer.place, [])
                self._folders.setdefault(layer.place[0], os.path.relpath(known.folder))
                self._patches.add(layer.place[0])


def build_command(folder: str, command: str) -> str:
    """Return the command line that builds an overlay and passes it to a command of isvclog."""
    return f"kustomize build {shlex.quote(folder)} | isvclog {command} -"
