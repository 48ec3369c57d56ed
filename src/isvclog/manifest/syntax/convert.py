"""Node trees converted to the data that Kubernetes sees.

Aliases and merge keys are resolved, keys become strings, and numbers are as in JSON. This reproduces decode.go of
go.yaml.in/yaml/v2 and the conversion to JSON in sigs.k8s.io/yaml: of equal keys the last one counts, a merge key
overrides the keys above it, and in a list of merges the first one counts.
"""

from typing import Any

from isvclog.keypath import KeyPath
from isvclog.manifest.syntax.nodes import MAX_DEPTH, Alias, Mapping, Node, Scalar, Sequence, resolved, too_deep
from isvclog.manifest.syntax.parse_error import OVERSIZED, ParseError, unparsable
from isvclog.manifest.syntax.scalars import json_value, key_text
from isvclog.records import NamedTuple


class RepeatedKey(NamedTuple):
    """A key that its mapping already has. `path` ends with the key; `first` is the earlier one."""

    path: KeyPath
    key: Node
    first: Node


def convert(root: Node) -> tuple[Any, list[RepeatedKey]]:
    """Convert one document to data that shares nothing between two places, and list its repeated keys.

    Raise ParseError for a value that JSON cannot represent, for an anchor that contains itself and for too many
    aliases.
    """
    try:
        return _simple(root, 1), []
    except ValueError:
        conversion = _Conversion()
        return conversion.value(root, (), 1, None), conversion.repeated


def _simple(node: Node, depth: int) -> Any:
    """Convert a node without aliases, merges and repeated keys, as most documents are, in half the time.

    Raise ValueError for anything else, so that `_Conversion` converts or refuses the document.
    """
    if isinstance(node, Scalar):
        return node.value if isinstance(node.value, str) else json_value(node.value)
    if isinstance(node, Alias) or depth > MAX_DEPTH:
        raise ValueError
    if isinstance(node, Sequence):
        return [_simple(item, depth + 1) for item in node.children]
    return _simple_mapping(node, depth)


def _simple_mapping(node: Mapping, depth: int) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for key, value in node.pairs():
        if not isinstance(key, Scalar) or not isinstance(key.value, str) or key.merge:
            raise ValueError
        if isinstance(value, Scalar) and isinstance(value.value, str):  # as most are
            data[key.value] = value.value
        else:
            data[key.value] = _simple(value, depth + 1)
    if 2 * len(data) < len(node.children):
        raise ValueError
    return data


class _Conversion:
    def __init__(self) -> None:
        self.repeated: list[RepeatedKey] = []
        self._open: set[Alias] = set()
        self._steps = 0
        self._aliased = 0

    def value(self, node: Node, path: KeyPath, depth: int, into: dict[str, Any] | None) -> Any:
        """Convert a node to its value. A mapping is added to `into` if that is given."""
        self._count(node)
        if isinstance(node, Scalar):
            if isinstance(node.value, str):
                return node.value
            try:
                return json_value(node.value)
            except ValueError as error:
                raise unparsable(str(error), "Quote the value.", node.start, node.end) from None
        if depth > MAX_DEPTH:
            raise too_deep(node.start)
        if isinstance(node, Alias):
            return self._alias(node, path, depth, into)
        if isinstance(node, Sequence):
            return [self.value(item, (*path, index), depth + 1, None) for index, item in enumerate(node.children)]
        return self._mapping(node, path, depth, {} if into is None else into)

    def _mapping(self, node: Mapping, path: KeyPath, depth: int, into: dict[str, Any]) -> dict[str, Any]:
        seen: dict[str, Node] = {}
        for key, value in node.pairs():
            if isinstance(key, Scalar) and key.merge:
                self._merge(value, path, depth, into)
                continue
            name = self._key(key)
            if seen.setdefault(name, key) is not key and not self._open:
                self.repeated.append(RepeatedKey((*path, name), key, seen[name]))
            if isinstance(value, Scalar) and isinstance(value.value, str):
                self._count(value)
                into[name] = value.value
            else:
                into[name] = self.value(value, (*path, name), depth + 1, None)
        return into

    def _merge(self, node: Node, path: KeyPath, depth: int, into: dict[str, Any]) -> None:
        for source in reversed(node.children) if isinstance(node, Sequence) else (node,):
            if not isinstance(resolved(source), Mapping):
                remedy = "Merge a mapping or a list of mappings, or quote the key."
                raise unparsable("a merge key has no mapping to merge", remedy, source.start, source.end)
            self.value(source, path, depth + 1, into)

    def _key(self, node: Node) -> str:
        self._count(node)
        if isinstance(node, Scalar) and isinstance(node.value, str):
            return node.value
        target = resolved(node)
        try:
            if isinstance(target, Scalar):
                return target.value if isinstance(target.value, str) else key_text(target.value)
            reason = "a key is a mapping or a list"
        except ValueError as error:
            reason = str(error)
        remedy = "Quote the key, or the value if it starts with a brace."
        raise unparsable(reason, remedy, node.start, node.end)

    def _alias(self, node: Alias, path: KeyPath, depth: int, into: dict[str, Any] | None) -> Any:
        if node in self._open:
            raise unparsable("an anchor contains an alias of itself", "Write the value out.", node.start, node.end)
        self._open.add(node)
        value = self.value(node.target, path, depth + 1, into)
        self._open.discard(node)
        return value

    def _count(self, node: Node) -> None:
        """Count a node, and raise ParseError above the limit of decode.go.

        Aliases may make up 99 % of a small document, but only 10 % of a large one.
        """
        self._steps += 1
        if not self._open:
            return
        self._aliased += 1
        allowed = 0.99 - 0.89 * min(max((self._steps - 400_000) / 3_600_000, 0), 1)
        if self._aliased > 100 and self._steps > 1000 and self._aliased / self._steps > allowed:
            message = "kubectl cannot read this document: aliases make it many times larger than it looks."
            raise ParseError(OVERSIZED, message, "Write the values out where they are needed.", node.start, node.end)
