"""Whenever a writer is killed, the file is the old or the new one, and the next writer clears up."""

import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_a_killed_writer_leaves_a_whole_file() -> None:
    script = Path(__file__).parents[1] / "scripts" / "kill_writes.py"
    ended = subprocess.run([sys.executable, script, "40"], capture_output=True, text=True, timeout=120)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "40 writers killed: 0 mixtures" in ended.stdout
