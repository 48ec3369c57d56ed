"""Names of columns: the same in every run, never two alike, and such that every database takes them."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isvclog.events.columns import LONGEST, name_columns


@pytest.mark.parametrize(
    ("keys", "columns"),
    [
        (["example.com/tenant", "X-Request-Id"], ["example_com_tenant", "x_request_id"]),
        (["order", "select", "data"], ["order", "select", "data"]),
        (["a.b", "a-b", "c"], ["a_b_2e7336dc", "a_b_d44362d6", "c"]),
        (["a-b"], ["a_b"]),
        (["X-Id", "x-id"], ["x_id_94961a6d", "x_id_a6c63fe7"]),
        (["", "-", "é"], ["e3b0c442", "3973e022", "4a99557e"]),
        (["a_2dc9ac6c"], ["a_2dc9ac6c_9771fc86"]),
        (['"; DROP TABLE x; --', "`a`", "a\nb"], ["drop_table_x", "a", "a_b"]),
        (["x" * 300], ["x" * 43 + "_0d4e2ca9"]),
    ],
)
def test_columns(keys: list[str], columns: list[str]) -> None:
    named = name_columns(keys, "annotation")
    assert [named[key].removeprefix("annotation_") for key in keys] == columns


names = st.text(st.sampled_from("aA0_-./é\"'`\n"), max_size=6) | st.text(max_size=100)


@given(st.lists(names, unique=True))
def test_they_are_distinct_identifiers_in_any_order(keys: list[str]) -> None:
    named = name_columns(keys, "header")
    assert named == dict(name_columns(reversed(keys), "header"))
    assert len(set(named.values())) == len(keys)
    assert all(re.fullmatch("header_[a-z0-9_]+", name) and len(name) <= LONGEST for name in named.values())


def test_two_keys_with_the_same_short_digest(monkeypatch: pytest.MonkeyPatch) -> None:
    class Digest:
        def __init__(self, data: bytes) -> None:
            self.data = data

        def hexdigest(self) -> str:
            return "0" * 8 + self.data.hex().ljust(56, "0")

    monkeypatch.setattr("isvclog.events.columns.sha256", Digest)
    named = name_columns(["a.b", "a-b"], "header")
    assert len(set(named.values())) == 2
    assert all(re.fullmatch("header_a_b_[0-9a-f]{40}", name) for name in named.values())
