"""Values at key paths of data that may have any shape."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isvclog.keypath import KeyPath, exists_at, list_at, mapping_at, mappings_at, string_at, strings_at, value_at

POD = {"metadata": {"name": "p", "labels": {"app": "x", "n": 1}}, "spec": {"containers": [{"name": "agent"}, None, 3]}}
ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=2),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("ab"), inner, max_size=2),
)
PATHS = st.lists(st.sampled_from("ab") | st.integers(-1, 3), max_size=4).map(tuple)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ((), POD),
        (("metadata", "name"), "p"),
        (("spec", "containers", 0, "name"), "agent"),
        (("spec", "containers", 9), None),
        (("spec", "containers", -1), None),
        (("spec", "containers", "name"), None),
        (("metadata", "name", "x"), None),
    ],
)
def test_value_at(path: KeyPath, expected: object) -> None:
    assert value_at(POD, path) == expected
    assert exists_at(POD, path) == (expected is not None)


def test_null_exists() -> None:
    path = ("spec", "containers", 1)
    assert value_at(POD, path, "absent") is None
    assert exists_at(POD, path)
    assert value_at(POD, (*path, "name"), "absent") == "absent"
    assert not exists_at(POD, (*path, "name"))


def test_values_of_another_kind_count_as_absent() -> None:
    assert mapping_at(POD, ("metadata", "name")) == {}
    assert list_at(POD, ("metadata",)) == []
    assert string_at(POD, ("metadata", "labels", "n")) == ""
    assert strings_at(POD, ("metadata", "labels")) == {"app": "x"}
    assert mappings_at(POD, ("spec", "containers")) == [{"name": "agent"}]


@given(data=ANY, path=PATHS)
def test_nothing_raises(data: Any, path: KeyPath) -> None:
    for read in (value_at, exists_at, mapping_at, list_at, mappings_at, string_at, strings_at):
        read(data, path)
