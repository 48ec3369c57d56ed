"""Where the value at a key path is written."""

from isvclog.keypath import KeyPath
from isvclog.manifest.nodes import Mapping, Node, Scalar, Sequence, resolved
from isvclog.manifest.scalars import key_text

Entry = tuple[Node, Node]


def find(root: Node, path: KeyPath) -> Entry:
    """Key and value at the path, or at its longest part that exists; an item of a sequence and the root are their own.

    An alias is found where it is used, what lies inside it where the anchor is, since only there it can be changed;
    what was merged is found where it was merged from.
    """
    entry = (root, root)
    for step in path:
        inner = _entry(resolved(entry[1]), step)
        if inner is None:
            break
        entry = inner
    return entry


def _entry(node: Node, step: str | int) -> Entry | None:
    if isinstance(node, Sequence) and isinstance(step, int) and 0 <= step < len(node.children):
        return node.children[step], node.children[step]
    if isinstance(node, Mapping) and isinstance(step, str):
        return _last(node, step)
    return None


def _last(mapping: Mapping, name: str) -> Entry | None:
    """The entry that counts, found by the rules of `convert`."""
    found = None
    for key, value in mapping.pairs():
        if isinstance(key, Scalar) and key.merge:
            found = _merged(value, name) or found
        elif isinstance(scalar := resolved(key), Scalar) and key_text(scalar.value) == name:
            found = key, value
    return found


def _merged(node: Node, name: str) -> Entry | None:
    for source in node.children if isinstance(node, Sequence) else (node,):
        mapping = resolved(source)
        if isinstance(mapping, Mapping) and (found := _last(mapping, name)):
            return found
    return None
