"""Every example previews, validates and lints, with output and exit codes in the file of its name beside this one.

The command is the one that the example's own comment gives; an id and a time make it the same every day.
UPDATE_EXPECTED=1 in the environment writes the files again; read the difference before you believe it.
"""

import os
import re
import shlex
from pathlib import Path

import pytest

from isvclog.cli.main import main

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted((ROOT / "examples").glob("*.yaml"))
FIXED = ["--id", "5f0c5d5c-6b1e-4b0e-9d52-7c1a5f3c2b10", "--time", "2026-01-02T03:04:05.120Z"]


def command_of(example: Path) -> list[str]:
    written = re.search(r"^#   isvclog (preview .*)$", example.read_text(encoding="utf-8"), re.MULTILINE)
    assert written is not None, f"{example.name} does not say how it is previewed"
    command = shlex.split(written[1])
    assert f"examples/{example.name}" in command
    return command


def run(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    code = main(arguments)
    output = capsys.readouterr()
    shown = shlex.join(arguments[: -len(FIXED)] if arguments[-len(FIXED) :] == FIXED else arguments)
    return f"$ isvclog {shown}\n{output.out}{output.err}[exit code {code}]\n"


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_example(example: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    monkeypatch.delenv("COLUMNS", raising=False)
    command = command_of(example)
    release, mode = (
        command[command.index(option) :][:2] if option in command else []
        for option in ("--kserve-version", "--deployment-mode")
    )
    found = run([*command, *FIXED], capsys)
    found += "\n" + run(["validate", f"examples/{example.name}", *release], capsys)
    found += "\n" + run(["lint", f"examples/{example.name}", *release, *mode], capsys)
    expected = Path(__file__).with_name(f"{example.stem}.txt")
    assert "this is a bug" not in found
    if os.environ.get("UPDATE_EXPECTED"):
        expected.write_text(found, encoding="utf-8", newline="\n")
    assert found == expected.read_text(encoding="utf-8")


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_the_number_tells_whether_it_is_broken(example: Path) -> None:
    text = example.read_text(encoding="utf-8")
    assert (int(example.name[:2]) > 10) == text.startswith("# Broken")
