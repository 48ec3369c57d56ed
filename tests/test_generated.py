"""Generated files are current, and what says so notices one that is not."""

import subprocess
import sys
from pathlib import Path

import pytest

from scripts import generate_schemas, generated
from scripts.generated import save_generated

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize("name", ["docs", "releases", "runtimes", "schemas"])
def test_files_are_current(name: str) -> None:
    command = [sys.executable, "-m", f"scripts.generate_{name}", "--check"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")


def test_what_differs_is_named_and_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(generated, "ROOT", tmp_path)
    for name in ("changed", "equal", "surplus"):
        (tmp_path / name).write_text(name, encoding="utf-8")
    wanted = {"changed": "\u00e9\n", "equal": "equal", "surplus": None, "new/file": "new"}
    texts = {tmp_path / name: text for name, text in wanted.items()}
    monkeypatch.setattr(sys, "argv", ["", "--check"])
    assert save_generated(texts) == 1
    named = [line.partition(" is not current: run make generated")[0] for line in capsys.readouterr().err.splitlines()]
    assert named == ["changed", "new/file", "surplus"]
    assert (tmp_path / "changed").read_text(encoding="utf-8") == "changed"
    monkeypatch.setattr(sys, "argv", [""])
    assert save_generated(texts) == 0
    written = {
        path.relative_to(tmp_path).as_posix(): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()
    }
    assert written == {"changed": b"\xc3\xa9\n", "equal": b"equal", "new/file": b"new"}
    monkeypatch.setattr(sys, "argv", ["", "--check"])
    assert save_generated(texts) == 0


def test_a_schema_of_no_release_is_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(generate_schemas, "FOLDER", tmp_path)
    stray = tmp_path / "inferenceservice-0.1.0.json"
    stray.write_text("{}", encoding="utf-8")
    assert [path for path, text in generate_schemas.generated().items() if text is None] == [stray]
