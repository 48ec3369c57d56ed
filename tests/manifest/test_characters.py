"""The place of a character in every style of YAML; `^` marks the line below it."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isvclog.findings import Span
from isvclog.manifest import Object, Source, live_object, load
from isvclog.manifest.characters import character_span

PATH = ("metadata", "annotations", "a")
HEAD = "kind: A\nmetadata:\n  annotations:\n    "


def read(written: str) -> Object:
    (item,) = load(Source("x.yaml", f"{HEAD}a: {written}\n    b: c\n".encode()), (b"A",))
    assert isinstance(item, Object)
    return item


def place(written: str, char: str) -> tuple[int, int, int] | None:
    """Return the line (0 is that of the key), the column and the width of the character in the value."""
    item = read(written)
    span = character_span(item, PATH, item.data["metadata"]["annotations"]["a"].index(char))
    if span is None:
        return None
    assert span.line == span.end_line
    return span.line - 4, span.column, span.end_column - span.column


@pytest.mark.parametrize(
    ("written", "char", "expected"),
    [
        ("ann, bob", ",", (0, 11, 1)),
        ("ann\n      and, bob", ",", (1, 10, 1)),
        ("ann\n\n      bob", "\n", (1, 1, 0)),
        ("&anchor !!str ann, bob", ",", (0, 25, 1)),
        ("'it''s, so'", ",", (0, 14, 1)),
        ("'it''s, so'", "'", (0, 11, 2)),
        ("'a\n      b, c'", ",", (1, 8, 1)),
        ('"x\\u0041, y"', ",", (0, 16, 1)),
        ('"x\\u0041, y"', "A", (0, 10, 6)),
        ('"say \\"hi\\""', '"', (0, 13, 2)),
        ('"a\\nb"', "\n", (0, 10, 0)),
        ('"a \\\n      b, c"', ",", (1, 8, 1)),
        ("|\n      one\n      two, three\n", ",", (2, 10, 1)),
        ("|  # why\n      one\n      two\n", "\n", (1, 10, 0)),
        ("|-\n\n      one,\n", ",", (2, 10, 1)),
        (">-\n      some words\n      and, more\n", ",", (2, 10, 1)),
        (">\n      one\n        two\n      three, four\n", ",", (3, 12, 1)),
        (">\n      one\n\n      two, three\n", ",", (3, 10, 1)),
        ("\U0001f600, b", ",", (0, 9, 1)),
        ("|2\n      one, two\n", ",", None),
    ],
)
def test_a_character_is_found_where_it_is_written(
    written: str, char: str, expected: tuple[int, int, int] | None
) -> None:
    assert place(written, char) == expected


def test_the_rest_has_no_character() -> None:
    item = read("abc")
    assert character_span(item, PATH, 2) == Span(4, 10, 4, 11)
    assert character_span(item, PATH, 3) is None
    assert character_span(item, PATH, -1) is None
    assert character_span(item, PATH[:-1], 0) is None
    assert character_span(live_object("x", item.data), PATH, 0) is None
    (aliased,) = load(Source("x", b"kind: A\nmetadata:\n  annotations:\n    b: &b x\n    a: *b\n"), (b"A",))
    assert isinstance(aliased, Object)
    assert character_span(aliased, PATH, 0) is None


TEXTS = st.text(st.characters(max_codepoint=0xFFFF, exclude_categories=["Cs"]), min_size=1, max_size=30)


@given(TEXTS, st.data())
def test_json_is_found_unescaped_or_as_its_escape(value: str, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(value) - 1))
    item = read(json.dumps(value))
    assert item.data["metadata"]["annotations"]["a"] == value
    span = character_span(item, PATH, index)
    assert span is not None
    written = item.source.text.splitlines()[3][span.column - 1 : span.end_column - 1]
    assert value[index] == "\n" or json.loads(f'"{written}"') == value[index]


@given(st.lists(st.text("ab ,", max_size=6), min_size=1, max_size=6), st.sampled_from("|>"), st.data())
def test_block_scalars(lines: list[str], style: str, data: st.DataObject) -> None:
    """What is found is the character, or a line break that a folded scalar reads as a space."""
    item = read(f"{style}\n      x" + "\n      ".join(lines))
    value = item.data["metadata"]["annotations"]["a"]
    index = data.draw(st.integers(0, len(value) - 1))
    span = character_span(item, PATH, index)
    assert span is not None
    line = item.source.text.split("\n")[span.line - 1]
    found = line[span.column - 1 : span.end_column - 1]
    if value[index] == "\n" or (style == ">" and span.column > len(line)):
        assert span.column == len(line) + 1
    else:
        assert found == value[index]
