"""Which pair each item of the agent's list comes from."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isvclog.kserve.agent.pairs import comma_before, read_all_pairs, read_pairs
from isvclog.kserve.golang.csv import CsvError, read_record


@pytest.mark.parametrize(
    ("values", "items", "last"),
    [
        (["1", "2"], [("k0", "1", 0), ("k1", "2", 1)], 2),
        (["1,x=3", "2"], [("k0", "1", 0), ("x", "3", 0), ("k1", "2", 1)], 2),
        (["1,y", "2"], [("k0", "1", 0), ("y", None, 0), ("k1", "2", 1)], 2),
        (["1\nrest", "2"], [("k0", "1", 0)], 0),
        (["1", "2\r\n"], [("k0", "1", 0), ("k1", "2", 1)], 1),
        (["1\r\n\r\n2", "3"], [("k0", "1", 0)], 0),
        (['1,"a=x', 'y"'], [("k0", "1", 0), ("a", "x,k1=y", 0)], 2),
        (['1,"a=l1\nl2"', "3"], [("k0", "1", 0), ("a", "l1\nl2", 0), ("k1", "3", 1)], 2),
        (["v\r"], [("k0", "v", 0)], 1),
        (["v\r\r\n"], [("k0", "v\r", 0)], 0),
        (["$(A),", "x=y"], [("k0", "é", 0), ("", None, 0), ("k1", "x=y", 1)], 2),
    ],
)
def test_items_and_where_they_begin(values: list[str], items: list[tuple[str, str | None, int]], last: int) -> None:
    reading = read_pairs([(f"k{index}", value) for index, value in enumerate(values)], {"A": "é"})
    found = [(item.key, item.value, item.pair) for item in reading.items]
    assert (found, reading.last, reading.broken) == (items, last, None)


@pytest.mark.parametrize(
    ("values", "broken"), [(['"'], 0), (["1", 'say "hi"'], 1), (['1,"x', "2", "3"], 0), (["a", "b,", '"c"d'], 2)]
)
def test_the_broken_pair(values: list[str], broken: int) -> None:
    assert read_pairs([(f"k{index}", value) for index, value in enumerate(values)], {}).broken == broken


@given(st.lists(st.tuples(st.text("ab", min_size=1), st.text('x=,"\r\n ')), min_size=1, max_size=5))
def test_items_are_those_that_the_agent_reads(pairs: list[tuple[str, str]]) -> None:
    reading = read_pairs(pairs, {})
    try:
        record = read_record(",".join(f"{key}={value}" for key, value in pairs))
    except CsvError:
        assert reading.broken is not None
        return
    assert [item.key if item.value is None else f"{item.key}={item.value}" for item in reading.items] == record
    indexes = [item.pair for item in reading.items]
    assert indexes == sorted(indexes)
    assert all(0 <= index < len(pairs) for index in indexes)
    assert reading.last == len(pairs) or reading.last >= indexes[-1]


@pytest.mark.parametrize(
    ("values", "commas"),
    [
        (["1,y", "a,b=2,c"], [1, 1, 5]),
        (['1,"a=x', 'y,"'], [1]),
        (["$(A),x,y"], [4, 4]),
        (["1"], []),
    ],
)
def test_the_comma_before_an_item(values: list[str], commas: list[int]) -> None:
    """Where the kubelet changes the text, it is the first one."""
    pairs = [(f"k{index}", value) for index, value in enumerate(values)]
    reading = read_pairs(pairs, {"A": "a longer text"})
    assert [comma_before(reading.items[index], pairs) for index in sorted(reading.inside)] == commas


@pytest.mark.parametrize(
    ("values", "readings"),
    [
        (["1", "2"], [([0, 1], None, False)]),
        (["1", '"', "2,y"], [([0], None, False), ([], 1, False), ([2, 2], None, False)]),
        (["1\n", "2", "3\n4"], [([0], None, True), ([1, 2], None, True)]),
        (['1,"a=x', 'y"', '"'], [([0, 0], None, False), ([], 2, False)]),
    ],
)
def test_reading_continues_after_a_broken_pair(
    values: list[str], readings: list[tuple[list[int], int | None, bool]]
) -> None:
    found = read_all_pairs([(f"k{index}", value) for index, value in enumerate(values)], {})
    assert [([item.pair for item in one.items], one.broken, one.cut) for one in found] == readings


def test_reading_on_is_limited() -> None:
    assert len(read_all_pairs([("k", "\n")] * 10_000, {})) == 50
