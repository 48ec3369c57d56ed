"""What the README shows is what the commands print, to the character.

UPDATE_EXPECTED=1 in the environment writes the README again; read the difference before you believe it.
"""

import os
import re
import shlex
from pathlib import Path

import pytest

from isvclog.cli.main import main
from isvclog.config.load import load_config
from isvclog.rules.registry import all_rules

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
BLOCK = re.compile(r"^```console\n\$ isvclog (.*)\n((?s:.*?))^```$", re.MULTILINE)
FIXED = ["--id", "5f0c5d5c-6b1e-4b0e-9d52-7c1a5f3c2b10", "--time", "2026-01-02T03:04:05.120Z"]


def test_every_command_prints_what_the_readme_shows(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    monkeypatch.delenv("COLUMNS", raising=False)

    def block(match: re.Match[str]) -> str:
        arguments = shlex.split(match[1])
        main(arguments + (FIXED if arguments[0] == "preview" else []))
        lines = capsys.readouterr().out.rstrip("\n").split("\n")
        return "\n".join(["```console", f"$ isvclog {match[1]}", *(line.rstrip() for line in lines), "```"])

    text = README.read_text(encoding="utf-8")
    shown, count = BLOCK.subn(block, text)
    assert count >= 5
    assert "this is a bug" not in shown
    if os.environ.get("UPDATE_EXPECTED"):
        README.write_text(shown, encoding="utf-8", newline="\n")
    assert shown == README.read_text(encoding="utf-8")


def test_the_project_file_in_the_readme_is_one(tmp_path: Path) -> None:
    (written,) = re.findall(
        r"^```yaml\n(kserveVersion:(?s:.*?))^```$", README.read_text(encoding="utf-8"), re.MULTILINE
    )
    file = tmp_path / ".isvclog.yaml"
    file.write_text(written, encoding="utf-8")
    config = load_config(str(file), all_rules())
    assert config.kserve_version == "0.16"
    assert config.ignores[0].rule == "missing-url"
