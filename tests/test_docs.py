"""The generated page is current, and what proves it can fail."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
SCRIPT = ROOT / "scripts" / "generate_docs.py"


def test_the_page_of_rules_is_current() -> None:
    ended = subprocess.run([sys.executable, SCRIPT, "--check"], capture_output=True, text=True)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")


def test_a_page_that_differs_is_found_and_written_again(tmp_path: Path) -> None:
    script = tmp_path / "scripts" / "generate_docs.py"
    script.parent.mkdir()
    script.write_bytes(SCRIPT.read_bytes())
    check = subprocess.run([sys.executable, script, "--check"], capture_output=True, text=True)
    assert check.returncode == 1
    assert "rules.md is not current: run make generated\n" in check.stderr
    subprocess.run([sys.executable, script], check=True)
    assert (tmp_path / "docs" / "rules.md").read_bytes() == (ROOT / "docs" / "rules.md").read_bytes()
    assert subprocess.run([sys.executable, script, "--check"]).returncode == 0
