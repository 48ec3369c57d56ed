"""Node trees from YAML text, built from the event stream of ruamel.yaml's parser.

The C parser (libyaml 0.1, the code go.yaml.in/yaml/v2 was translated from) is used if it is installed, otherwise the
pure Python parser. Events are used instead of composed nodes: they are as fast, they distinguish an alias from its
anchor, and they leave the nesting to us, whereas the C composer recurses until its stack overflows.
"""

import re
from collections.abc import Iterator

import ruamel.yaml
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
    Event,
    MappingStartEvent,
    ScalarEvent,
)

from isvclog.manifest.syntax.nodes import MAX_DEPTH, Alias, Mapping, Node, Scalar, Sequence, Target, too_deep
from isvclog.manifest.syntax.parse_error import UNPARSABLE, ParseError, unparsable
from isvclog.manifest.syntax.scalars import ScalarValue, resolve
from isvclog.manifest.syntax.syntax import syntax_problem

try:
    from ruamel.yaml.cyaml import CParser  # type: ignore[attr-defined]
except ImportError:
    CParser = None

# Inside brackets libyaml allows no colon in a plain scalar, but go.yaml.in/yaml/v2 does: `{url: http://sink}`. These
# colons are always part of a scalar, so a private character of the same length can replace them.
_INNER_COLON = r"(?<=[^\s\"',\[\]{}?:]):(?=\S)"
_STAND_IN = "\ue000"
# The colons in these belong to the names of tags.
_DIRECTIVE_OR_TAG = r"(?m:^%[^\r\n]*)|!<[^>\s]*>"
# Compiled where they are used, which is rare: compiling the first takes as long as starting Python.
_FORBIDDEN = "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
_RARE_BREAK = "[\x85\u2028\u2029]"
_SURROGATE = "[\ud800-\udfff]"


def compose(text: str) -> list[Node]:
    """Parse YAML text to the root node of each document. Raise ParseError if it is not YAML or is nested too deep."""
    try:
        try:
            return _compose(text, _events(text))
        except MarkedYAMLError as error:
            if error.problem != "found unexpected ':'" or _STAND_IN in text:
                raise
            return _compose(text, _restored(_events(_with_stand_ins(text))))
    except MarkedYAMLError as error:
        raise syntax_problem(error, text) from None
    except YAMLError:
        # A ReaderError, whose position is in bytes or in characters, depending on the parser.
        place = re.search(_FORBIDDEN, text)
        start = place.start() if place else 0
        raise unparsable("control characters are not allowed", "Remove the character.", start, start + 1) from None


def _events(text: str) -> Iterator[Event]:
    return iter(CParser(text).get_event, None) if CParser is not None else _pure_events(text)


def _pure_events(text: str) -> Iterator[Event]:
    """Yield the events of the Python parser. Raise ParseError for text that it reads differently from libyaml."""
    if rare := re.search(_RARE_BREAK, text):
        message = "isvclog cannot read this document without ruamel.yaml.clib: it contains U+0085, U+2028 or U+2029."
        raise ParseError(UNPARSABLE, message, "Install ruamel.yaml.clib, or remove the character.", rare.start())
    parser = ruamel.yaml.YAML(typ="safe", pure=True)
    parser.version = (1, 1)
    for event in parser.parse(text):
        if isinstance(event, ScalarEvent) and re.search(_SURROGATE, event.value):
            reason = "found invalid Unicode character escape code"
            raise unparsable(reason, "Write the character itself.", event.start_mark.index, event.end_mark.index)
        yield event


def _with_stand_ins(text: str) -> str:
    return re.sub(f"{_DIRECTIVE_OR_TAG}|{_INNER_COLON}", lambda match: _STAND_IN if match[0] == ":" else match[0], text)


def _restored(events: Iterator[Event]) -> Iterator[Event]:
    for event in events:
        if isinstance(event, ScalarEvent):
            event.value = event.value.replace(_STAND_IN, ":")
        yield event


def _compose(text: str, events: Iterator[Event]) -> list[Node]:
    anchors: dict[str, Target] = {}
    stack: list[Sequence | Mapping] = [Sequence(0, len(text), flow=False)]
    for event in events:
        if isinstance(event, ScalarEvent):
            stack[-1].children.append(_scalar(event, anchors, text, stack[-1]))
        elif isinstance(event, CollectionStartEvent):
            collection = _collection(event, anchors)
            stack[-1].children.append(collection)
            stack.append(collection)
            if len(stack) > MAX_DEPTH + 1:
                raise too_deep(collection.start)
        elif isinstance(event, CollectionEndEvent):
            stack.pop().end = event.end_mark.index
        elif isinstance(event, AliasEvent):
            stack[-1].children.append(_alias(event, anchors))
        else:
            anchors.clear()
    return stack[0].children


def _collection(event: CollectionStartEvent, anchors: dict[str, Target]) -> Sequence | Mapping:
    kind = Mapping if isinstance(event, MappingStartEvent) else Sequence
    collection = kind(event.start_mark.index, event.end_mark.index, bool(event.flow_style))
    if event.anchor is not None:
        anchors[event.anchor] = collection
    return collection


def _scalar(event: ScalarEvent, anchors: dict[str, Target], text: str, parent: Sequence | Mapping) -> Scalar:
    start, end, value = event.start_mark.index, event.end_mark.index, event.value
    if start != end and event.tag is None and event.anchor is None and value != "<<":  # as almost all scalars are
        return Scalar(start, end, resolve(value) if event.implicit[0] else value)
    if start == end:
        start = end = _after_colon(text, start, parent)
    node = Scalar(start, end, _value(event))
    if value == "<<":
        node.merge = event.tag == "tag:yaml.org,2002:merge" or event.implicit[0]
    if event.anchor is not None:
        anchors[event.anchor] = node
    return node


def _value(event: ScalarEvent) -> ScalarValue:
    text: str = event.value
    if event.tag is None:
        return resolve(text) if event.implicit[0] else text
    from isvclog.manifest.syntax.tags import resolve_tagged

    try:
        return resolve_tagged(event.tag, text)
    except ValueError as error:
        start, end = event.start_mark.index, event.end_mark.index
        raise unparsable(str(error), "Write the value without a tag.", start, end) from None


def _after_colon(text: str, offset: int, parent: Sequence | Mapping) -> int:
    """Locate an empty value: it is behind its colon.

    The Python parser reports it at the next token, even if that is lines further down.
    """
    if isinstance(parent, Mapping) and len(parent.children) % 2:
        colon = text.find(":", parent.children[-1].end, offset)
        return offset if colon < 0 else colon + 1
    return offset


def _alias(event: AliasEvent, anchors: dict[str, Target]) -> Alias:
    start, end = event.start_mark.index, event.end_mark.index
    if event.anchor not in anchors:
        remedy = "Define the anchor before this place, in the same document, or quote the value."
        raise unparsable("an alias names an anchor that does not exist", remedy, start, end)
    return Alias(start, end, anchors[event.anchor])
