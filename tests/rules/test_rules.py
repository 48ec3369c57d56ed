"""Every rule has a folder here: `flagged.yaml`, `clean.yaml`, and in `expected.txt` what `lint` says about the first.

Both are linted with this rule alone. Fixing the first gives the second, where the rule has fixes; what has none stands
in `flagged-2.yaml`. A comment in flagged.yaml may give more of the command: `# isvclog lint
--kserve-version 0.14`; files it names stand in the same folder. UPDATE_EXPECTED=1 in the environment writes
expected.txt again; read the difference before you believe it.
"""

import json
import os
import re
import shlex
import shutil
from collections.abc import Iterable
from pathlib import Path
from xml.etree import ElementTree

import pytest
from suggestions import apply_all

from isvclog.cli.main import main
from isvclog.report.formats import FINDINGS
from isvclog.rules.registry import CHECKED, GROUPS

FOLDER = Path(__file__).parent
SOURCE = FOLDER.parents[1] / "src" / "isvclog" / "rules"
IDS = [rule.name for rule in CHECKED]
FLAGGED = sorted(FOLDER.glob("*/flagged*.yaml"))
CLEAN = sorted(FOLDER.glob("*/clean*.yaml"))


def options(path: Path) -> list[str]:
    """What the manifest, or the flagged one it is the clean one of, says of the command."""
    flagged = path.with_name(path.name.replace("clean", "flagged"))
    text = (flagged if flagged.exists() else path).read_text(encoding="utf-8")
    written = re.search(r"^# isvclog lint (.*)$", text, re.MULTILINE)
    return shlex.split(written[1]) if written else []


def lint(path: Path, *more: str) -> int:
    alone = ("--select", path.parent.name, "--fail-on", "info")
    config = [] if "--config" in options(path) else ["--no-config"]
    return main(["lint", path.name, *alone, *config, *options(path), *more])


def names(paths: Iterable[Path]) -> list[str]:
    return [f"{path.parent.name}/{path.stem}" for path in paths]


@pytest.fixture(autouse=True)
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("FORCE_COLOR", "COLUMNS", "GITHUB_ACTIONS"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize("path", FLAGGED, ids=names(FLAGGED))
def test_what_is_wrong_is_flagged(
    path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(path.parent)
    assert lint(path, "-o", "text") == 1
    output = capsys.readouterr()
    found = output.out + output.err
    expected = path.with_name(path.stem.replace("flagged", "expected") + ".txt")
    if os.environ.get("UPDATE_EXPECTED"):
        expected.write_text(found, encoding="utf-8", newline="\n")
    assert found == expected.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", CLEAN, ids=names(CLEAN))
def test_what_is_right_is_not(path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(path.parent)
    code = lint(path, "-o", "text")
    output = capsys.readouterr()
    assert output.out.endswith(": no problems found.\n")
    assert not output.err
    assert code == 0


@pytest.mark.parametrize("path", FLAGGED, ids=names(FLAGGED))
def test_every_format_tells_it(
    path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(path.parent)
    files = [argument for name in FINDINGS for argument in ("--output-file", f"{name}={tmp_path / name}")]
    assert lint(path, "-o", "concise", *files) == 1
    count = capsys.readouterr().out.count("\n")
    for name in FINDINGS:
        text = (tmp_path / name).read_text(encoding="utf-8")
        assert text.count(path.parent.name) >= count, name
        if name in ("json", "sarif", "gitlab", "rdjson"):
            json.loads(text)
    ElementTree.fromstring((tmp_path / "junit").read_text(encoding="utf-8"))


def fixes(path: Path) -> list[str]:
    """With what each finding can be fixed, as the expected text says it; an empty list where one cannot."""
    file = path.with_name(path.stem.replace("flagged", "expected") + ".txt")
    expected = file.read_text(encoding="utf-8") if file.exists() else ""
    found = re.findall(r"\(lint (--(?:unsafe-)?fix(?:es)?)\)$", expected, re.MULTILINE)
    return found if len(found) == len(re.findall(r"^\S.* \[[a-z-]+\]$", expected, re.MULTILINE)) else []


FIXABLE = [path for path in FLAGGED if fixes(path)]


@pytest.mark.parametrize("path", FIXABLE, ids=names(FIXABLE))
def test_a_fix_gives_what_is_right(path: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Byte for byte, and with the line breaks that were there."""
    monkeypatch.chdir(shutil.copytree(path.parent, tmp_path / path.parent.name))
    option = "--unsafe-fixes" if "--unsafe-fixes" in fixes(path) else "--fix"
    flagged, clean = Path(path.name), Path(path.name.replace("flagged", "clean"))
    for line_break in (b"\n", b"\r\n"):
        flagged.write_bytes(path.read_bytes().replace(b"\n", line_break))
        assert lint(Path.cwd() / flagged, option) == 0
        assert flagged.read_bytes() == clean.read_bytes().replace(b"\n", line_break)


@pytest.mark.parametrize("path", FLAGGED, ids=names(FLAGGED))
def test_suggestions_for_reviewdog_give_what_fixes_give(
    path: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(shutil.copytree(path.parent, tmp_path / path.parent.name))
    file = Path.cwd() / path.name
    for line_break in (b"\n", b"\r\n"):
        file.write_bytes(data := path.read_bytes().replace(b"\n", line_break))
        lint(file, "--fix")
        fixed = file.read_bytes()
        file.write_bytes(data)
        for _ in range(10):
            capsys.readouterr()
            lint(file, "-o", "rdjson")
            file.write_bytes(apply_all(data, json.loads(capsys.readouterr().out)["diagnostics"]))
            if data == file.read_bytes():
                break
            data = file.read_bytes()
        assert data == fixed


def test_every_rule_with_a_fix_has_one_to_show() -> None:
    assert {rule.name for rule in CHECKED if rule.fixes} == {path.parent.name for path in FIXABLE}


def test_the_list_of_rules_is_complete() -> None:
    files = {path.stem.replace("_", "-") for group in GROUPS for path in (SOURCE / group).glob("[a-z]*.py")}
    assert files == set(IDS)
    assert len(IDS) == len(set(IDS))
    assert {path.name for path in FOLDER.iterdir() if (path / "flagged.yaml").exists()} == files
