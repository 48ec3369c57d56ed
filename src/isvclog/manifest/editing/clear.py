"""Removal of all entries of a list or mapping whose key stays, which keeps the comments about the key."""

from collections.abc import Iterator
from itertools import pairwise

from isvclog.changes import Content, MappingContent, SequenceContent
from isvclog.keypath import KeyPath
from isvclog.manifest.editing.brackets import is_emptied, remove_from_brackets
from isvclog.manifest.editing.edit_error import EditError
from isvclog.manifest.editing.entries import (
    Splice,
    end_below,
    entries,
    find_comma,
    line_end,
    line_start,
    skip_blanks,
    starts_line,
    visible_end,
)
from isvclog.manifest.editing.remove import whole_lines
from isvclog.manifest.syntax.lookup import find
from isvclog.manifest.syntax.nodes import Mapping, Node, Sequence, resolved
from isvclog.manifest.syntax.objects import Object
from isvclog.patterns import late_pattern

_COMMENT = late_pattern(r"(?:^|[\s,])#")
# What a line may have before its comment: an anchor, a tag.
_CODE = late_pattern(r"(?:[ \t]+[^\s#]\S*)*")


def has_comment(obj: Object, path: KeyPath) -> bool:
    """Check whether a comment is about the whole list or mapping at the path, and would be removed with its key.

    Such a comment is beside the key, below it or behind the brackets, but not in the line of an entry.
    """
    key, node = find(obj.node, path)
    holder = resolved(find(obj.node, path[:-1])[1])
    if not isinstance(node, Sequence | Mapping) or not isinstance(holder, Mapping):
        return False
    if node.flow:
        return not is_emptied(node, obj.source.text) or _has_comment_behind(node, key, holder, obj.source.text)
    return _has_comment_between(node, key, obj.source.text)


def _has_comment_behind(node: Sequence | Mapping, key: Node, holder: Mapping, text: str) -> bool:
    """Check whether a comment is behind the brackets, in a line that no other key starts."""
    if holder.flow and not starts_line(text, key.start):
        return False
    behind = end = visible_end(node, text)
    if holder.flow and (comma := find_comma(text, end)) is not None:
        behind = comma + 1
    return text.startswith("#", skip_blanks(text, behind))


def _has_comment_between(node: Sequence | Mapping, key: Node, text: str) -> bool:
    """Check whether a comment is beside the key of a block collection, between the entries or below them."""
    found, end = entries(node, text), visible_end(node, text)
    indent = key.start - line_start(text, key.start)
    gaps = [text[key.end : found[0].start]]
    gaps += (text[line_end(text, one.end) : other.start] for one, other in pairwise(found))
    gaps.append(text[line_end(text, end) : end_below(text, end, indent)])
    return any(_COMMENT.search(gap) for gap in gaps)


def rest_of(obj: Object, path: KeyPath) -> Content | None:
    """Return what stays at the path when all its entries are removed and its key stays: empty brackets, or null."""
    node = resolved(find(obj.node, path)[1])
    if isinstance(node, Sequence | Mapping) and node.flow:
        return SequenceContent(()) if isinstance(node, Sequence) else MappingContent(())
    return None


def empty_collection(key: Node, node: Sequence | Mapping, left: Content | None, text: str) -> Iterator[Splice]:
    """Yield the splices that remove all entries and leave null or empty brackets.

    Raise EditError if an entry shares a line with its key or with other text, and for an item of a block list, which
    has no key to write empty brackets behind.
    """
    found = entries(node, text)
    if node.flow:
        yield from remove_from_brackets(node, range(len(found)), text)
        return
    if not starts_line(text, found[0].start):
        raise EditError("it shares a line with its key", "edit it by hand")
    if left is not None:
        if key is node:
            raise EditError("it is an item of a list", "remove the item instead")
        colon = text.index(":", key.end)
        written = _CODE.match(text, colon + 1, line_end(text, colon))
        behind = written.end() if written else colon + 1
        yield Splice(behind, behind, " []" if isinstance(left, SequenceContent) else " {}")
    at_end = line_end(text, found[-1].end) == len(text)
    yield from (whole_lines(entry, text, at_end) for entry in found)
