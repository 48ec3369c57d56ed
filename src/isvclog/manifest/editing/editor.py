"""Changes of data converted to edits of text: only the necessary characters change, in the style of their neighbours.

An edit may also change another place, through an alias or a merge key. `verify` detects that.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache

from isvclog.changes import (
    Append,
    Change,
    Content,
    Empty,
    Insert,
    MappingContent,
    Remove,
    Rename,
    Replace,
    SetCollection,
)
from isvclog.findings import Edit
from isvclog.keypath import KeyPath, dotted
from isvclog.manifest.editing.clear import empty_collection
from isvclog.manifest.editing.edit_error import EditError
from isvclog.manifest.editing.entries import Splice
from isvclog.manifest.editing.fill import fill, in_brackets
from isvclog.manifest.editing.insert import append, insert
from isvclog.manifest.editing.layout import Nearby
from isvclog.manifest.editing.ordering import sorted_splices
from isvclog.manifest.editing.remove import merged_splices, remove_entries
from isvclog.manifest.editing.respell import respell
from isvclog.manifest.editing.sharing import deduplicated
from isvclog.manifest.editing.spelling import double_quoted, spell_like, style_of
from isvclog.manifest.syntax import nodes
from isvclog.manifest.syntax.lookup import find, index_of
from isvclog.manifest.syntax.nodes import Mapping, Node, Scalar, resolved
from isvclog.manifest.syntax.objects import Object
from isvclog.manifest.syntax.parse_error import ParseError
from isvclog.patterns import late_pattern
from isvclog.records import NamedTuple

_BRACE = late_pattern(r"\s*\{")


def text_edits(obj: Object, changes: Iterable[Change], file: bytes = b"") -> tuple[Edit, ...]:
    """Convert the changes to edits of the file's text, in the order of the text.

    The paths of the changes start at the object and refer to it as it is before all changes. `file` is the content of
    the whole file, which shows the style of lists if the document has none. Raise EditError if something else would
    have to change.
    """
    editor = _Editor(obj, file)
    distinct = deduplicated(obj, changes)
    splices = [splice for change in distinct for splice in editor.splices(change)]
    inserted: dict[KeyPath, list[Insert]] = {}
    for change in distinct:
        if isinstance(change, Insert):
            inserted.setdefault(change.path[:-1], []).append(change)
    splices += [splice for group in inserted.values() for splice in editor.insertions(group)]
    splices += editor.removals([change.path for change in distinct if isinstance(change, Remove)])
    found = [editor.edit(splice) for splice in dict.fromkeys(splices)]
    return tuple(sorted_splices(found))


class _Place(NamedTuple):
    """A key or item: the node of its key (the item itself in a list), its value, and the collection they are in."""

    key: Node
    value: Node
    holder: nodes.Sequence | Mapping


class _Editor:
    def __init__(self, obj: Object, file: bytes) -> None:
        self._obj = obj
        self._file = file
        self._text = obj.source.text
        self._json = _is_json(self._text)

    def splices(self, change: Change) -> Iterator[Splice]:
        """Yield the splices of one change. Removals and insertions give none, because they are made together."""
        match change:
            case Append(path, values):
                yield from self._append(path, values)
            case SetCollection(path, content):
                yield from self._write(path, content)
            case Empty(path, left):
                yield from self._empty(path, left)
            case Replace(path, value):
                yield from self._replace(path, value)
            case Rename(path, key):
                yield from self._rename(path, key)

    def edit(self, splice: Splice) -> Edit:
        """Convert a splice of the document to an edit of the file."""
        found = self._obj.source.positions.edit(*splice)
        if found is None:
            raise self._cannot((), *self._obj.source.positions.refusal)
        return found

    def removals(self, paths: Sequence[KeyPath]) -> list[Splice]:
        """Build the splices that remove the keys and items at all the paths together."""
        wanted: dict[int, tuple[nodes.Sequence | Mapping, set[int], KeyPath]] = {}
        for path in paths:
            place = self._place(path)
            index = index_of(place.key, place.holder)
            if index is None:
                raise self._cannot(path, "comes from a merge key", "edit what is merged")
            _, indexes, _ = wanted.setdefault(id(place.holder), (place.holder, set(), path))
            indexes.add(index)
        found: list[Splice] = []
        for holder, indexes, path in wanted.values():
            with self._explained(path, "cannot be removed"):
                found += remove_entries(holder, indexes, self._text)
        return merged_splices(found, self._text)

    def insertions(self, changes: Sequence[Insert]) -> Iterator[Splice]:
        """Yield the splices that add keys to one mapping, in this order."""
        path = changes[0].path[:-1]
        node = resolved(find(self._obj.node, path)[1])
        added = [(change.path[-1], change.value) for change in changes if isinstance(change.path[-1], str)]
        if not self._obj.has(path) or not isinstance(node, Mapping) or len(added) < len(changes):
            raise self._cannot(path, "is not a mapping", "write it as one first")
        self._check_new(node, path, [key for key, _ in added])
        self._check_single(path)
        with self._explained(changes[0].path, "cannot be added"):
            if node.flow and not node.children:
                yield in_brackets(node, MappingContent(tuple(added)), self._nearby(path))
            else:
                yield from insert(node, added, self._nearby(path))

    def _check_new(self, node: Mapping, path: KeyPath, keys: Iterable[str]) -> None:
        """Raise EditError if the mapping has one of the keys. A key that is merged into it does not count."""
        for key in keys:
            whole = (*path, key)
            if self._obj.has(whole) and find(self._obj.node, whole)[0] in node.children:
                raise self._cannot(whole, "already exists", "change its value instead")

    def _append(self, path: KeyPath, values: Sequence[str]) -> Iterator[Splice]:
        place = self._place(path)
        node = resolved(place.value)
        if not isinstance(node, nodes.Sequence) or not node.children:
            raise self._cannot(path, "is not a list with items", "write it as one first")
        with self._explained(path, "cannot be added to"):
            yield from append(node, values, self._nearby(path))

    def _write(self, path: KeyPath, value: Content) -> Iterator[Splice]:
        place = self._place(path)
        if not isinstance(place.holder, Mapping) or place.key not in place.holder.children:
            raise self._cannot(path, "is an item of a list or comes from a merge key", "edit it by hand")
        if isinstance(place.value, Scalar) and place.value.value is not None:
            raise self._cannot(path, "is not empty", "edit it by hand")
        with self._explained(path, "cannot be written out"):
            yield from fill(place.holder, place.key, place.value, value, self._nearby(path[:-1]))

    def _empty(self, path: KeyPath, left: Content | None) -> Iterator[Splice]:
        place = self._place(path)
        if not isinstance(place.value, nodes.Sequence | Mapping):
            raise self._cannot(path, "is not a list or mapping that is written here", "edit it by hand")
        with self._explained(path, "cannot be emptied"):
            splices = empty_collection(place.key, place.value, left, self._text)
            yield from merged_splices(splices, self._text)

    def _replace(self, path: KeyPath, value: str) -> Iterator[Splice]:
        place = self._place(path)
        values = [each for _, each in place.holder.pairs()]
        yield from self._respell(path, place.value, value, values, place.holder.flow)

    def _rename(self, path: KeyPath, key: str) -> Iterator[Splice]:
        place = self._place(path)
        if not isinstance(path[-1], str):
            raise self._cannot(path, "is an item of a list and has no key", "edit it by hand")
        if self._obj.has((*path[:-1], key)):
            raise self._cannot((*path[:-1], key), "already exists", "keep one of them")
        keys = [each for each, _ in place.holder.pairs()]
        yield from self._respell(path, place.key, key, keys, place.holder.flow)

    def _respell(
        self, path: KeyPath, node: Node, value: str, neighbours: Sequence[Node], flow: bool
    ) -> Iterator[Splice]:
        """Yield the splices that change a scalar, which is a key or a value, to another string."""
        if self._json:
            written = double_quoted(value, True)
        else:
            others = [neighbour for neighbour in neighbours if neighbour is not node]
            written = spell_like(value, style_of(node, self._text), others, self._text, flow)
        with self._explained(path, "cannot be changed"):
            yield from respell(node, written, flow, self._text)

    def _nearby(self, path: KeyPath) -> Nearby:
        around = tuple(resolved(find(self._obj.node, path[:depth])[1]) for depth in range(len(path), -1, -1))
        return Nearby(around, self._text, self._json, self._file)

    @contextmanager
    def _explained(self, path: KeyPath, what: str) -> Iterator[None]:
        try:
            yield
        except EditError as error:
            raise self._cannot(path, f"{what}: {error.reason}", error.remedy) from None

    def _place(self, path: KeyPath) -> _Place:
        if not path or not self._obj.has(path):
            raise self._cannot(path, "does not exist", "check the path")
        self._check_single(path)
        holder = resolved(find(self._obj.node, path[:-1])[1])
        assert not isinstance(holder, Scalar)
        return _Place(*find(self._obj.node, path), holder)

    def _check_single(self, path: KeyPath) -> None:
        """Raise EditError if a key on the path is written twice, because nobody knows which one is intended."""
        whole = (*self._obj.root, *path)
        for repeated in self._obj.source.repeated:
            if repeated.path == whole[: len(repeated.path)]:
                inner = repeated.path[len(self._obj.root) :]
                raise self._cannot(inner, "is written twice", "keep one of them first")

    def _cannot(self, path: KeyPath, reason: str, remedy: str) -> EditError:
        name = f"`{dotted(path)}`" if path else "the object"
        return EditError(f"{name} {reason}", remedy, self._obj.key_span(path))


@lru_cache(maxsize=1)
def _is_json(text: str) -> bool:
    if not _BRACE.match(text):
        return False
    from isvclog.manifest.syntax.json_text import compose_json

    try:
        return bool(compose_json(text))
    except ParseError:
        return False
