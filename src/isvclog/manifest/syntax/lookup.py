"""Lookup of the nodes at a key path."""

from bisect import bisect_left

from isvclog.keypath import KeyPath
from isvclog.manifest.syntax.nodes import Mapping, Node, Scalar, Sequence, resolved
from isvclog.manifest.syntax.scalars import key_text

Entry = tuple[Node, Node]


def find(root: Node, path: KeyPath) -> Entry:
    """Find the key and value at the path, or at its longest part that exists.

    For an item of a sequence and for the root, key and value are the same node. An alias is found where it is used. A
    value inside it is found at the anchor, because only there it can be changed. A merged value is found where it was
    merged from.
    """
    entry = (root, root)
    for step in path:
        inner = _entry(resolved(entry[1]), step)
        if inner is None:
            break
        entry = inner
    return entry


def index_of(key: Node, holder: Sequence | Mapping) -> int | None:
    """Find the index of the entry with this key, or of this item, in its collection; None if it is not written there.

    The nodes are in the order of the text.
    """
    children, step = holder.children, 1 if isinstance(holder, Sequence) else 2
    places = range(0, len(children), step)
    for index in range(bisect_left(places, key.start, key=lambda place: children[place].start), len(places)):
        if children[places[index]] is key:
            return index
        if children[places[index]].start > key.start:
            break
    return None


def _entry(node: Node, step: str | int) -> Entry | None:
    if isinstance(node, Sequence) and isinstance(step, int) and 0 <= step < len(node.children):
        return node.children[step], node.children[step]
    if isinstance(node, Mapping) and isinstance(step, str):
        return _index(node).get(step)
    return None


def _index(mapping: Mapping) -> dict[str, Entry]:
    """Index the entries that count by their keys, by the rules of `convert`."""
    if mapping.index is None:
        mapping.index = {}
        for key, value in mapping.pairs():
            if isinstance(key, Scalar) and key.merge:
                mapping.index.update(_merged(value))
            elif isinstance(scalar := resolved(key), Scalar):
                mapping.index[key_text(scalar.value)] = key, value
    return mapping.index


def _merged(node: Node) -> dict[str, Entry]:
    """Collect the entries that are merged. Of several sources the first one counts."""
    found: dict[str, Entry] = {}
    for source in node.children if isinstance(node, Sequence) else (node,):
        mapping = resolved(source)
        if isinstance(mapping, Mapping):
            found = {**_index(mapping), **found}
    return found
