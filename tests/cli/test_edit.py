"""add-annotation and remove-annotation as their users meet them: sessions in `edited/`, replayed in a copy.

UPDATE_EXPECTED=1 in the environment writes them again; read the difference before you believe it.
"""

import os
import shutil
from pathlib import Path

import pytest
from transcript import replay

from isvclog.cli.main import main

SESSIONS = sorted(path.parent for path in (Path(__file__).parent / "edited").glob("*/run.txt"))


@pytest.mark.parametrize("session", SESSIONS, ids=lambda path: path.name)
def test_a_session_goes_as_it_is_written(session: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("FORCE_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(shutil.copytree(session, tmp_path / session.name, ignore=shutil.ignore_patterns("run.txt")))
    written = (session / "run.txt").read_text(encoding="utf-8")
    found = replay(written)
    assert "this is a bug" not in found
    if os.environ.get("UPDATE_EXPECTED"):
        (session / "run.txt").write_text(found, encoding="utf-8", newline="\n")
    assert found == (session / "run.txt").read_text(encoding="utf-8")


@pytest.mark.skipif(os.name == "nt", reason="links need permissions there")
def test_a_file_and_a_link_to_it_are_edited_once(tmp_path: Path) -> None:
    file, link = tmp_path / "a.yaml", tmp_path / "b.yaml"
    shutil.copyfile(SESSIONS[0] / "block.yaml", file)
    link.symlink_to(file)
    assert main(["add-annotation", "-f", str(file), "-f", str(link), "example.com/team=risk", "k=1"]) == 0
    assert main(["remove-annotation", "-f", str(tmp_path), "k", "--with-value"]) == 0
    assert file.read_bytes() == (SESSIONS[0] / "block.yaml").read_bytes()
    assert link.is_symlink()
