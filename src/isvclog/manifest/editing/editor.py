"""Changes of data converted to edits of text: only the necessary characters change, in the style of their neighbours.

An edit may also change another place, through an alias or a merge key. `verify` detects that.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import NamedTuple

from isvclog.changes import (
    Append,
    Change,
    Empty,
    Insert,
    MappingContent,
    Remove,
    Rename,
    Replace,
    SequenceContent,
    SetCollection,
)
from isvclog.findings import Edit
from isvclog.keypath import KeyPath, dotted
from isvclog.manifest.editing.clear import empty_collection
from isvclog.manifest.editing.edit_error import EditError
from isvclog.manifest.editing.entries import Splice, after_properties, line_end, skip_blanks, visible_end
from isvclog.manifest.editing.fill import fill, in_brackets
from isvclog.manifest.editing.insert import append, insert
from isvclog.manifest.editing.layout import Nearby
from isvclog.manifest.editing.ordering import sorted_splices
from isvclog.manifest.editing.remove import merged_splices, remove_entries
from isvclog.manifest.editing.sharing import deduplicated
from isvclog.manifest.editing.spelling import double_quoted, spell_like, style_of
from isvclog.manifest.syntax import nodes
from isvclog.manifest.syntax.lookup import find
from isvclog.manifest.syntax.nodes import Alias, Mapping, Node, Scalar, resolved
from isvclog.manifest.syntax.objects import Object
from isvclog.manifest.syntax.parse_error import ParseError

_BRACE = re.compile(r"\s*\{")
# Tags that would make something other than this string of it.
_TYPED = re.compile(r"!!(?:binary|bool|float|int|null|timestamp)\b|!<tag:yaml\.org,2002:(?!str>)[^>]*>")


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
    found = [Edit(obj.source.positions.span(start, end), text) for start, end, text in dict.fromkeys(splices)]
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
                place = self._place(path)
                if not isinstance(place.value, nodes.Sequence | Mapping):
                    raise self._cannot(path, "is written elsewhere", "edit it by hand")
                with self._explained(path, "cannot be emptied"):
                    yield from merged_splices(
                        list(empty_collection(place.key, place.value, left, self._text)), self._text
                    )
            case Replace(path, value):
                place = self._place(path)
                siblings = place.holder.children[isinstance(place.holder, Mapping) :: _stride(place.holder)]
                yield from self._respell(place.value, value, siblings, place.holder.flow, path)
            case Rename(path, key):
                place = self._place(path)
                if not isinstance(path[-1], str):
                    raise self._cannot(path, "is an item of a list and has no key", "edit it by hand")
                if self._obj.has((*path[:-1], key)):
                    raise self._cannot((*path[:-1], key), "is already there", "keep one of them")
                yield from self._respell(place.key, key, place.holder.children[::2], place.holder.flow, path)

    def removals(self, paths: Sequence[KeyPath]) -> list[Splice]:
        """Build the splices that remove the keys and items at all the paths together."""
        wanted: dict[int, tuple[nodes.Sequence | Mapping, set[int], KeyPath]] = {}
        for path in paths:
            place = self._place(path)
            children = place.holder.children
            index = next((at for at, node in enumerate(children) if node is place.key), None)
            if index is None:
                raise self._cannot(path, "comes from a merge key", "edit what is merged")
            _, indexes, _ = wanted.setdefault(id(place.holder), (place.holder, set(), path))
            indexes.add(index // _stride(place.holder))
        found: list[Splice] = []
        for holder, indexes, path in wanted.values():
            try:
                found += remove_entries(holder, indexes, self._text)
            except EditError as error:
                raise self._cannot(path, f"cannot be removed: {error.reason}", error.remedy) from None
        return merged_splices(found, self._text)

    def insertions(self, changes: Sequence[Insert]) -> Iterator[Splice]:
        """Yield the splices that add keys to one mapping, in this order."""
        path = changes[0].path[:-1]
        node = resolved(find(self._obj.node, path)[1])
        added = [(change.path[-1], change.value) for change in changes if isinstance(change.path[-1], str)]
        if not self._obj.has(path) or not isinstance(node, Mapping) or len(added) < len(changes):
            raise self._cannot(path, "is no mapping", "write it as one first")
        for key, _ in added:
            whole = (*path, key)
            if self._obj.has(whole) and find(self._obj.node, whole)[0] in node.children:
                raise self._cannot(whole, "is already there", "change its value instead")
        self._check_single(path)
        with self._explained(changes[0].path, "cannot be added"):
            if node.flow and not node.children:
                yield in_brackets(node, MappingContent(tuple(added)), self._nearby(path))
            else:
                yield from insert(node, added, self._nearby(path))

    def _append(self, path: KeyPath, values: Sequence[str]) -> Iterator[Splice]:
        place = self._place(path)
        node = resolved(place.value)
        if not isinstance(node, nodes.Sequence) or not node.children:
            raise self._cannot(path, "is no list with items", "write it as one first")
        with self._explained(path, "cannot be added to"):
            yield from append(node, values, self._nearby(path))

    def _write(self, path: KeyPath, value: SequenceContent | MappingContent) -> Iterator[Splice]:
        place = self._place(path)
        if not isinstance(place.holder, Mapping) or place.key not in place.holder.children:
            raise self._cannot(path, "is no value of its own", "edit it by hand")
        if isinstance(place.value, Scalar) and place.value.value is not None:
            raise self._cannot(path, "is not empty", "edit it by hand")
        with self._explained(path, "cannot be written out"):
            yield from fill(place.holder, place.key, place.value, value, self._nearby(path[:-1]))

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
            raise self._cannot(path, "is not there", "check the path")
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

    def _respell(self, node: Node, value: str, siblings: Sequence[Node], flow: bool, path: KeyPath) -> Iterator[Splice]:
        """Yield the splices that change a scalar, which is a key or a value, to another string."""
        text = self._text
        others = [sibling for sibling in siblings if sibling is not node]
        style = style_of(node, text)
        new = double_quoted(value, True) if self._json else spell_like(value, style, others, text, flow)
        if isinstance(node, Alias):
            yield Splice(node.start, node.end, new)
            return
        if not isinstance(node, Scalar):
            raise self._cannot(path, "is a list or a mapping", "edit it by hand")
        content, end = after_properties(node, text), visible_end(node, text)
        if tag := _TYPED.search(text, node.start, content):
            if content >= end and tag.end() == content:
                yield Splice(tag.start(), content, new)
                return
            yield Splice(tag.start(), skip_blanks(text, tag.end()), "")
        if content >= end:
            if content == node.start and text[content - 1 : content] not in ((":",) if flow else (":", "-")):
                raise self._cannot(path, "has no colon", "edit it by hand")
            rest = skip_blanks(text, content)
            yield Splice(content, rest if rest == line_end(text, content) else content, f" {new}")
        elif text[content] in "|>":
            header = text[content : line_end(text, content)]
            comment = re.search(r"[ \t]+#.*", header)
            yield Splice(content, end, new + (comment[0] if comment else ""))
        else:
            yield Splice(content, end, new)

    def _cannot(self, path: KeyPath, reason: str, remedy: str) -> EditError:
        name = f"`{dotted(path)}`" if path else "the object"
        return EditError(f"{name} {reason}", remedy, self._obj.key_span(path))


def _stride(holder: nodes.Sequence | Mapping) -> int:
    return 2 if isinstance(holder, Mapping) else 1


@lru_cache(maxsize=1)
def _is_json(text: str) -> bool:
    if not _BRACE.match(text):
        return False
    from isvclog.manifest.syntax.json_text import compose_json

    try:
        return bool(compose_json(text))
    except ParseError:
        return False
