"""A string as the text of a scalar: plain, in single or in double quotes."""

import re
from collections import Counter
from collections.abc import Iterable

from isvclog.manifest.edit_error import EditError
from isvclog.manifest.entries import after_properties
from isvclog.manifest.nodes import Node, Scalar
from isvclog.manifest.scalars import resolve

PLAIN, SINGLE, DOUBLE = "", "'", '"'

_INDICATORS = frozenset("-?:,[]{}#&*!|>'\"%@`=<")
_UNSAFE = re.compile(r": |:\Z|\s#|\A(?:---|\.\.\.)")
_UNSAFE_IN_FLOW = re.compile(r"[,\[\]{}?]|::|\A:|:\Z")
# What YAML 1.1 and 1.2 readers other than Kubernetes take for numbers in base 60, dates and times.
_NUMBER_TO_OTHERS = re.compile(r"[-+]?[0-9][0-9_]*(?::[0-9]+)+(?:\.[0-9_]*)?|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}.*")
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_SURROGATE = re.compile("[\ud800-\udfff]")


def spell(value: str, style: str, flow: bool) -> str:
    """The string in a style, or in double quotes where that style cannot hold it. `flow` says it is inside brackets.

    Raises CannotEdit for half a surrogate pair, which no text can hold.
    """
    if style == PLAIN and is_plain(value, flow):
        return value
    if style == SINGLE and value.isprintable():
        return "'" + value.replace("'", "''") + "'"
    return double_quoted(value)


def is_plain(value: str, flow: bool) -> bool:
    """Whether the string, without quotes, is read as exactly itself."""
    if not value or not value.isprintable() or value != value.strip() or resolve(value) != value:
        return False
    if value[0] in _INDICATORS and not (value[0] == "-" and value[1:2].isalnum()):
        return False
    if _UNSAFE.search(value) or (flow and _UNSAFE_IN_FLOW.search(value)):
        return False
    return not _NUMBER_TO_OTHERS.fullmatch(value)


def double_quoted(value: str, json: bool = False) -> str:
    """The string in double quotes; escapes are those that YAML and JSON share, but for rare characters of YAML."""
    if _SURROGATE.search(value):
        raise EditError("the new text is not Unicode", "pass it as UTF-8")
    return '"' + "".join(_escaped(char, json) for char in value) + '"'


def _escaped(char: str, json: bool) -> str:
    if char in _ESCAPES:
        return _ESCAPES[char]
    if char.isprintable():
        return char
    code = ord(char)
    if code < 0x10000:
        return f"\\u{code:04x}"
    if json:
        return f"\\u{0xD7C0 + (code >> 10):04x}\\u{0xDC00 + (code & 0x3FF):04x}"
    return f"\\U{code:08x}"


def style_of(node: Node, text: str) -> str | None:
    """How a string is written; None for what is empty, a block scalar, no string or no scalar."""
    if not isinstance(node, Scalar) or not isinstance(node.value, str):
        return None
    first = text[after_properties(node, text) : node.end][:1]
    if first in (SINGLE, DOUBLE):
        return first
    return None if first in ("", "|", ">") else PLAIN


def usual_style(nodes: Iterable[Node], text: str) -> str | None:
    """The style that most of the nodes have, if any has one; the first seen where there are as many of another."""
    styles = Counter(style for node in nodes if (style := style_of(node, text)) is not None)
    return styles.most_common(1)[0][0] if styles else None


def quotes_of(nodes: Iterable[Node], text: str) -> str:
    """The quotes that most of the quoted nodes have; double ones where none is."""
    styles = Counter(style for node in nodes if (style := style_of(node, text)))
    return styles.most_common(1)[0][0] if styles else DOUBLE


def spell_like(value: str, style: str | None, neighbours: Iterable[Node], text: str, flow: bool) -> str:
    """The string in a style, by default the neighbours'; where it must be quoted and is not yet, in their quotes."""
    nodes = list(neighbours)
    if style is None:
        style = usual_style(nodes, text)
        style = DOUBLE if style is None else style
    if style == PLAIN and not is_plain(value, flow):
        style = quotes_of(nodes, text)
    return spell(value, style, flow)
