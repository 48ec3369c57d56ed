"""Previews as a terminal of 80 columns shows them: each manifest names its command, and has its screen beside it.

UPDATE_EXPECTED=1 in the environment writes the screens again; read the difference before you believe it.
"""

import os
import re
import shlex
from pathlib import Path

import pytest

from isvclog.cli.main import main
from isvclog.report.columns import text_width

SCREENS = Path(__file__).with_name("screens")
FIXED = ["--id", "5f0c5d5c-6b1e-4b0e-9d52-7c1a5f3c2b10", "--time", "2026-01-02T03:04:05.120Z"]
SHORT = sorted(path.stem for path in SCREENS.glob("*.yaml") if "--full" not in path.read_text().split("\n")[0])


def screen(name: str, capsys: pytest.CaptureFixture[str], *options: str) -> tuple[int, str]:
    """Run the command of a manifest."""
    command = re.match(r"# isvclog (preview .*)", (SCREENS / f"{name}.yaml").read_text())
    assert command is not None
    code = main([*shlex.split(command[1]), *options, *FIXED])
    shown = capsys.readouterr()
    assert shown.err == ""
    return code, shown.out


@pytest.fixture(autouse=True)
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Print as in a terminal of 80 columns without colours."""
    monkeypatch.chdir(SCREENS)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.delenv("FORCE_COLOR", raising=False)


@pytest.mark.parametrize("name", sorted(path.stem for path in SCREENS.glob("*.yaml")))
def test_a_screen(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, shown = screen(name, capsys)
    expected = SCREENS / f"{name}.txt"
    found = f"{shown}[exit code {code}]\n"
    if os.environ.get("UPDATE_EXPECTED"):
        expected.write_text(found, encoding="utf-8", newline="\n")
    assert found == expected.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", SHORT)
def test_it_fits_on_the_screen(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    lines = screen(name, capsys)[1].splitlines()
    assert len(lines) <= (33 if name in ("several-components", "excluded-event") else 24)
    assert max(map(text_width, lines)) <= 80
    assert lines[-1].startswith(("predictor  ", "  remedy ", "  ")), "the verdict is last"


@pytest.mark.parametrize("name", SHORT)
def test_the_verdict_is_the_same_in_both_forms(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    short, whole = screen(name, capsys)[1], screen(name, capsys, "--full")[1]
    assert short.rpartition("\n\n")[2] == whole.rpartition("\n\n")[2]


def test_colours_change_nothing_else(capsys: pytest.CaptureFixture[str]) -> None:
    for name in SHORT:
        plain, painted = screen(name, capsys)[1], screen(name, capsys, "--color", "always")[1]
        assert painted != plain
        assert re.sub(r"\x1b\[[0-9;]*m", "", painted) == plain
