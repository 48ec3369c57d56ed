"""The services that overlays build, with the files that each is merged from."""

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

from isvclog.errors import IsvclogError
from isvclog.keypath import KeyPath, exists_at, mapping_at, string_at, value_at
from isvclog.manifest.kustomize.kustomization import (
    Kustomization,
    Patch,
    parse_documents,
    read_documents,
    read_kustomization,
)
from isvclog.manifest.kustomize.nearby import find_kustomization
from isvclog.manifest.kustomize.patching import UnknownEffect, apply_operations, merge_patch
from isvclog.manifest.syntax.embedded import INSIDE
from isvclog.manifest.syntax.files import read_file
from isvclog.manifest.syntax.load import load
from isvclog.manifest.syntax.objects import Object
from isvclog.manifest.syntax.parse_error import ParseError
from isvclog.records import NamedTuple

_DEEPEST = 16
_PLACEHOLDERS = ("{{", "${")
_PLAIN = re.compile(r"[-A-Za-z0-9.*|^$]{1,300}")
_MOST_RESOURCES = 1000
_MOST_LAYERS = 200
_MOST_BYTES = 16 * 1024 * 1024

Place = tuple[str, int, KeyPath]
"""The file, the document and the key path of an object; the file is an absolute path without links."""


class MergeLayer(NamedTuple):
    """A contribution to a service: its base, or a patch; None as `place` is a change that no object of a file makes.

    `data` is a mapping to merge, or the operations of a JSON patch.
    """

    place: Place | None
    data: Any


class BuiltService(NamedTuple):
    """A service as an overlay builds it: its base and the layers over it, in their order.

    `names` are the names by which patches find it. `is_known` is False if something else changes it, too.
    """

    base: MergeLayer
    layers: tuple[MergeLayer, ...]
    names: frozenset[str]
    is_known: bool = True

    @property
    def all_layers(self) -> tuple[MergeLayer, ...]:
        """The base and the layers over it."""
        return (self.base, *self.layers)

    @property
    def is_patched(self) -> bool:
        """True if a patch changes it, or something that is not known."""
        return not self.is_known or any(layer.place for layer in self.layers)

    def change(self, layer: MergeLayer) -> "BuiltService":
        """Add a layer; with more than any person writes, the service is not known."""
        if len(self.layers) >= _MOST_LAYERS:
            return self._replace(is_known=False)
        return self._replace(layers=(*self.layers, layer))


class Part(NamedTuple):
    """One object of a file as part of a service: the whole, and whether a value of it comes from this object."""

    data: dict[str, Any]
    owns: Callable[[KeyPath], bool]


def place_of(obj: Object) -> Place:
    """Return the place of an object."""
    return os.path.realpath(obj.file), obj.document, obj.root


def part_of(service: BuiltService, obj: Object) -> Part | None:
    """Merge the layers of a service, with the data of one of its objects as it is now; None if that is not known."""
    place = place_of(obj)
    layers = [layer._replace(data=obj.data) if layer.place == place else layer for layer in service.all_layers]
    data: Any = {}
    try:
        for layer in layers:
            data = _applied(data, layer)
    except UnknownEffect:
        return None
    if not service.is_known or not isinstance(data, dict):
        return None
    return Part(data, lambda path: _owner(layers, data, path) == place)


def _applied(data: Any, layer: MergeLayer) -> Any:
    """Apply a layer. A patch of a file does not change what identifies the object."""
    if isinstance(layer.data, list):
        return apply_operations(data, layer.data)
    result = merge_patch(data, layer.data)
    if data and layer.place and isinstance(result, dict):
        name = string_at(data, ("metadata", "name"))
        result |= {key: data[key] for key in ("apiVersion", "kind") if key in data}
        result["metadata"] = {**mapping_at(result, ("metadata",)), "name": name}
    return result


def _owner(layers: Iterable[MergeLayer], data: Any, path: KeyPath) -> Place | None:
    """Find the object that a value comes from: the first one for a mapping, the last one for anything else."""
    having = [layer for layer in layers if isinstance(layer.data, dict) and exists_at(layer.data, path)]
    value = value_at(data, path)
    if isinstance(value, dict):
        return having[0].place if having else None
    return having[-1].place if having and value_at(having[-1].data, path) == value else None


class Builder:
    """Builds overlays: `kind` is the kind of the services, and nothing outside of the folder `limit` is read."""

    def __init__(self, kind: str, limit: str) -> None:
        self._kind = kind
        self._limit = os.path.join(os.path.realpath(limit), "")
        self._read: dict[str, Kustomization | None] = {}
        self._layers: dict[tuple[str, KeyPath], list[MergeLayer]] = {}
        self._built: dict[str, list[BuiltService]] = {}

    def kustomization(self, file: str) -> Kustomization | None:
        """Read a kustomization, each once."""
        if file not in self._read:
            self._read[file] = read_kustomization(file) if self._is_inside(file) else None
        return self._read[file]

    def build(self, file: str) -> list[BuiltService]:
        """Build the services of a kustomization, each kustomization once."""
        return self._build(file, 0)

    @property
    def reached(self) -> list[Kustomization]:
        """The kustomizations that were read so far."""
        return [known for known in self._read.values() if known]

    def _is_inside(self, path: str) -> bool:
        return os.path.realpath(path).startswith(self._limit)

    def _build(self, file: str, depth: int) -> list[BuiltService]:
        known = self.kustomization(file)
        if known is None or depth > _DEEPEST:
            return []
        if file not in self._built:
            self._built[file] = []  # a circle ends here
            self._built[file] = self._combined(known, depth)
        return self._built[file]

    def _combined(self, known: Kustomization, depth: int) -> list[BuiltService]:
        """Collect the resources of a kustomization, and apply its components and its own changes."""
        found: dict[Place | None, BuiltService] = {}
        for service in (each for path in known.resources for each in self._resources(path, depth + 1)):
            found.setdefault(service.base.place, service)
            if len(found) >= _MOST_RESOURCES:
                break
        resources = list(found.values())
        for path in known.components:
            inner = find_kustomization(path)
            component = self.kustomization(inner) if inner else None
            if component is None:
                resources = [service._replace(is_known=False) for service in resources]
            else:
                resources = self._changed(component, resources)
        return self._changed(known, resources)

    def _resources(self, path: str, depth: int) -> Iterable[BuiltService]:
        if os.path.isdir(path):
            inner = find_kustomization(path)
            return self._build(inner, depth) if inner else ()
        return self._services(path) if os.path.isfile(path) and self._is_inside(path) else ()

    def _services(self, file: str) -> Iterator[BuiltService]:
        with suppress(IsvclogError, OSError):
            if os.path.getsize(file) > _MOST_BYTES:
                return
            for item in load(read_file(file), (self._kind.encode(),), kinds=(self._kind,)):
                if isinstance(item, Object) and item.kind == self._kind and item.root[:1] in ((), ("items",)):
                    is_known = not any(mark in item.source.text for mark in _PLACEHOLDERS)
                    yield BuiltService(MergeLayer(place_of(item), item.data), (), frozenset((item.name,)), is_known)

    def _changed(self, known: Kustomization, resources: list[BuiltService]) -> list[BuiltService]:
        """Apply the patches of a kustomization, then its names and annotations."""
        for patch in known.patches:
            layers = self.layers_of(known, patch)
            resources = [self._patched(patch, layers, each) for each in resources]
        return [self._finished(known, each) for each in resources]

    def _patched(self, patch: Patch, layers: Sequence[MergeLayer], service: BuiltService) -> BuiltService:
        """Apply the documents of a patch to a service that it selects; one that cannot be read may change any."""
        if not layers and (not patch.target or self._targets(patch.target, service)):
            return service._replace(is_known=False)
        for layer in layers:
            if self._selects(patch, layer, service):
                service = service.change(layer)
                if patch.may_not_select:
                    service = service._replace(is_known=False)
        return service

    def _finished(self, known: Kustomization, service: BuiltService) -> BuiltService:
        if not known.is_known:
            service = service._replace(is_known=False)
        name = f"{known.prefix}{_name(service)}{known.suffix}"
        if name not in service.names:
            service = service.change(MergeLayer(None, {"metadata": {"name": name}}))._replace(
                names=service.names | {name}
            )
        if known.annotations:
            service = service.change(MergeLayer(None, {"metadata": {"annotations": dict(known.annotations)}}))
        return service

    def layers_of(self, known: Kustomization, patch: Patch) -> list[MergeLayer]:
        """Read the documents of a patch, each once; none if it is outside of the limit or cannot be read."""
        key = known.file, patch.place
        if key not in self._layers:
            self._layers[key] = self._read_layers(known, patch)
        return self._layers[key]

    def _read_layers(self, known: Kustomization, patch: Patch) -> list[MergeLayer]:
        if patch.file:
            file = os.path.realpath(patch.file)
            documents = read_documents(file) if self._is_inside(file) else []
            return [MergeLayer((file, number, ()), data) for number, data in documents]
        with suppress(ParseError):
            outer, place = os.path.realpath(known.file), (*patch.place, INSIDE)
            found = enumerate(parse_documents(patch.text.encode()))
            return [MergeLayer((outer, 1, (*place, index)), data) for index, (_, data) in found]
        return []

    def _selects(self, patch: Patch, layer: MergeLayer, service: BuiltService) -> bool:
        if patch.target:
            return self._targets(patch.target, service)
        return is_kind(layer.data, self._kind) and string_at(layer.data, ("metadata", "name")) in service.names

    def _targets(self, target: Mapping[str, Any], service: BuiltService) -> bool:
        """Check a target, whose values are regular expressions; what selects labels or annotations may select it."""
        kind, name = string_at(target, ("kind",)), string_at(target, ("name",))
        return _matches(kind, self._kind) and any(_matches(name, known) for known in service.names)


def is_kind(data: Any, kind: str) -> bool:
    """Check whether data is an object of a kind."""
    return isinstance(data, dict) and data.get("kind") == kind


def _name(service: BuiltService) -> str:
    """Return the name so far: that of the base with prefixes and suffixes; the name in a patch does not count."""
    layers = [layer for layer in service.all_layers if layer is service.base or layer.place is None]
    names = (string_at(layer.data, ("metadata", "name")) for layer in reversed(layers))
    return next(filter(None, names), "")


def _matches(pattern: str, text: str) -> bool:
    """Match a name of a target: empty selects all; a pattern that is not plain is taken for a match."""
    if pattern in ("", text) or not _PLAIN.fullmatch(pattern) or pattern.count("*") > 2:
        return True
    try:
        return re.fullmatch(pattern, text) is not None
    except re.error:
        return False
