"""Data as YAML in many styles, for properties: indents, dashes, quotes, brackets, comments, line breaks."""

import json
from typing import Any, NamedTuple

from hypothesis import strategies as st

from isvclog.manifest.editing.spelling import is_plain, spell
from isvclog.manifest.syntax.scalars import key_text, resolve


class Style(NamedTuple):
    """`flow_below` is the depth from which brackets are used; the rest says itself.

    `shape` is that of brackets on several lines: "open", with lines of their own for both; "tight", beside the first
    entry and the last; or "leading", open with the commas in front. All but the first may hold nothing but a comment.
    """

    indent: int
    flush: bool
    flow_below: int
    flow_lines: bool
    trailing_comma: bool
    quote: str
    comments: bool
    blank_lines: bool
    line_break: str
    final: bool
    bom: bool
    json: bool
    shape: str = "open"


def styles() -> st.SearchStrategy[Style]:
    """Any of them."""
    flag = st.booleans()
    return st.builds(
        Style,
        st.sampled_from([2, 3, 4, 8]),
        flag,
        st.sampled_from([0, 1, 2, 9]),
        flag,
        flag,
        st.sampled_from(["", "'", '"']),
        flag,
        flag,
        st.sampled_from(["\n", "\r\n"]),
        flag,
        flag,
        st.sampled_from([False, False, True]),
        st.sampled_from(["open", "tight", "leading"]),
    )


def write(data: Any, style: Style) -> str:
    """The document as text."""
    if style.json:
        text = json.dumps(data, indent=style.indent if style.flow_lines else None, ensure_ascii=style.flush)
    else:
        text = "\n".join(_flow_root(data, style) if style.flow_below == 0 else _block(data, style, 0, 1))
    text = text.replace("\n", style.line_break) + (style.line_break if style.final else "")
    return ("\ufeff" if style.bom else "") + text


def _flow_root(data: Any, style: Style) -> list[str]:
    return ["---", *_flow(data, style, 0).split("\n")]


def _block(data: Any, style: Style, column: int, depth: int) -> list[str]:
    lines: list[str] = []
    pad = " " * column
    for number, (key, value) in enumerate(data.items() if isinstance(data, dict) else enumerate(data)):
        if style.comments and number % 2:
            lines.append(f"{pad}# note above {number}")
        if style.blank_lines and number % 3 == 2:
            lines.append("")
        head = f"{_key(key, style, False)}:" if isinstance(data, dict) else "-"
        note = " # note" if style.comments and number % 3 == 0 else ""
        if not isinstance(value, dict | list):
            scalar = _scalar(value, style, False)
            lines.append(f"{pad}{head}{scalar and ' '}{scalar}{note}")
        elif depth >= style.flow_below or not value:
            lines += f"{pad}{head} {_flow(value, style, column)}{note}".split("\n")
        elif isinstance(data, dict):
            inner = column + (0 if style.flush and isinstance(value, list) else style.indent)
            lines += [f"{pad}{head}{note}", *_block(value, style, inner, depth + 1)]
        else:
            first, *rest = _block(value, style, column + style.indent, depth + 1)
            lines += [f"{pad}-{first[column + 1 :]}", *rest]
    return lines


def _flow(value: Any, style: Style, column: int) -> str:
    if not isinstance(value, dict | list):
        return _scalar(value, style, True) or "null"
    items = (
        [f"{_key(key, style, True)}: {_flow(inner, style, column + style.indent)}" for key, inner in value.items()]
        if isinstance(value, dict)
        else [_flow(inner, style, column + style.indent) for inner in value]
    )
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    pad, note = "\n" + " " * (column + style.indent), " # note" if style.comments else ""
    if not items:
        commented = note and style.flow_lines and style.shape != "open"
        return f"{opening}{note}\n{' ' * column}{closing}" if commented else opening + closing
    comma = "," if style.trailing_comma else ""
    if not style.flow_lines:
        return f"{opening}{', '.join(items)}{comma}{closing}"
    if style.shape == "tight":
        return f"{opening}{f',{note}{pad}'.join(items)}{comma}{closing}"
    if style.shape == "leading":
        return f"{opening}{pad}{f'{note}{pad}, '.join(items)}{note}\n{' ' * column}{closing}"
    body = "".join(f"{pad}{item}{comma if at == len(items) else ','}{note}" for at, item in enumerate(items, 1))
    return f"{opening}{body}\n{' ' * column}{closing}"


def _key(key: str, style: Style, flow: bool) -> str:
    typed = resolve(key) if key else ""
    plain = is_plain(key, flow) or (not isinstance(typed, str) and key_text(typed) == key)
    return key if plain and not style.quote else spell(key, style.quote, flow)


def _scalar(value: Any, style: Style, flow: bool) -> str:
    if isinstance(value, str):
        return spell(value, style.quote, flow)
    return "" if value is None else json.dumps(value)
