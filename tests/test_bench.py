"""The benchmark runs, and its generous limits hold: starts stay short, and neither memory nor time runs away."""

import subprocess
import sys
from pathlib import Path

import pytest

from evaluations.growth import GROWTHS


@pytest.mark.skipif(sys.platform == "win32", reason="memory is measured with what only Unix has")
def test_the_quick_benchmark_stays_within_its_limits() -> None:
    command = [sys.executable, "-m", "evaluations.bench", "--quick"]
    ended = subprocess.run(command, cwd=Path(__file__).parents[1], capture_output=True, text=True, timeout=600)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    for measured in (
        "--version",
        "--help",
        "validate FILE",
        "lint FILE",
        "preview -f FILE",
        "1,000 files",
        "lint takes",
        "times the memory",
        *GROWTHS,
    ):
        assert measured in ended.stdout


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="the CPU time of another process is not known here")
def test_the_language_server_is_measured() -> None:
    pytest.importorskip("pygls", reason="pygls is not installed: pip install 'isvclog[editor]'")
    command = [sys.executable, "-m", "evaluations.editor", "--quick"]
    ended = subprocess.run(command, cwd=Path(__file__).parents[1], capture_output=True, text=True, timeout=600)
    # How long a change takes on the clock says nothing while other tests run.
    assert "5,190 lines" in ended.stdout, ended.stdout + ended.stderr
