"""Lint reports what the lists of secrets have, and nothing that they say is harmless.

`missed.txt` names the samples that are judged wrongly today, one a line. A sample that is judged rightly has to be
taken out of the table.
"""

import importlib.util
import re
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = ROOT / "evaluations" / "secret_samples.py"
TABLE = Path(__file__).with_name("missed.txt")


def _program() -> Any:
    specification = importlib.util.spec_from_file_location("secret_samples", PROGRAM)
    assert specification
    assert specification.loader
    module = importlib.util.module_from_spec(specification)
    sys.modules[specification.name] = module
    specification.loader.exec_module(module)
    return module


program = _program()
SAMPLES = {sample.name: sample for name in program.NAMES for sample in program.samples(name)}
GROUPS: dict[str, list[str]] = {}
for _name, _sample in SAMPLES.items():
    GROUPS.setdefault(f"{_name.partition('/')[0]}: {_sample.group}", []).append(_name)


@cache
def severities() -> dict[str, str | None]:
    return dict(zip(SAMPLES, program.severities([*SAMPLES.values()]), strict=True))


def missed() -> set[str]:
    """Return the names of the samples that are judged wrongly."""
    return {*TABLE.read_text(encoding="utf-8").splitlines()}


def is_right(name: str, severity: str | None) -> bool:
    if name.startswith("gitleaks/"):
        return severity is not None
    if name.startswith("wanted/a bare AWS secret/"):
        return severity == "warning"
    if name.startswith("wanted/"):
        return severity in ("warning", "error")
    return severity is None


def test_the_table_names_samples() -> None:
    names = TABLE.read_text(encoding="utf-8").splitlines()
    assert len(names) == len({*names})
    assert {*names} <= {*SAMPLES}


def test_the_lists_are_long_enough_to_measure_by() -> None:
    sizes = {name: [len(found) for group, found in GROUPS.items() if group.startswith(name)] for name in program.NAMES}
    assert sum(sizes["gitleaks"]) >= 600
    assert sum(sizes["harmless"]) >= 150
    assert min(sizes["wanted"] + sizes["near_misses"]) >= 5
    wanted, near = ({group for group in GROUPS if group.startswith(name)} for name in ("wanted", "near_misses"))
    assert {group.partition(":")[2] for group in wanted} == {group.partition(":")[2] for group in near}
    assert len({(sample.key, sample.value) for sample in SAMPLES.values()}) >= 0.99 * len(SAMPLES)


@pytest.mark.parametrize("name", ["gitleaks", "wanted"])
def test_bars_part_every_secret(name: str) -> None:
    for number, line in enumerate((program.LISTS / f"{name}.txt").read_text(encoding="utf-8").splitlines()):
        value = line.split("\t")[-1]
        # Ten: nine characters, the last of which may be escaped.
        assert not re.search(r"[^|]{11}", value), f"line {number + 1}"


# Names only: what pytest prints of a failure should not be taken for a leak by those who scan logs.
@pytest.mark.parametrize("group", [*GROUPS])
def test_the_table_has_what_is_judged_wrongly(group: str) -> None:
    wrong = {name for name in GROUPS[group] if not is_right(name, severities()[name])}
    expected = missed() & {*GROUPS[group]}
    assert sorted(expected - wrong) == [], "judged rightly now: take them out of missed.txt"
    assert sorted(wrong - expected) == [], "judged wrongly"
