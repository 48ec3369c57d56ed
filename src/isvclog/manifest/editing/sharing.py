"""Values that a document writes once and uses in several places, through an alias or a merge key."""

from collections.abc import Iterable, Iterator

from isvclog.changes import Append, Change, Insert, SetCollection
from isvclog.keypath import KeyPath
from isvclog.manifest.syntax.lookup import find
from isvclog.manifest.syntax.nodes import Alias, Mapping, Node, Scalar, Sequence, Target, resolved
from isvclog.manifest.syntax.objects import Object
from isvclog.manifest.syntax.scalars import key_text
from isvclog.records import NamedTuple

_MOST_STEPS = 100_000


class SharedPlace(NamedTuple):
    """A path at which a collection is seen. `alias` is the path of the outermost alias on the way.

    `alias` is None where the collection is written. `merged` is True if there is a merge key on the way.
    """

    path: KeyPath
    alias: KeyPath | None = None
    merged: bool = False

    @property
    def is_written_here(self) -> bool:
        """True if the collection is written at the path itself."""
        return self.alias is None and not self.merged


def shared_places(obj: Object, path: KeyPath) -> list[SharedPlace]:
    """Find the places where the collection at a path is seen in the object, including that path."""
    target = resolved(find(obj.node, path)[1])
    if "*" not in obj.source.text:
        return [SharedPlace(path)]
    return [place for place, node in _walk(obj.node) if node is target]


def dangling_aliases(obj: Object, removed: Iterable[KeyPath], replaced: Iterable[KeyPath] = ()) -> list[SharedPlace]:
    """Find aliases that would dangle.

    Their anchor is inside a removed key or item or a replaced value, and they are not.
    """
    if "*" not in obj.source.text:
        return []
    entries = [find(obj.node, path) for path in removed]
    spans = [(min(key.start, value.start), max(key.end, value.end)) for key, value in entries]
    spans += [(value.start, value.end) for _, value in (find(obj.node, path) for path in replaced)]

    def is_lost(node: Node) -> bool:
        return any(start <= node.start < end for start, end in spans)

    return [place for place, alias in _aliases(obj.node) if is_lost(alias.target) and not is_lost(alias)]


def deduplicated(obj: Object, changes: Iterable[Change]) -> list[Change]:
    """Drop repeated changes.

    Changes that do the same to one node, which aliases and merge keys show in several places, are repeated too.
    """
    found: dict[object, Change] = {}
    for change in sorted(
        changes, key=lambda change: isinstance(change, SetCollection) and not _is_own(obj, change.path)
    ):
        found.setdefault(_written(obj, change), change)
    return list(found.values())


def _is_own(obj: Object, path: KeyPath) -> bool:
    """Check whether a key is written in the mapping that its path leads to, and not in a mapping merged there."""
    holder = resolved(find(obj.node, path[:-1])[1])
    return isinstance(holder, Mapping) and find(obj.node, path)[0] in holder.children


def _written(obj: Object, change: Change) -> object:
    """Build a key that is equal for changes that do the same to one node."""
    match change:
        case Insert(path, value) if obj.has(path[:-1]):
            return Insert, id(resolved(find(obj.node, path[:-1])[1])), path[-1], value
        case Append(path, values) if obj.has(path):
            return Append, id(resolved(find(obj.node, path)[1])), values
        case SetCollection(path, value) if obj.has(path):
            return SetCollection, id(find(obj.node, path)[0]), value
    return change


def _aliases(root: Node) -> Iterator[tuple[SharedPlace, Alias]]:
    """Yield the aliases, where they are written."""
    waiting: list[tuple[SharedPlace, Node]] = [(SharedPlace(()), root)]
    while waiting:
        place, node = waiting.pop()
        if isinstance(node, Alias):
            yield place._replace(alias=place.path), node
        else:
            waiting += _inner(place, node)


def _walk(root: Node) -> Iterator[tuple[SharedPlace, Target]]:
    """Yield the collections at every place where they are seen, up to a limit of steps."""
    waiting: list[tuple[SharedPlace, Node]] = [(SharedPlace(()), root)]
    for _ in range(_MOST_STEPS):
        if not waiting:
            return
        place, node = waiting.pop()
        if isinstance(node, Alias) and place.alias is None:
            place = place._replace(alias=place.path)
        target = resolved(node)
        if not isinstance(target, Scalar):
            yield place, target
            waiting += _inner(place, target)


def _inner(place: SharedPlace, node: Target) -> Iterator[tuple[SharedPlace, Node]]:
    """Yield the items or values of a collection. Values that are merged into it are seen where the collection is."""
    if isinstance(node, Sequence):
        for index, item in enumerate(node.children):
            yield _below(place, index), item
    elif isinstance(node, Mapping):
        for key, value in node.pairs():
            if isinstance(key, Scalar) and key.merge:
                for source in value.children if isinstance(value, Sequence) else (value,):
                    yield place._replace(merged=True), source
            elif isinstance(name := resolved(key), Scalar):
                yield _below(place, key_text(name.value)), value


def _below(place: SharedPlace, step: str | int) -> SharedPlace:
    return place._replace(path=(*place.path, step))
