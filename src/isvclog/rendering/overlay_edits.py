"""Changes of an object that kustomize builds, made in the base or the patch that has what they change."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress

from isvclog.changes import Append, Change, Insert, MappingContent, Value
from isvclog.errors import IsvclogError
from isvclog.findings import Edit
from isvclog.keypath import KeyPath, dotted, value_at
from isvclog.manifest.editing.editor import text_edits
from isvclog.manifest.syntax.files import Source, read_file
from isvclog.manifest.syntax.load import load
from isvclog.manifest.syntax.objects import Object
from isvclog.rendering.literal import NotLiteral

_ANNOTATIONS = ("metadata", "annotations")


def edits_in_overlay(obj: Object, changes: Iterable[Change], files: Sequence[str]) -> Iterator[tuple[str, Edit]]:
    """Yield the edits of the files of an overlay that change a built object, each with its file.

    `files` are those of the object, its own first. A value is changed in the last file that has it, and a key is added
    to the last file that has the mapping around it: later files are patches over earlier ones. Raise NotLiteral if
    there is no such place, and EditError if the text cannot be changed.
    """
    sources = _sources(files, obj)
    chosen: dict[int, tuple[Object, Source, list[Change]]] = {}
    for change in changes:
        place, source, moved = _place_of(obj, change, sources)
        chosen.setdefault(id(place), (place, source, []))[2].append(moved)
    for place, source, moved_changes in chosen.values():
        for edit in text_edits(place, _united(moved_changes), source.data):
            yield source.name, edit


def _sources(files: Iterable[str], obj: Object) -> list[tuple[Object, Source]]:
    """Read the objects of the files that the built object may be merged from, by kind and name."""
    found = [each for file in files for each in _objects(file, obj)]
    exact = {source.name for item, source in found if item.name == obj.name}
    return [(item, source) for item, source in found if item.name == obj.name or source.name not in exact]


def _objects(file: str, obj: Object) -> Iterator[tuple[Object, Source]]:
    """Yield the objects of a file with the kind of another object and a part of its name: there may be a prefix."""
    with suppress(IsvclogError):
        source = read_file(file)
        for item in load(source, (obj.kind.encode(),), kinds=(obj.kind,), skip_mentions=True):
            if isinstance(item, Object) and item.kind == obj.kind and item.name in obj.name:
                yield item, source


def _place_of(obj: Object, change: Change, sources: Sequence[tuple[Object, Source]]) -> tuple[Object, Source, Change]:
    """Choose the object of a file that a change is made in, and return the change as it is made there."""
    if isinstance(change, Insert):
        return _place_of_new(change, sources)
    path = change.path if isinstance(change, Append) else _to_list(obj, change.path)
    having = [each for each in sources if each[0].has(path)]
    if not having or value_at(having[-1][0].data, path) != value_at(obj.data, path):
        raise NotLiteral(f"no file of the overlay has `{dotted(path)}` as it is built")
    return *having[-1], change


def _place_of_new(change: Insert, sources: Sequence[tuple[Object, Source]]) -> tuple[Object, Source, Change]:
    path = change.path[:-1]
    if not any(item.has(change.path) for item, _ in sources):
        if holders := _with_mapping(sources, path):
            return *holders[-1], change
        # kustomize adds annotations of its own, so that only the built object has any.
        if path == _ANNOTATIONS and (named := _with_mapping(sources, path[:-1])):
            return *named[0], Insert(path, MappingContent(((str(change.path[-1]), change.value),)))
    raise NotLiteral(f"no file of the overlay has the mapping `{dotted(path)}`")


def _with_mapping(sources: Iterable[tuple[Object, Source]], path: KeyPath) -> list[tuple[Object, Source]]:
    return [(item, source) for item, source in sources if isinstance(value_at(item.data, path), dict)]


def _to_list(obj: Object, path: KeyPath) -> KeyPath:
    """Return the path to the outermost list that a path leads into, or all of it: a patch replaces a whole list."""
    return next((path[:depth] for depth, step in enumerate(path) if isinstance(step, int)), path)


def _united(changes: Sequence[Change]) -> Iterator[Change]:
    """Yield the changes, with all the annotations that are added to an object without any in one of them."""
    added: list[tuple[str, Value]] = []
    for change in changes:
        if isinstance(change, Insert) and change.path == _ANNOTATIONS and isinstance(change.value, MappingContent):
            added += change.value.pairs
        else:
            yield change
    if added:
        yield Insert(_ANNOTATIONS, MappingContent(tuple(added)))
