"""The files of a run, read before the first service is checked, and what they say of the objects beside a service."""

import os
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from isvclog.kserve.apis.kinds import GRAPH, SERVICE, TRUSTYAI
from isvclog.lint.reading import FileReader, Item, Unread, read_source
from isvclog.lint.results import FileResult
from isvclog.manifest import Object, Source, load
from isvclog.manifest.kustomize.finder import OverlayFinder
from isvclog.patterns import late_pattern
from isvclog.rules.beside import Beside, ServiceKey, is_beside, key_of, steps_of

_KEYWORDS = (TRUSTYAI.encode(), GRAPH.encode())
_NAME = late_pattern(rb"name[\"']?[ \t]*:[ \t]*[\"']?([a-z][-a-z0-9]*)")
_ANYWHERE = "\0"  # no folder has such a name
_MOST_BYTES = 64 * 1024 * 1024
"""The bytes of files that are kept in memory until the files are checked; the other files are read twice."""


class RunFiles:
    """The files of a run; `beside` and `overlays` know the objects in all of them once they are read.

    Standard input and pipes are not read ahead, because they may be slow and can be read only once: what is in them is
    known when they are reached. Files that are not about KServe are returned empty.
    Objects without a namespace get one when they are applied; only those in the same folder count as being in the same
    namespace.
    """

    def __init__(self, reader: FileReader | None = None) -> None:
        self._reader = reader or FileReader(())
        self._trustyai: dict[str, dict[str, str]] = {}
        self._graphs: dict[str, dict[ServiceKey, str]] = {}
        self._kept: list[Source] = []
        self._room = _MOST_BYTES
        self._by_name: dict[bytes, list[Source]] = {}
        self.overlays = OverlayFinder(SERVICE, self._reader.paths)
        self._found: dict[tuple[str, ServiceKey], Mapping[str, Any] | None] = {}

    def beside(self, name: str) -> Beside:
        """Collect the objects that may be beside the services of a file."""
        folder = os.path.dirname(name)
        if not (self._trustyai or self._graphs):
            return Beside(find_service=partial(self._find, folder))
        return Beside(
            {**self._trustyai.get(_ANYWHERE, {}), **self._trustyai.get(folder, {})},
            {**self._graphs.get(_ANYWHERE, {}), **self._graphs.get(folder, {})},
            partial(self._find, folder),
        )

    def read_ahead(self) -> list[Item]:
        """Read the files, and return them in their order, without those that have to be read later."""
        items = [item if isinstance(item, str | FileResult) else self._read_ahead(item) for item in self._reader]
        if self._reader.kustomizations and self._kept:
            self.overlays.add(self._reader.kustomizations)
        return items

    def read(self, item: Source | Unread) -> Source | FileResult:
        """Read a file that `read_ahead` left for later."""
        if isinstance(item, Source):
            return item
        source = read_source(item.name)
        if isinstance(source, Source):
            self._learn(source)
        return source

    def add(self, source: Source) -> None:
        """Add a text that is in memory to the files of the run."""
        self._learn(source)
        self._kept.append(source)

    def _read_ahead(self, item: Source | Unread) -> Item:
        """Read a file unless it has been read, and leave it for later if it is a stream or there is no room for it."""
        source: Item = item
        if isinstance(item, Unread):
            if self._reader.is_stream(item.name):
                return item
            source = self._reader.read(item.name)
        if not isinstance(source, Source):
            return source
        self._learn(source)
        self._room -= len(source.data)
        if self._room < 0:
            return Unread(source.name)
        self._kept.append(source)
        return source

    def _learn(self, source: Source) -> None:
        """Remember the objects in a file that rules have to know of."""
        if not any(word in source.data for word in _KEYWORDS):
            return
        for item in load(source, _KEYWORDS):
            if not isinstance(item, Object) or not is_beside(item.kind, item.api_version):
                continue
            namespace, name = key_of(item.data)
            place = _ANYWHERE if namespace else os.path.dirname(source.name)
            if item.kind == GRAPH:
                self._graphs.setdefault(place, {}).update(dict.fromkeys(steps_of(item.data), name))
            else:
                self._trustyai.setdefault(place, {})[namespace] = name

    def _find(self, folder: str, key: ServiceKey) -> Mapping[str, Any] | None:
        """Find the manifest of another service in the files that are kept."""
        place = _ANYWHERE if key[0] else folder
        if (place, key) not in self._found:
            self._found[place, key] = next(self._search(place, key), None)
        return self._found[place, key]

    def _search(self, place: str, key: ServiceKey) -> Iterator[Mapping[str, Any]]:
        name = key[1].encode()
        for source in self._naming(name, place):
            for item in load(source, (name,), kinds=(SERVICE,)):
                if isinstance(item, Object) and item.kind == SERVICE and key_of(item.data) == key:
                    yield item.data

    def _naming(self, name: bytes, place: str) -> Sequence[Source]:
        """Return the files that contain a name, in one folder or anywhere."""
        if not self._by_name:
            for source in self._kept:
                for found in set(_NAME.findall(source.data)):
                    self._by_name.setdefault(found, []).append(source)
        sources = self._by_name.get(name, [])
        return sources if place == _ANYWHERE else [each for each in sources if os.path.dirname(each.name) == place]
