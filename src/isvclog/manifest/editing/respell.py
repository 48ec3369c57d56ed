"""Writing of another string in place of a scalar, which is a key or a value."""

from collections.abc import Iterator

from isvclog.manifest.editing.edit_error import EditError
from isvclog.manifest.editing.entries import Splice, after_properties, line_end, skip_blanks, visible_end
from isvclog.manifest.syntax.nodes import Alias, Node, Scalar
from isvclog.patterns import late_pattern

# Tags that would turn the string into something else.
_TYPED = late_pattern(r"!!(?:binary|bool|float|int|null|timestamp)\b|!<tag:yaml\.org,2002:(?!str>)[^>]*>")
_COMMENT = late_pattern(r"[ \t]+#.*")


def respell(node: Node, written: str, flow: bool, text: str) -> Iterator[Splice]:
    """Yield the splices that put `written` in place of a scalar or an alias. `flow` is True inside brackets.

    A tag that does not suit a string is removed. Raise EditError for a list, a mapping and a key without a colon.
    """
    if isinstance(node, Alias):
        yield Splice(node.start, node.end, written)
        return
    if not isinstance(node, Scalar):
        raise EditError("it is a list or a mapping", "edit it by hand")
    content, end = after_properties(node, text), visible_end(node, text)
    if tag := _TYPED.search(text, node.start, content):
        if tag.end() == content >= end:
            yield Splice(tag.start(), content, written)
            return
        yield Splice(tag.start(), skip_blanks(text, tag.end()), "")
    if content >= end:
        yield _in_empty(node, content, written, flow, text)
    elif text[content] in "|>":
        comment = _COMMENT.search(text, content, line_end(text, content))
        yield Splice(content, end, written + (comment[0] if comment else ""))
    else:
        yield Splice(content, end, written)


def _in_empty(node: Scalar, content: int, written: str, flow: bool, text: str) -> Splice:
    """Build the splice that writes a value where there is nothing, or only an anchor or a tag."""
    if content == node.start and text[content - 1 : content] not in ((":",) if flow else (":", "-")):
        raise EditError("it has no colon", "edit it by hand")
    rest = skip_blanks(text, content)
    return Splice(content, rest if rest == line_end(text, content) else content, f" {written}")
