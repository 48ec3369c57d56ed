"""Changes as records: what is equal to what, and values converted to data and back."""

from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isvclog.changes import (
    Append,
    Change,
    Empty,
    Insert,
    MappingContent,
    Remove,
    Rename,
    Replace,
    SequenceContent,
    SetCollection,
    to_content,
    to_data,
)
from isvclog.manifest.editing.intended import apply_changes

PATH = ("mode",)
ALIKE: tuple[Change, ...] = (
    Replace(PATH, "all"),
    Rename(PATH, "all"),
    Insert(PATH, "all"),
    Append(PATH, ("all",)),
    Empty(PATH, SequenceContent(())),
    Empty(PATH, MappingContent(())),
    SetCollection(PATH, SequenceContent(())),
    SetCollection(PATH, MappingContent(())),
    Remove(PATH),
)
DATA = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=2),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner, max_size=3),
)


@pytest.mark.parametrize(("one", "other"), list(combinations(ALIKE, 2)))
def test_changes_of_different_kinds_are_not_equal(one: Change, other: Change) -> None:
    assert one != other
    assert not one == other  # noqa: SIM201 - both operators are methods of their own
    assert len({one, other}) == 2


@pytest.mark.parametrize("change", ALIKE)
def test_a_change_equals_one_with_the_same_fields(change: Change) -> None:
    same = type(change)(*change)
    assert change == same
    assert not change != same  # noqa: SIM202 - both operators are methods of their own
    assert len({change, same}) == 1


@pytest.mark.parametrize("change", ALIKE)
def test_a_change_is_not_equal_to_a_tuple(change: Change) -> None:
    assert change != tuple(change)
    assert tuple(change) != change


def test_an_empty_list_is_not_an_empty_mapping() -> None:
    assert SequenceContent(()) != MappingContent(())
    assert to_content([{}]) != to_content([[]])


def test_a_new_value_and_a_new_key_alike_are_both_applied() -> None:
    assert apply_changes({"mode": "x"}, [Replace(PATH, "all"), Rename(PATH, "all")]) == {"all": "all"}


@given(DATA)
def test_values_keep_their_data(data: Any) -> None:
    assert to_data(to_content(data)) == data
