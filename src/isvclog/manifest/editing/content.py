"""Values written as text: in lines of a block, or in brackets."""

import json

from isvclog.changes import Content, MappingContent, SequenceContent, Value
from isvclog.manifest.editing.layout import Brackets, Dashes, Nearby
from isvclog.manifest.editing.spelling import PLAIN, double_quoted, quotes_of, spell, spell_like
from isvclog.manifest.syntax.nodes import Mapping, Sequence
from isvclog.records import NamedTuple


class Flow(NamedTuple):
    """A style for brackets: what follows a colon and a comma, the kind of brackets, and how far lines are indented."""

    colon: str
    comma: str
    lists: Brackets
    mappings: Brackets
    unit: str
    line_break: str


class Writer(NamedTuple):
    """A writer of values in the style of those nearby."""

    nearby: Nearby
    line_break: str

    def key(self, key: str, flow: bool, colon: str = " ") -> str:
        """Write a key without its colon.

        The key is quoted if nothing follows the colon, because such a colon would not end a plain key.
        """
        near = self.nearby
        if near.json:
            return double_quoted(key, True)
        names = near.keys()
        if not colon:
            return spell(key, quotes_of(names, near.text), flow)
        return spell_like(key, None if names else PLAIN, names, near.text, flow)

    def scalar(self, value: Value, flow: bool, item: bool = False) -> str:
        """Write a string in the style of its neighbours, or a number, a boolean or null."""
        near = self.nearby
        if not isinstance(value, str):
            return json.dumps(value)
        if near.json:
            return double_quoted(value, True)
        return spell_like(value, None, near.items() if item else near.strings(), near.text, flow)

    def block(self, value: Value, indent: str, dashes: Dashes, step: int) -> str:
        """Write what follows the colon of a key that is indented by `indent`.

        A collection that is not empty is written in lines below the key, except a list if lists nearby are in brackets.
        """
        if isinstance(value, SequenceContent) and value.values:
            if self.nearby.lists_are_flow():
                return " " + self.flow(value, _ONE_LINE, indent)
            lead = f"{self.line_break}{indent}{' ' * dashes.offset}-{dashes.gap}"
            inner = indent + " " * (dashes.offset + 1 + len(dashes.gap))
            return "".join(lead + self._item(item, inner, dashes, step) for item in value.values)
        if isinstance(value, MappingContent) and value.pairs:
            inner = indent + " " * step
            lead = self.line_break + inner
            return "".join(
                f"{lead}{self.key(key, False)}:{self.block(field, inner, dashes, step)}" for key, field in value.pairs
            )
        return " " + self.flow(value, _ONE_LINE, indent, flow=False)

    def _item(self, value: Value, indent: str, dashes: Dashes, step: int) -> str:
        if isinstance(value, MappingContent) and value.pairs:
            lines = (f"{self.key(key, False)}:{self.block(field, indent, dashes, step)}" for key, field in value.pairs)
            return f"{self.line_break}{indent}".join(lines)
        if isinstance(value, SequenceContent):
            return self.flow(value, _ONE_LINE, indent)
        return self.scalar(value, False, item=True)

    def flow(self, value: Value, style: Flow, indent: str, flow: bool = True, item: bool = False) -> str:
        """Write the value in brackets, in a line that is indented by `indent`. `flow` is True inside other brackets."""
        if isinstance(value, SequenceContent):
            return _bracketed("[]", self.entries(value, style, indent + style.unit), style, style.lists, indent)
        if isinstance(value, MappingContent):
            return _bracketed("{}", self.entries(value, style, indent + style.unit), style, style.mappings, indent)
        return self.scalar(value, flow, item)

    def entries(self, value: Content, style: Flow, indent: str) -> list[str]:
        """Write the entries of a collection, without brackets and commas. Their lines are indented by `indent`."""
        if isinstance(value, SequenceContent):
            return [self.flow(each, style, indent, item=True) for each in value.values]
        pairs = [(self.key(key, True, style.colon), self.flow(each, style, indent)) for key, each in value.pairs]
        return [f"{key}:{style.colon}{each}" for key, each in pairs]

    def flow_style(self, colon: str, comma: str, on_lines: bool, trailing_comma: bool, unit: str) -> Flow:
        """Build the style for brackets from those around them. Lists and mappings are written like others nearby."""
        default = Brackets(on_lines, trailing_comma)
        lists, mappings = (self.nearby.brackets(kind, default) for kind in (Sequence, Mapping))
        if not on_lines:
            lists = mappings = Brackets(False)  # a single line contains nothing that is on several lines
        return Flow(colon, comma, lists, mappings, unit, self.line_break)


def _bracketed(pair: str, entries: list[str], style: Flow, brackets: Brackets, indent: str) -> str:
    if not entries:
        return pair
    if not brackets.on_lines:
        return pair[0] + f",{style.comma}".join(entries) + pair[1]
    lead = style.line_break + indent + style.unit
    comma = "," if brackets.trailing_comma else ""
    return f"{pair[0]}{lead}{f',{lead}'.join(entries)}{comma}{style.line_break}{indent}{pair[1]}"


_ONE_LINE = Flow(" ", " ", Brackets(False), Brackets(False), "", "\n")
