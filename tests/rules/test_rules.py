"""Every rule has a folder here: `flagged.yaml`, `clean.yaml`, and in `expected.txt` what `lint` says about the first.

Both are linted with this rule alone. A comment in flagged.yaml may give more of the command: `# isvclog lint
--kserve-version 0.14`; files it names stand in the same folder. UPDATE_EXPECTED=1 in the environment writes
expected.txt again; read the difference before you believe it.
"""

import os
import re
import shlex
from pathlib import Path

import pytest

from isvclog.cli.main import main
from isvclog.rules.registry import CHECKED, GROUPS
from isvclog.rules.rule import Rule

FOLDER = Path(__file__).parent
SOURCE = FOLDER.parents[1] / "src" / "isvclog" / "rules"
IDS = [rule.name for rule in CHECKED]


def lint(rule: Rule, file: str, *more: str) -> int:
    text = (FOLDER / rule.name / "flagged.yaml").read_text(encoding="utf-8")
    written = re.search(r"^# isvclog lint (.*)$", text, re.MULTILINE)
    options = shlex.split(written[1]) if written else []
    return main(["lint", file, "--select", rule.name, "--fail-on", "info", *options, *more])


@pytest.fixture(autouse=True)
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("FORCE_COLOR", "COLUMNS", "GITHUB_ACTIONS"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize("rule", CHECKED, ids=IDS)
def test_what_is_wrong_is_flagged(
    rule: Rule, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(FOLDER / rule.name)
    assert lint(rule, "flagged.yaml", "-o", "text") == 1
    found = capsys.readouterr()
    assert not found.err
    expected = FOLDER / rule.name / "expected.txt"
    if os.environ.get("UPDATE_EXPECTED"):
        expected.write_text(found.out, encoding="utf-8", newline="\n")
    assert found.out == expected.read_text(encoding="utf-8")


@pytest.mark.parametrize("rule", CHECKED, ids=IDS)
def test_what_is_right_is_not(rule: Rule, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(FOLDER / rule.name)
    code = lint(rule, "clean.yaml", "-o", "text")
    assert capsys.readouterr().out.endswith(": no problems found.\n")
    assert code == 0


def test_the_list_of_rules_is_complete() -> None:
    files = {path.stem.replace("_", "-") for group in GROUPS for path in (SOURCE / group).glob("[a-z]*.py")}
    assert files == set(IDS)
    assert len(IDS) == len(set(IDS))
    assert {path.name for path in FOLDER.iterdir() if (path / "flagged.yaml").exists()} == files
