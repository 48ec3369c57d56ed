"""The text between the positions of a value is the value: in generated documents, then in each special case."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isvclog.findings import Span
from isvclog.keypath import KeyPath
from isvclog.manifest import Object, Source, load

WORDS = st.text("bcdghjkmpqvwxz-é😀", min_size=2, max_size=8).filter(lambda text: text[0] not in "-")
VALUES = st.recursive(
    WORDS,
    lambda inner: st.lists(inner, min_size=1, max_size=3) | st.dictionaries(WORDS, inner, min_size=1, max_size=3),
    max_leaves=12,
)
STYLES = st.sampled_from(["block", "flow", "json"])
BREAKS = st.sampled_from(["\n", "\r\n", "\r"])


def only(text: str | bytes) -> Object:
    data = text.encode() if isinstance(text, str) else text
    results = list(load(Source("x.yaml", data), ()))
    assert len(results) == 1, results
    assert isinstance(results[0], Object), results
    return results[0]


def cut(text: str, span: Span) -> str:
    """The text between two positions, found by counting lines and columns."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    found = lines[span.line - 1 : span.end_line]
    found[-1] = found[-1][: span.end_column - 1]
    found[0] = found[0][span.column - 1 :]
    return "\n".join(found)


def block(value: Any, indent: str = "") -> str:
    """The value in block style, with comments and blank lines in between."""
    if isinstance(value, dict):
        return "".join(f"\n\n{indent}{key}: {block(item, indent + '  ')}" for key, item in value.items())
    if isinstance(value, list):
        return "".join(f"\n{indent}# item\n{indent}- {block(item, indent + '  ')}" for item in value)
    return f"{value}  # why\n"


def flow(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {flow(item)}" for key, item in value.items()) + "}"
    return "[\n " + ",\n ".join(map(flow, value)) + " ]" if isinstance(value, list) else value


def leaves(value: Any, path: KeyPath = ()) -> list[tuple[KeyPath, str]]:
    if isinstance(value, dict):
        return [leaf for key, item in value.items() for leaf in leaves(item, (*path, key))]
    if isinstance(value, list):
        return [leaf for index, item in enumerate(value) for leaf in leaves(item, (*path, index))]
    return [(path, value)]


@given(st.dictionaries(WORDS, VALUES, min_size=1, max_size=4), STYLES, BREAKS, st.sampled_from(["", "\ufeff"]))
def test_every_scalar_is_found(data: dict[str, Any], style: str, line_break: str, mark: str) -> None:
    if style == "block":
        text = "a: b\n---\n" + block(data)
        start = 1
    else:
        text = flow(data) if style == "flow" else json.dumps(data, indent="\t", ensure_ascii=False)
        start = 0
    text = text.replace("\n", line_break)
    result = list(load(Source("x", (mark + text).encode()), ()))[start]
    assert isinstance(result, Object), result
    assert result.data == data
    for path, leaf in leaves(data):
        assert result.has(path)
        assert cut(text, result.span(path)).strip('"') == leaf
        key = cut(text, result.key_span(path)).strip('"')
        assert key == (leaf if isinstance(path[-1], int) else path[-1])
    for key, value in data.items():
        found = cut(text, result.span((key,)))
        closing = "" if style == "block" else "}" if isinstance(value, dict) else "]" if isinstance(value, list) else ""
        assert found.strip('"').endswith(closing or leaves(value)[-1][1])
        assert found == found.strip()


def look(text: str, *path: str | int) -> tuple[str, str]:
    """What the key and the value at a path look like."""
    found = only(text)
    return cut(text, found.key_span(path)), cut(text, found.span(path))


@pytest.mark.parametrize(
    ("text", "path", "key", "value"),
    [
        ("a: 1\n", ("a",), "a", "1"),
        ("a: 1\n", (), "a: 1", "a: 1"),
        ("a: 1\n# end\n\n", (), "a: 1", "a: 1"),
        ("a: 1\n", ("b", "c"), "a: 1", "a: 1"),
        ("a:\n- x\n", ("a", 3), "a", "- x"),
        ("a:\n- x\n", ("a", 0), "x", "x"),
        ("a:\n- x\n", ("a", "0"), "a", "- x"),
        ("a: {b: c}\n", ("a", "x"), "a", "{b: c}"),
        ("a: {b: c}\n", ("a", "b", "x"), "b", "c"),
        ("a: &x b\n", ("a",), "a", "&x b"),
        ("a: !!str 1\n", ("a",), "a", "!!str 1"),
        ("a: !!str\nb: 1\n", ("a",), "a", "!!str"),
        ("a: 'b'\n", ("a",), "a", "'b'"),
        ("a: b\n  c\nd: e\n", ("a",), "a", "b\n  c"),
        ("a: |\n  b\n  c\n\n# d\ne: f\n", ("a",), "a", "|\n  b\n  c"),
        ("a:\n  b: |+\n    c\n\n", ("a",), "a", "b: |+\n    c"),
        ("a:\n  b:\n    - c\n    - d # e\n\n  # f\ng: h\n", ("a",), "a", "b:\n    - c\n    - d"),
        ("? a\n: b\n", ("a",), "a", "b"),
        ("1: b\n", ("1",), "1", "b"),
        ("yes: b\n", ("true",), "yes", "b"),
        ("'a b': c\n", ("a b",), "'a b'", "c"),
        ("a: 1\na: 2\n", ("a",), "a", "2"),
        ('{"a": 1, "a": [2]}', ("a",), '"a"', "[2]"),
        ('{"a"\n:\n1}', ("a",), '"a"', "1"),
        ('{"a": {"b": []}}', ("a", "b"), '"b"', "[]"),
        # Used where the alias stands; found inside it where it is written, since only there it can be changed.
        ("x: &x 1\na: *x\n", ("a",), "a", "*x"),
        ("x: &x {b: 1}\na: *x\n", ("a",), "a", "*x"),
        ("x: &x {b: 1}\na: *x\n", ("a", "b"), "b", "1"),
        ("x: &x {b: 1}\na: *x\n", ("a", "c"), "a", "*x"),
        ("x: &x [1, 2]\na: *x\n", ("a", 1), "2", "2"),
        ("x: &x a\n*x : b\n", ("a",), "*x", "b"),
        # Merged: where it was written; the last one that counts, of a list the first.
        ("x: &x {b: 1}\na:\n  <<: *x\n", ("a", "b"), "b", "1"),
        ("x: &x {b: 1}\na: {b: 2, <<: *x}\n", ("a", "b"), "b", "1"),
        ("x: &x {b: 1}\na: {<<: *x, b: 2}\n", ("a", "b"), "b", "2"),
        ("x: &x {b: 1}\ny: &y {b: 2, c: 3}\na: {<<: [*x, *y]}\n", ("a", "b"), "b", "1"),
        ("x: &x {b: 1}\ny: &y {b: 2, c: 3}\na: {<<: [*x, *y]}\n", ("a", "c"), "c", "3"),
        ("a: {<<: {<<: {b: 1}}}\n", ("a", "b"), "b", "1"),
        ("x: &x {b: 1}\na: {<<: *x}\n", ("a", "<<"), "a", "{<<: *x}"),
    ],
)
def test_places(text: str, path: KeyPath, key: str, value: str) -> None:
    assert look(text, *path) == (key, value)


@pytest.mark.parametrize(
    ("text", "path", "line", "column"),
    [
        ("a:\nb: 1\n", ("a",), 1, 3),
        ("a:   # why\n\nb: 1\n", ("a",), 1, 3),
        ("a:", ("a",), 1, 3),
        ("a:\n-\n- b\n", ("a", 0), 2, 2),
        ("{a: , b: 1}", ("a",), 1, 4),
        ("{a, b: 1}", ("a",), 1, 3),
        ("'a' : \nb: 1\n", ("a",), 1, 6),
    ],
)
def test_an_empty_value_is_behind_its_key(text: str, path: KeyPath, line: int, column: int) -> None:
    assert only(text).span(path) == (line, column, line, column)


@pytest.mark.parametrize(
    "prefix", ["", "\ufeff", "# c\n", "x: y\r\n---\r\n", "---\n", "# c\r---\r", "x: |\n  -\n---\n"]
)
def test_lines_are_those_of_the_file(prefix: str) -> None:
    results = list(load(Source("x", f"{prefix}é😀: 'ü b\u2028c'\n".encode()), (b"\xc3\xbc",)))
    line = len(prefix.splitlines()) + 1 - (prefix == "\ufeff")
    assert isinstance(results[0], Object)
    assert results[0].span(("é😀",)) == (line, 5, line, 12)


def test_utf16_is_read_with_the_same_positions() -> None:
    text = "\ufeffa: é😀 b\r\nc: d\r\n"
    for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
        found = only(text.encode(encoding))
        assert found.data == {"a": "é😀 b", "c": "d"}
        assert found.span(("a",)) == (1, 4, 1, 8)
        assert found.span(("c",)) == (2, 4, 2, 5)


def test_items_of_a_list_have_paths_of_their_own() -> None:
    text = "kind: List\nitems:\n- &a {kind: X, metadata: {name: n}}\n- *a\n- kind: List\n  items: [{kind: Y, z: 1}]\n"
    first, alias, inner = (item for item in load(Source("x", text.encode()), ()) if isinstance(item, Object))
    assert (first.root, alias.root, inner.root) == (("items", 0), ("items", 1), ("items", 2, "items", 0))
    assert cut(text, first.span(("metadata", "name"))) == "n"
    assert cut(text, alias.span(())) == "*a"
    assert alias.span(("metadata", "name")) == first.span(("metadata", "name"))
    assert cut(text, inner.key_span(("z",))) == "z"
    assert cut(text, inner.span(())) == "{kind: Y, z: 1}"
    assert not inner.has(("items",))
    assert alias.data == first.data
    assert alias.data is not first.data
