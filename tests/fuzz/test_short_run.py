"""A short run of `evaluations/fuzz.py`: always the same inputs, and no failure that is not known."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
COUNT = 800


@pytest.mark.skipif(sys.platform == "win32", reason="there is no fork")
def test_hundreds_of_inputs_fail_in_no_new_way(tmp_path: Path) -> None:
    # PyYAML judges, so that the result does not depend on whether there is Go.
    command = [sys.executable, "-m", "evaluations.fuzz", "--seed", "short", "--count", str(COUNT), "--minutes", "9"]
    ended = subprocess.run(
        [
            *command,
            "--limit",
            "20",
            "--no-go",
            "--out",
            str(tmp_path),
            str(ROOT / "examples"),
            str(ROOT / "tests" / "rules"),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert (ended.returncode, ended.stderr) == (0, ""), ended.stdout
    assert f"{COUNT:,} inputs" in ended.stdout
    assert "New kinds: 0" in ended.stdout
