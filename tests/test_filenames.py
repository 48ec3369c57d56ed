"""File names relative to a folder, and the globs that pick them."""

import os
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isvclog.filenames import STDIN, matches_glob, relative_name


@pytest.mark.parametrize(
    ("name", "pattern", "matches"),
    [
        ("a.yaml", "a.yaml", True),
        ("a.yaml", "*.yaml", True),
        ("a.yaml", "**/*.yaml", True),
        ("x/y/a.yaml", "**/*.yaml", True),
        ("x/y/a.yaml", "**/y/*.yaml", True),
        ("x/y/a.yaml", "x/**/a.yaml", True),
        ("x/a.yaml", "x/**/a.yaml", True),
        ("x/y/z/y/a.yaml", "**/y/a.yaml", True),
        ("x/y/z/a.yaml", "x/**/y/**/a.yaml", True),
        ("x/y/a.yaml", "x", True),
        ("x/y/a.yaml", "x/", True),
        ("x/y/a.yaml", "*/y", True),
        ("x/a.yaml", "./x//a.yaml", True),
        ("x/a.yaml", "**", True),
        ("x/[a].yaml", "x/[[]a].yaml", True),
        ("b.yaml", "[ab].yaml", True),
        ("x/a.yaml", "*.yaml", False),
        ("x/a.yaml", "a.yaml", False),
        ("x/y/a.yaml", "x/*.yaml", False),
        ("x/y/a.yaml", "x?y/a.yaml", False),
        ("a.yaml", "x/**", False),
        ("a.yaml", "A.yaml", False),
        ("a.yaml", "a.yaml/b", False),
        ("../a.yaml", "**", False),
        ("/a.yaml", "**", False),
        ("xx/a.yaml", "x", False),
    ],
)
def test_globs(name: str, pattern: str, matches: bool) -> None:
    assert matches_glob(name, pattern) == matches


PARTS = st.lists(st.sampled_from(["a", "b", "ab"]), min_size=1, max_size=6)
PATTERNS = st.lists(st.sampled_from(["a", "b", "ab", "*", "a*", "?", "**"]), min_size=1, max_size=6)


@given(PARTS, PATTERNS)
def test_a_glob_matches_as_its_definition_says(names: list[str], patterns: list[str]) -> None:
    assert matches_glob("/".join(names), "/".join(patterns)) == defined(names, [*patterns, "**"])


def defined(names: list[str], patterns: list[str]) -> bool:
    """By trying everything."""
    if not patterns:
        return not names
    if patterns[0] == "**":
        return any(defined(names[skipped:], patterns[1:]) for skipped in range(len(names) + 1))
    simple = {"a": "a", "b": "b", "ab": "ab"}
    fits = bool(names) and (
        patterns[0] == "*"
        or simple.get(patterns[0]) == names[0]
        or (patterns[0] == "a*" and names[0].startswith("a"))
        or (patterns[0] == "?" and len(names[0]) == 1)
    )
    return fits and defined(names[1:], patterns[1:])


def test_no_glob_takes_long() -> None:
    start = time.process_time()
    assert not matches_glob("a/" * 200 + "b", "**/a/" * 100 + "c")
    assert time.process_time() - start < 2


def test_relative_names(monkeypatch: pytest.MonkeyPatch, tmp_path: os.PathLike[str]) -> None:
    monkeypatch.chdir(tmp_path)
    here = os.fspath(tmp_path)
    assert relative_name("a/b.yaml", here) == "a/b.yaml"
    assert relative_name("./a/../b.yaml", "") == "b.yaml"
    assert relative_name(os.path.join(here, "a", "b.yaml"), os.path.join(here, "a")) == "b.yaml"
    assert relative_name("b.yaml", os.path.join(here, "a")) == "../b.yaml"
    assert relative_name(STDIN, here) == STDIN
