"""Arguments that are files or names of services, and how files are found, as users meet them: sessions in `arguments/`.

UPDATE_EXPECTED=1 in the environment writes them again; read the difference before you believe it.
"""

import os
import shutil
from pathlib import Path

import pytest
from transcript import replay

SESSIONS = sorted(path.parent for path in (Path(__file__).parent / "arguments").glob("*/run.txt"))


@pytest.mark.parametrize("session", SESSIONS, ids=lambda path: path.name)
def test_a_session_goes_as_it_is_written(session: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("FORCE_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(shutil.copytree(session, tmp_path / session.name, ignore=shutil.ignore_patterns("run.txt")))
    written = (session / "run.txt").read_text(encoding="utf-8")
    found = replay(written)
    assert "this is a bug" not in found
    if os.environ.get("UPDATE_EXPECTED"):
        (session / "run.txt").write_text(found, encoding="utf-8", newline="\n")
    assert found == (session / "run.txt").read_text(encoding="utf-8")
