"""The tables in the docs say what the measurements say."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def measured(script: str) -> list[str]:
    path = ROOT / "evaluations" / script
    ended = subprocess.run([sys.executable, path], capture_output=True, text=True, check=True, timeout=120)
    return ended.stdout.splitlines()


def documented() -> str:
    return (ROOT / "docs" / "sensitive-data.md").read_text(encoding="utf-8")


def test_the_docs_have_how_isvclog_compares() -> None:
    rows = [line for line in measured("sensitive_values.py") if line.startswith("| isvclog")]
    assert len(rows) == 2
    for row in rows:
        # The last cell is a ratio of times.
        assert row.rpartition("| ")[0] in documented()


def test_the_docs_have_how_many_secrets_are_found() -> None:
    lines = measured("secret_samples.py")
    start = next(number for number, line in enumerate(lines) if "gitleaks.txt" in line)
    for line in lines[start + 2 : start + 7]:
        assert line in documented()
    # The rest is measured with manifests that are not in the repository.
    recall, harmless = lines[-3:-1]
    assert recall in documented()
    assert harmless in documented()
    assert shares(recall) >= 90
    assert shares(harmless) >= 98
    assert shares(lines[-1]) >= 98


def shares(line: str) -> float:
    """Return the percentage in a line."""
    return float(re.findall(r"([\d.]+) %", line)[0])
