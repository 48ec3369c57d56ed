"""Strings written as the text of a scalar: plain, in single or in double quotes."""

from collections import Counter
from collections.abc import Iterable

from isvclog.manifest.editing.edit_error import EditError
from isvclog.manifest.editing.entries import after_properties
from isvclog.manifest.syntax.nodes import Node, Scalar
from isvclog.manifest.syntax.scalars import resolve
from isvclog.patterns import late_pattern

PLAIN, SINGLE, DOUBLE = "", "'", '"'

_INDICATORS = frozenset("-?:,[]{}#&*!|>'\"%@`=<")
_UNSAFE = late_pattern(r": |:\Z|\s#|\A(?:---|\.\.\.)")
_UNSAFE_IN_FLOW = late_pattern(r"[,\[\]{}?]|::|\A:|:\Z")
# What YAML 1.1 and 1.2 readers other than Kubernetes take for numbers in base 60, dates and times.
_NUMBER_TO_OTHERS = late_pattern(r"[-+]?[0-9][0-9_]*(?::[0-9]+)+(?:\.[0-9_]*)?|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}.*")
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_SURROGATE = late_pattern("[\ud800-\udfff]")


def spell(value: str, style: str, flow: bool) -> str:
    """Write the string in a style, or in double quotes if that style cannot represent it.

    `flow` is True inside brackets. Raise EditError for half a surrogate pair, which no text can contain.
    """
    if style == PLAIN and is_plain(value, flow):
        return value
    if style == SINGLE and value.isprintable():
        return "'" + value.replace("'", "''") + "'"
    return double_quoted(value)


def is_plain(value: str, flow: bool) -> bool:
    """Check whether the string, without quotes, is read as exactly itself."""
    if resolve(value) != value or _NUMBER_TO_OTHERS.fullmatch(value):
        return False
    if not value.isprintable() or value != value.strip() or _starts_syntax(value):
        return False
    return not (_UNSAFE.search(value) or (flow and _UNSAFE_IN_FLOW.search(value)))


def _starts_syntax(value: str) -> bool:
    return value[0] in _INDICATORS and not (value[0] == "-" and value[1:2].isalnum())


def double_quoted(value: str, json: bool = False) -> str:
    """Write the string in double quotes.

    Its escapes are valid in YAML and in JSON, except those of rare characters in YAML. Raise EditError for half a
    surrogate pair.
    """
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
    """Return the style of a string, or None for what is empty, a block scalar, not a string or not a scalar."""
    if not isinstance(node, Scalar) or not isinstance(node.value, str):
        return None
    first = text[after_properties(node, text) : node.end][:1]
    if first in (SINGLE, DOUBLE):
        return first
    return None if first in ("", "|", ">") else PLAIN


def usual_style(nodes: Iterable[Node], text: str) -> str | None:
    """Find the style that most of the nodes have, or None if none has one.

    Among equally frequent styles, the first one seen counts.
    """
    styles = Counter(style for node in nodes if (style := style_of(node, text)) is not None)
    return styles.most_common(1)[0][0] if styles else None


def quotes_of(nodes: Iterable[Node], text: str) -> str:
    """Find the quotes that most of the quoted nodes have; double quotes if no node is quoted."""
    styles = Counter(style for node in nodes if (style := style_of(node, text)))
    return styles.most_common(1)[0][0] if styles else DOUBLE


def spell_like(value: str, style: str | None, neighbours: Iterable[Node], text: str, flow: bool) -> str:
    """Write the string in a style, by default the usual style of the neighbours.

    A string that cannot be plain gets the quotes of the neighbours.
    """
    nodes = list(neighbours)
    if style is None:
        style = usual_style(nodes, text)
        style = DOUBLE if style is None else style
    if style == PLAIN and not is_plain(value, flow):
        style = quotes_of(nodes, text)
    return spell(value, style, flow)
