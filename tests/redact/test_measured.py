"""The table in the docs says what the measurement says."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_docs_have_what_is_measured() -> None:
    script = ROOT / "evaluations" / "sensitive_values.py"
    ended = subprocess.run([sys.executable, script], capture_output=True, text=True, check=True, timeout=120)
    documented = (ROOT / "docs" / "sensitive-data.md").read_text(encoding="utf-8")
    rows = [line for line in ended.stdout.splitlines() if line.startswith("| isvclog")]
    assert len(rows) == 2
    for row in rows:
        # The last cell is a ratio of times.
        assert row.rpartition("| ")[0] in documented
