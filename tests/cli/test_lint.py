"""`isvclog lint` as its users meet it: sessions out of files, and what a session cannot show."""

import json
import os
import shutil
from pathlib import Path

import pytest
from transcript import replay

SESSIONS = Path(__file__).with_name("linted")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, the root of a repository, and nothing in the environment that changes the output."""
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "GITHUB_ACTIONS"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.mark.parametrize("session", sorted(path.name for path in SESSIONS.iterdir()))
def test_a_session(session: str, folder: Path) -> None:
    shutil.copytree(SESSIONS / session, folder, dirs_exist_ok=True)
    expected = (folder / "run.txt").read_text(encoding="utf-8")
    (folder / "run.txt").unlink()
    assert replay(expected) == expected
