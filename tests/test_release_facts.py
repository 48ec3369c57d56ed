"""`make release-facts` names every fact, and only places that exist."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from isvclog.kserve.apis.releases import ALL_RELEASES, NEWEST, NEXT, capabilities, find_release

ROOT = Path(__file__).parents[1]
PLACE = re.compile(r"`((?:src|scripts|tests|oracles|schemas)/[^` ]*|CHANGELOG\.md)")


def run(*arguments: str) -> tuple[int, str, str]:
    command = [sys.executable, "-m", "scripts.release_facts", *arguments]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return ended.returncode, ended.stdout, ended.stderr


def test_every_fact_is_asked_about() -> None:
    code, text, errors = run("99.0.0")
    assert (code, errors) == (0, "")
    assert f"Each item says what is known of {NEWEST}" in text
    for row in capabilities().values():
        assert f"- [ ] `{row.name}`: {row.sentence} (" in text
    assert text.count("(not released") == sum(row.since == NEXT for row in capabilities().values())
    for file in (ROOT / "tests" / "conformance").glob("*.json"):
        assert f"`tests/conformance/{file.name}`" in text


def test_every_place_exists() -> None:
    places = set(PLACE.findall(run("99.0.0")[1]))
    assert len(places) > 15
    assert [place for place in sorted(places) if not (ROOT / place).exists()] == []


def test_a_known_release_is_compared_with_the_one_before_it() -> None:
    code, text, _ = run("v0.16.0")
    assert code == 0
    assert "Each item says what is known of 0.15.2." in text
    assert "KServe 0.16.0 is in the table already" in text
    rows = [row for row in capabilities().values() if row.since < find_release("0.16") or row.since == NEXT]
    assert text.count(" (since ") + text.count("(not released") == len(rows)


@pytest.mark.parametrize("arguments", [(), ("0.22",), ("next",), (str(ALL_RELEASES[0]),), ("1.0.0", "2.0.0")])
def test_what_cannot_be_answered(arguments: tuple[str, ...]) -> None:
    code, text, errors = run(*arguments)
    assert (code, text) == (2, "")
    assert errors.count("\n") == 1
