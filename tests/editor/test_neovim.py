"""A real editor: Neovim without a window shows a finding and applies a fix."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("pygls", reason="pygls is not installed: pip install 'isvclog[editor]'")

SCRIPT = Path(__file__).with_name("neovim.lua")
EXAMPLE = Path(__file__).parents[2] / "examples" / "15-lower-case-header.yaml"


@pytest.mark.skipif(shutil.which("nvim") is None, reason="nvim is not installed")
def test_neovim_shows_a_finding_and_applies_a_fix(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    file = Path(shutil.copy(EXAMPLE, tmp_path / "isvc.yaml"))
    environment = {
        **os.environ,
        "ISVCLOG_FILE": str(file),
        "ISVCLOG_PYTHON": sys.executable,
        "ISVCLOG_CODE": "from isvclog.cli.main import run; run()",
        "XDG_STATE_HOME": str(tmp_path),
    }
    command = ["nvim", "--headless", "--clean", "-n", "-S", str(SCRIPT)]
    ended = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120)
    lines = [line.strip() for line in ended.stdout.splitlines() if line.strip()]
    assert lines == [
        "17:11 non-canonical-header",
        "18:11 duplicate-header",
        "Write `X-Request-Id`",
        "fixed",
    ], ended.stdout + ended.stderr
    assert "- X-Request-Id\n" in file.read_text(encoding="utf-8")
