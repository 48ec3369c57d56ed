"""Commands that are given an object of the Python SDK say what it is, and change nothing."""

from pathlib import Path

import pytest

from isvclog.cli.main import main

CASES = Path(__file__).parents[1] / "validate"


@pytest.mark.parametrize("case", sorted(path.name for path in CASES.glob("unserialized-object-*")))
@pytest.mark.parametrize(
    ("command", "code"),
    [
        (["validate"], 1),
        (["lint", "--no-config", "--fix", "--unsafe-fixes"], 1),
        (["preview", "-f"], 3),
    ],
    ids=["validate", "lint", "preview"],
)
def test_it_is_told_as_what_it_is(
    case: str, command: list[str], code: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (CASES / case / "manifest.yaml").read_text()
    file = tmp_path / "isvc.yaml"
    file.write_text(text)
    assert main([*command, str(file)]) == code
    output = capsys.readouterr()
    assert "Python SDK" in output.out + output.err
    assert "no problems" not in output.out + output.err
    assert file.read_text() == text


def test_it_is_not_edited(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "isvc.yaml"
    text = (CASES / "unserialized-object-in-part" / "manifest.yaml").read_text()
    file.write_text(text)
    assert main(["add-annotation", "team=ml", "-f", str(file)]) == 3
    assert "sanitize_for_serialization" in capsys.readouterr().err
    assert file.read_text() == text
