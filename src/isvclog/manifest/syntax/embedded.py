"""Objects inside a document of another kind: as mappings, and as texts that are YAML or JSON.

Policies, templates, workflows and ConfigMaps contain whole objects. They are found by their shape, so that it does not
matter which kind contains them.
"""

import re
from collections.abc import Callable, Collection, Iterator
from typing import Any

from isvclog.findings import Finding, Severity
from isvclog.keypath import KeyPath, string_at
from isvclog.manifest.syntax.convert import RepeatedKey, convert
from isvclog.manifest.syntax.lookup import find
from isvclog.manifest.syntax.nodes import Node, Scalar, resolved
from isvclog.manifest.syntax.objects import Document, KindOfPatch, Object, no_patch
from isvclog.manifest.syntax.parse_error import TEMPLATED, ParseError
from isvclog.manifest.syntax.patches import (
    has_conditions,
    is_json_patch,
    without_conditions,
    written_parts,
)
from isvclog.manifest.syntax.positions import ReadOnlyPositions, block_positions
from isvclog.patterns import late_pattern
from isvclog.records import NamedTuple

INSIDE = "\0text"
"""The step of a key path from a text to what it is when it is read: a list of documents. No key of YAML has a NUL."""

SKIPPED = frozenset(("annotations", "labels", "managedFields", "status", "pattern", "anyPattern"))
"""Keys below which nothing is part of an object that is created: ownership, the last applied manifest, and what a
policy compares objects with."""

# The keys of policies whose values are patches, without the kind of their target.
_PATCHES = frozenset((("patchStrategicMerge",), ("data",)))
_OTHER_TEXT = ("is inside a text that is not a block", "write the text as a block that begins with `|`")
_OTHER_PATCH = ("is written by a patch in another form", "edit it by hand")
_KIND = late_pattern(r"(?:^|[\s{,\"'])kind[\"']?[ \t]*:")
_ACTION = late_pattern(r"\{\{|\{%")


Read = Callable[[str], list[Node]]
"""A function that parses a text to the root node of each document."""


class _Search(NamedTuple):
    """A search for objects whose kind contains one of the words, and for patches that `kind_of_patch` knows.

    `read` parses the texts on the way.
    """

    kinds: Collection[str]
    read: Read
    kind_of_patch: KindOfPatch


class _Holder(NamedTuple):
    """A node of a document, with its key path there. Paths of what is below start at the node."""

    source: Document
    node: Node
    root: KeyPath


def find_embedded(
    outer: Object, kinds: Collection[str], read: Read, kind_of_patch: KindOfPatch
) -> Iterator[Object | Finding]:
    """Yield the objects inside another one whose kind contains one of the words.

    References to objects, which have neither `metadata` nor `spec`, are none.
    """
    holder, search = _Holder(outer.source, outer.node, outer.root), _Search(kinds, read, kind_of_patch)
    for key, value in outer.data.items():
        if key not in SKIPPED:
            yield from _below(holder, value, (key,), search)


def find_patched(source: Document, node: Node, value: Any, kind_of_patch: KindOfPatch) -> Iterator[Object]:
    """Yield what a document writes that is a JSON patch, as objects of the kind that it is for."""
    return _patched(_Holder(source, node, ()), value, (), _Search((), lambda text: [], kind_of_patch))


def expand_texts(data: Any, paths: Collection[KeyPath], read: Read) -> int:
    """Replace, in `data`, each text that a path leads into by what it is when it is read.

    Return the number of repeated keys in these texts. Raise ParseError if one cannot be read.
    """
    repeated = 0
    for path in paths:
        holder: Any = None
        value = data
        for depth, step in enumerate(path):
            if step == INSIDE and isinstance(value, str):
                found = [convert(root) for root in read(value)]
                repeated += sum(len(keys) for _, keys in found)
                value = {INSIDE: [inner for inner, _ in found]}
                holder[path[depth - 1]] = value
            try:
                holder, value = value, value[step]
            except (KeyError, IndexError, TypeError):
                break
    return repeated


def _below(holder: _Holder, value: Any, path: KeyPath, search: _Search) -> Iterator[Object | Finding]:
    if isinstance(value, dict) and _is_wanted(value, search.kinds):
        node = find(holder.node, path)[1]
        yield Object(holder.source, (*holder.root, *path), node, value, value["kind"], value["apiVersion"])
    elif patched := list(_patched(holder, value, path, search)):
        yield from patched
    elif isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            if key not in SKIPPED:
                yield from _below(holder, inner, (*path, key), search)
    elif isinstance(value, str) and _may_contain(value, search):
        yield from _in_text(holder, value, path, search)


def _may_contain(text: str, search: _Search) -> bool:
    """Check whether a text may contain an object of the wanted kinds, or a JSON patch of one."""
    if any(word in text for word in search.kinds) and may_be_object(text):
        return True
    return search.kind_of_patch is not no_patch and may_be_patch(text)


def may_be_object(text: str) -> bool:
    """Check whether a text may contain an object of any kind."""
    return "apiVersion" in text and _KIND.search(text) is not None


def may_be_patch(text: str) -> bool:
    """Check whether a text may contain a JSON patch of an object."""
    return "op" in text and "path" in text and "/spec" in text


def _patched(holder: _Holder, value: Any, path: KeyPath, search: _Search) -> Iterator[Object]:
    """Yield what a patch writes, as objects of the kind that it is for; nothing if it is none that is known."""
    is_patch = is_json_patch(value) or (isinstance(value, dict) and path[-1:] in _PATCHES)
    if search.kind_of_patch is no_patch or not is_patch:
        return
    node, source = find(holder.node, path)[1], holder.source
    parts = [(value, node)]
    if isinstance(value, list):
        parts = list(written_parts(value, resolved(node)))
    elif has_conditions(value):
        parts = [without_conditions(value, node)]
    if isinstance(value, list) or parts[0][1] is not node:
        positions = ReadOnlyPositions(source.text, source.positions.span, _OTHER_PATCH)
        source = source._replace(positions=positions, repeated=[])
    for part, written in parts:
        if known := search.kind_of_patch(part):
            data = {"apiVersion": known[1], "kind": known[0], **part}
            yield Object(source, (*holder.root, *path), written, data, *known)


def _is_wanted(value: dict[str, Any], kinds: Collection[str]) -> bool:
    kind = string_at(value, ("kind",))
    return (
        any(word in kind for word in kinds)
        and not kind.endswith("List")
        and isinstance(value.get("apiVersion"), str)
        and (isinstance(value.get("metadata"), dict) or isinstance(value.get("spec"), dict))
    )


def _in_text(holder: _Holder, value: str, path: KeyPath, search: _Search) -> Iterator[Object | Finding]:
    """Yield the objects in a text, or a finding if it is a template of one. Any other text that is no YAML has none."""
    node = resolved(find(holder.node, path)[1])
    if not isinstance(node, Scalar):
        return
    positions = block_positions(holder.source.positions, node, value)
    if positions is None:
        span = holder.source.span(node)
        positions = ReadOnlyPositions(value, lambda *_: span, _OTHER_TEXT)
    try:
        found = [(root, *convert(root)) for root in search.read(positions.text)]
    except ParseError:
        if _ACTION.search(value) and re.search(rf"(?m:^[- \t]*kind:[ \t]*\w*(?:{'|'.join(search.kinds)})\b)", value):
            yield _templated(holder.source, node)
        return
    for index, (root, data, repeated) in enumerate(found):
        if not isinstance(data, dict | list):
            continue  # prose: the text is itself
        place = (*holder.root, *path, INSIDE, index)
        keys = [RepeatedKey((*place, *key.path), key.key, key.first) for key in repeated]
        source = Document(holder.source.file, holder.source.number, positions, keys)
        yield from _below(_Holder(source, root, place), data, (), search)


def _templated(source: Document, node: Node) -> Finding:
    message = "This text is a template and not YAML before it is rendered, so it is not checked."
    remedy = "Put the placeholders into quotes, or check the rendered text."
    span = source.span(node)._replace(end_line=source.span(node).line, end_column=source.span(node).column + 1)
    return Finding(source.file, span, Severity.WARNING, TEMPLATED, message, remedy, document=source.number)
