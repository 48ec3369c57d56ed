"""Generated pages are current, the table of layers is that of the contract, and what proves it can fail."""

import re
import subprocess
import sys
import tomllib
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


def test_the_table_of_layers_is_that_of_the_contract() -> None:
    tools = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    contracts = tools["importlinter"]["contracts"]
    layers = next(each["layers"] for each in contracts if each.get("containers") == ["isvclog"])
    rows = re.findall(r"^\| (\d+) \| (.+?) \|", (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"), re.MULTILINE)
    described = {int(number): set(re.findall(r"`(\w+)`", folders)) for number, folders in rows}
    assert described == {number: set(layer.split(" | ")) for number, layer in enumerate(layers, 1)}
