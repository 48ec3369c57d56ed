"""The node tree of a document: values with the stretch of text in which they were written.

`start` and `end` are character offsets into the text of the document and include an anchor or a tag. A collection keeps
its children flat, a mapping as key, value, key, value. Only `extent` knows where a block collection really ends: the
parser ends it at the next token, behind blank lines and comments.
"""

from collections.abc import Iterator

from isvclog.manifest.syntax.parse_error import OVERSIZED, ParseError
from isvclog.manifest.syntax.scalars import ScalarValue

MAX_DEPTH = 100
"""The allowed levels of nesting, aliases expanded.

A custom resource definition has up to forty; Python recurses to a thousand.
"""


# Not dataclasses: creating four of those takes as long as a third of a bare start of Python.


class Scalar:
    """A node with a single value. `merge` is True for the key `<<` if it is not quoted."""

    __slots__ = ("end", "merge", "start", "value")

    def __init__(self, start: int, end: int, value: ScalarValue) -> None:
        self.start, self.end, self.value, self.merge = start, end, value, False


class Alias:
    """A node that refers to an anchored node, its `target`."""

    __slots__ = ("end", "start", "target")

    def __init__(self, start: int, end: int, target: "Target") -> None:
        self.start, self.end, self.target = start, end, target


class Sequence:
    """A node with a list of items. `flow` is True for the style with brackets: `[a, b]`."""

    __slots__ = ("__weakref__", "children", "end", "flow", "start")

    def __init__(self, start: int, end: int, flow: bool) -> None:
        self.start, self.end, self.flow = start, end, flow
        self.children: list[Node] = []

    def pairs(self) -> "Iterator[tuple[Node, Node]]":
        """Iterate over the items, each as its own key."""
        return zip(self.children, self.children, strict=True)


class Mapping:
    """A node with keys and values. `flow` is True for the style with braces: `{a: b}`."""

    __slots__ = ("__weakref__", "children", "end", "flow", "index", "start")

    def __init__(self, start: int, end: int, flow: bool) -> None:
        self.start, self.end, self.flow = start, end, flow
        self.children: list[Node] = []
        self.index: dict[str, tuple[Node, Node]] | None = None
        """The index of the keys that `lookup` builds; None before it is needed."""

    def pairs(self) -> "Iterator[tuple[Node, Node]]":
        """Iterate over the keys with their values."""
        children = iter(self.children)
        return zip(children, children, strict=True)


Target = Scalar | Sequence | Mapping
Node = Target | Alias


def resolved(node: Node) -> Target:
    """Return the node itself or, for an alias, the anchored node."""
    return node.target if isinstance(node, Alias) else node


def extent(node: Node, text: str) -> tuple[int, int]:
    """Find the start and end of a node's visible text: without trailing blank lines and comments."""
    last = node
    while isinstance(last, Sequence | Mapping) and not last.flow and last.children:
        last = last.children[-1]
    return node.start, last.start + len(text[last.start : last.end].rstrip())


def too_deep(offset: int) -> ParseError:
    """Build the ParseError for a value that is nested more than MAX_DEPTH levels deep."""
    message = f"This document is nested more than {MAX_DEPTH} levels deep, so it is not read."
    return ParseError(
        OVERSIZED, message, "Flatten the value that starts here; no Kubernetes object is this deep.", offset
    )
