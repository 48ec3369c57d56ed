"""Fixes and edits take time and memory in proportion to their input; `make bench` measures it, too."""

import cProfile
from pathlib import Path

import pytest

from evaluations.bench import COMPOSE, EDIT_FACTOR, EDIT_MEMORY, ISVCLOG, PYTHON, run
from evaluations.growth import GROWTH_LIMIT, GROWTHS, long_scalars, tiny_scalars
from isvclog.cli.main import main

COUNTED = [what for what, growth in GROWTHS.items() if growth.counted]


def calls(arguments: tuple[str, ...]) -> int:
    """Count the calls of functions while a command runs."""
    profile = cProfile.Profile()
    profile.enable()
    code = main(arguments)
    profile.disable()
    assert code == 0
    return sum(entry.callcount for entry in profile.getstats())


@pytest.mark.parametrize("what", COUNTED)
def test_twice_the_input_needs_twice_the_calls(
    what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    growth = GROWTHS[what]
    counted = []
    for size in (1, growth.counted, 2 * growth.counted):
        Path("in.yaml").write_text(growth.text(size))
        counted.append(calls(growth.command("in.yaml")))
    _, once, twice = counted  # the first also imports
    assert twice / once < GROWTH_LIMIT, counted
    assert capsys.readouterr().out.startswith("--- ")


def test_a_key_is_added_to_a_long_list_in_little_more_than_the_time_of_lint(tmp_path: Path) -> None:
    # The work was inside one call of `list.index` for each item, so there are no calls to count.
    (tmp_path / "in.yaml").write_text(GROWTHS["a key added to a list in brackets"].text(15_000))
    command = GROWTHS["a key added to a list in brackets"].command("in.yaml")
    added = min(run((*ISVCLOG, *command), tmp_path, quiet=True).cpu_seconds for _ in range(2))
    linted = min(run((*ISVCLOG, "lint", "-q", "--exit-zero", "in.yaml"), tmp_path).cpu_seconds for _ in range(2))
    assert added < 4 * linted


def test_an_edit_needs_little_more_memory_than_reading(tmp_path: Path) -> None:
    (tmp_path / "in.yaml").write_text(tiny_scalars(1))
    composed = run((PYTHON, "-c", COMPOSE, "in.yaml"), tmp_path).mebibytes
    edited = run((*ISVCLOG, "add-annotation", "--diff", "-q", "-f", "in.yaml", "example.com/team"), tmp_path).mebibytes
    assert edited - composed < EDIT_MEMORY / 2


def test_an_edit_beside_long_strings_needs_a_multiple_of_the_document(tmp_path: Path) -> None:
    (tmp_path / "in.yaml").write_text(text := long_scalars(50_000))
    bare = run((PYTHON, "-c", "import isvclog.edit.review"), tmp_path).mebibytes
    edited = run((*ISVCLOG, "add-annotation", "--diff", "-q", "-f", "in.yaml", "example.com/team"), tmp_path).mebibytes
    assert edited - bare < EDIT_FACTOR * len(text) / 2**20
