"""Kubernetes objects of a manifest: their data, and where everything in them is written."""

from collections.abc import Callable, Iterator
from typing import Any

from isvclog.findings import Span
from isvclog.keypath import KeyPath, exists_at, string_at
from isvclog.manifest.syntax.convert import RepeatedKey
from isvclog.manifest.syntax.lookup import find
from isvclog.manifest.syntax.nodes import Node, Scalar, extent, resolved
from isvclog.manifest.syntax.positions import NoPositions, Positions
from isvclog.records import NamedTuple

KindOfPatch = Callable[[dict[str, Any]], tuple[str, str] | None]
"""A function that returns kind and apiVersion of the objects that a patch is for, None if it cannot tell."""


def no_patch(patch: dict[str, Any]) -> None:
    """Recognize no patch."""


class Duplicate(NamedTuple):
    """A key written twice in one mapping.

    `span` is the position of the second one, which counts, `first` that of the first one, which is ignored.
    """

    path: KeyPath
    span: Span
    first: Span


class Document(NamedTuple):
    """One document of a file, shared by the objects in it."""

    file: str
    number: int
    positions: Positions
    repeated: list[RepeatedKey]

    @property
    def text(self) -> str:
        """The document, with what is above it since the last one; offsets of nodes count from its start."""
        return self.positions.text

    def span(self, node: Node) -> Span:
        """Locate a node, without blank lines and comments behind it."""
        return self.positions.span(*extent(node, self.text))


class Object(NamedTuple):
    """One Kubernetes object: a document, or an item of a list; `root` is its key path in the document.

    `data` is what would be sent to the API server: strings, ints within int64, floats, booleans, None, lists and dicts.
    An item of a list has the kind and apiVersion that it takes from its list.

    Paths given to the methods start at the object. An alias has the position where it is used. A value inside an alias
    or from a merge key has the position where it is written. `node` and `source` are for edits: they have character
    offsets and text. In an object without text (`live_object`) everything is at `NOWHERE`.
    """

    source: Document
    root: KeyPath
    node: Node
    data: dict[str, Any]
    kind: str
    api_version: str

    @property
    def file(self) -> str:
        """The name of the file, as the user wrote it."""
        return self.source.file

    @property
    def document(self) -> int:
        """The number of the document in its file, from 1."""
        return self.source.number

    @property
    def name(self) -> str:
        """`metadata.name`, or an empty string if it is absent or not a string."""
        return self._metadata("name")

    @property
    def namespace(self) -> str:
        """`metadata.namespace`, or an empty string if it is absent or not a string."""
        return self._metadata("namespace")

    @property
    def label(self) -> str:
        """`InferenceService/my-ns/iris` as far as it is known; `iris-*` if the API server completes generateName."""
        generated = self._metadata("generateName")
        name = self.name or (generated and f"{generated}*")
        return "/".join(part for part in (self.kind, self.namespace, name) if part)

    @property
    def duplicates(self) -> tuple[Duplicate, ...]:
        """The keys written twice inside this object, in the order of the text."""
        depth = len(self.root)
        return tuple(
            Duplicate(repeated.path[depth:], self.source.span(repeated.key), self.source.span(repeated.first))
            for repeated in self.source.repeated
            if len(repeated.path) > depth and repeated.path[:depth] == self.root
        )

    @property
    def is_live(self) -> bool:
        """True if the object comes from a cluster and has no text."""
        return isinstance(self.source.positions, NoPositions)

    @property
    def may_have_placeholders(self) -> bool:
        """False if the text certainly has no placeholder of Helm, of a shell or of a person."""
        text = self.source.text
        return "{{" in text or "$" in text or "<" in text or "{%" in text

    def span(self, path: KeyPath) -> Span:
        """Locate the value at the path, with its anchor or tag. If there is no value, locate its nearest ancestor."""
        return self.source.span(find(self.node, path)[1])

    def key_span(self, path: KeyPath) -> Span:
        """Locate the key of that value. For an item of a list and for the object itself, locate the value."""
        return self.source.span(find(self.node, path)[0])

    def written(self, path: KeyPath) -> str:
        """Return the text of the value at the path with its quotes, tag and anchor.

        For an alias, return the text of the anchored value.
        """
        node = resolved(find(self.node, path)[1])
        return self.source.text[slice(*extent(node, self.source.text))]

    def has(self, path: KeyPath) -> bool:
        """Check whether there is a value at the path, even null."""
        return exists_at(self.data, path)

    def _metadata(self, key: str) -> str:
        return string_at(self.data, ("metadata", key))


def live_object(file: str, data: dict[str, Any]) -> Object:
    """Create an object that comes from a cluster and has no text. `file` is its name in findings."""
    source = Document(file, 1, NoPositions(), [])
    return Object(source, (), Scalar(0, 0, None), data, string_at(data, ("kind",)), string_at(data, ("apiVersion",)))


def find_objects(
    source: Document, node: Node, data: Any, root: KeyPath = (), kind: str = "", api_version: str = ""
) -> Iterator[Object]:
    """Yield the objects in a document; none if it is not a mapping.

    Lists are opened, and lists in lists too. As in client-go, an item without kind and apiVersion takes them from its
    list: those of an `InferenceServiceList`.
    """
    if not isinstance(data, dict):
        return
    if "kind" in data or "apiVersion" in data:
        kind, api_version = string_at(data, ("kind",)), string_at(data, ("apiVersion",))
    elif kind:
        data = {"apiVersion": api_version, "kind": kind, **data}
    items = data.get("items")
    if not kind.endswith("List") or not isinstance(items, list):
        yield Object(source, root, node, data, kind, api_version)
        return
    for index, item in enumerate(items):
        inner = find(node, ("items", index))[1]
        yield from find_objects(source, inner, item, (*root, "items", index), kind.removesuffix("List"), api_version)
