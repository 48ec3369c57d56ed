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
