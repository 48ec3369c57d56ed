"""`preview --diff`: each folder has an old and a new state, and what is printed of the difference in each format.

UPDATE_EXPECTED=1 in the environment writes the expected files again; read the difference before you believe it.
"""

import json
import os
import shlex
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from isvclog.cli.main import main
from isvclog.report.columns import text_width

ROOT = Path(__file__).parents[2]
CASES = Path(__file__).with_name("compared")
NAMES = sorted(path.name for path in CASES.iterdir())
FORMATS = {"text": "expected.txt", "json": "expected.json", "markdown": "expected.md"}
SCHEMA = json.loads((ROOT / "schemas" / "preview-diff.schema.json").read_text(encoding="utf-8"))
each_case = pytest.mark.parametrize("name", NAMES)


@pytest.fixture(autouse=True)
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Print as in a terminal of 80 columns without colours."""
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.delenv("FORCE_COLOR", raising=False)


def sides(name: str) -> tuple[str, str]:
    """Return the old and the new state of a case, from its folder."""
    return ("old", "new") if (CASES / name / "old").is_dir() else ("old.yaml", "new.yaml")


def compared(
    name: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *arguments: str
) -> tuple[int, str, str]:
    """Compare the states of a case; without `arguments`, from old to new."""
    monkeypatch.chdir(CASES / name)
    options = Path("options").read_text(encoding="utf-8") if Path("options").exists() else ""
    places = [] if "--diff" in arguments else ["--diff", *sides(name)]
    code = main(["preview", *places, *arguments, *shlex.split(options)])
    shown = capsys.readouterr()
    return code, shown.out, shown.err


@pytest.mark.parametrize("output", FORMATS)
@each_case
def test_a_case(name: str, output: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    code, out, err = compared(name, capsys, monkeypatch, "-o", output, "--exit-code")
    found = f"{out}{err}[exit code {code}]\n" if output == "text" else out
    expected = CASES / name / FORMATS[output]
    if os.environ.get("UPDATE_EXPECTED"):
        expected.write_text(found, encoding="utf-8", newline="\n")
    assert found == expected.read_text(encoding="utf-8")


@each_case
def test_the_text_fits(name: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    _, out, _ = compared(name, capsys, monkeypatch)
    assert max(map(text_width, out.splitlines())) <= 80
    assert out.replace("\n", "").isprintable()


@each_case
def test_json_is_as_the_schema_says(
    name: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    Draft202012Validator.check_schema(SCHEMA)
    _, out, _ = compared(name, capsys, monkeypatch, "-o", "json")
    assert [error.message for error in Draft202012Validator(SCHEMA).iter_errors(json.loads(out))] == []
