"""`isvclog lint` as its users meet it: sessions out of files, and what a session cannot show."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from transcript import replay

import isvclog.lint.fixes
from isvclog.cli.main import main
from isvclog.cli.options.rule_names import complete_rules
from isvclog.config import Config
from isvclog.kserve.apis.installation import Installation
from isvclog.lint.engine import select_rules
from isvclog.lint.fixes import Fixed
from isvclog.lint.linter import Fixing, Linter
from isvclog.lint.reading import FileReader
from isvclog.manifest import Source
from isvclog.rules.policy import Policy
from isvclog.rules.registry import all_rules

Isvclog = Callable[..., subprocess.CompletedProcess[str]]

SESSIONS = Path(__file__).with_name("linted")
FIXABLE = (SESSIONS / "fix" / "block.yaml").read_text()
ONE = ("--select", "non-canonical-header")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, the root of a repository, and nothing in the environment that changes the output."""
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "GITHUB_ACTIONS"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.mark.parametrize("session", sorted(path.name for path in SESSIONS.iterdir()))
def test_a_session(session: str, folder: Path) -> None:
    shutil.copytree(SESSIONS / session, folder, dirs_exist_ok=True)
    (folder / "run.txt").unlink()
    written = SESSIONS / session / "run.txt"
    found = replay(written.read_text(encoding="utf-8"))
    if os.environ.get("UPDATE_EXPECTED"):
        written.write_text(found, encoding="utf-8", newline="\n")
    assert found == written.read_text(encoding="utf-8")


def test_a_file_that_changed_is_not_written_and_hinders_no_other(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in "abc":
        (folder / f"{name}.yaml").write_text(FIXABLE)
    fix_until_done = isvclog.lint.fixes.fix_until_done

    def interfered(source: Source, *arguments: Any, **options: Any) -> Fixed:
        if source.name == "b.yaml":
            (folder / "b.yaml").write_text("kind: Mine\n")
        return fix_until_done(source, *arguments, **options)

    monkeypatch.setattr(isvclog.lint.fixes, "fix_until_done", interfered)
    assert main(["lint", "--fix", *ONE, "a.yaml", "b.yaml", "c.yaml"]) == 3
    assert capsys.readouterr() == (
        "",
        "isvclog: error: b.yaml changed while isvclog was editing it, so it is not written; run the command again.\n"
        "isvclog: fixed 2 findings in 2 files.\n",
    )
    assert [(folder / f"{name}.yaml").read_text() for name in "abc"] == [
        FIXABLE.replace("x-request-id", "X-Request-Id"),
        "kind: Mine\n",
        FIXABLE.replace("x-request-id", "X-Request-Id"),
    ]


def test_a_file_that_must_not_be_written_is_not(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "a.yaml").write_text(FIXABLE)
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK)  # root may write everything
    assert main(["lint", "--fix", "--exit-zero", *ONE, "a.yaml"]) == 3
    errors = capsys.readouterr().err
    assert errors.startswith("isvclog: error: a.yaml cannot be written and is unchanged: Permission denied; check the ")
    assert len(errors.splitlines()) == 1
    assert (folder / "a.yaml").read_text() == FIXABLE


def test_fixing_keeps_no_bytes_but_those_that_somebody_shows(folder: Path) -> None:
    for number in range(5):
        (folder / f"{number}.yaml").write_text(FIXABLE)

    def linter(fixing: Fixing) -> Linter:
        return Linter(select_rules(Installation(), Policy(), frozenset(all_rules())), Config(), fixing=fixing)

    for checking in (linter(Fixing()), linter(Fixing(write=True))):
        results = list(checking.results(FileReader(["."])))
        assert len(results) == checking.fixed_files == checking.fixed == 5
        assert [checked.fixed for checked in results] == [None] * 5
        assert checking.stdin == b""


def test_reports_in_files_are_those_of_standard_output(isvclog: Isvclog, folder: Path) -> None:
    names = ("text", "concise", "json", "sarif", "github", "gitlab", "junit", "rdjson")
    (folder / "a.yaml").write_text(FIXABLE)
    (folder / ".isvclog.yaml").write_text(
        "ignores: [{rule: missing-url, reason: over, expires: 2020-01-01}, {rule: missing-url, reason: none}]"
    )
    alone = {name: isvclog("lint", ".", "-o", name).stdout for name in names}
    files = [f"--output-file={name}=report.{name}" for name in names]
    assert isvclog("lint", ".", "--diff", *files).stdout.startswith("--- ./a.yaml\n")
    assert {name: (folder / f"report.{name}").read_text() for name in names} == alone
    for report in alone.values():
        assert "non-canonical-header" in report
        assert all(report.count(f"{rule}-ignore") >= 1 for rule in ("unused", "expired"))


def test_github_actions_get_annotations_in_the_project_file(isvclog: Isvclog, folder: Path) -> None:
    (folder / "deep").mkdir()
    (folder / "deep" / "a.yaml").write_text(FIXABLE)
    (folder / ".isvclog.yaml").write_text("ignores:\n- {rule: missing-url, reason: over, expires: 2020-01-01}\n")
    ended = isvclog("lint", ".", cwd=folder / "deep", env={"GITHUB_ACTIONS": "true"})
    places = [line.split(",title")[0] for line in ended.stdout.splitlines()]
    assert places[:2] == [
        "::error file=deep/a.yaml,line=12,endLine=12,col=11,endColumn=23",
        "::warning file=.isvclog.yaml,line=2,endLine=2,col=10,endColumn=21",
    ]


@pytest.mark.skipif(os.name == "nt", reason="needs file names of any bytes")
@pytest.mark.parametrize("arguments", [(), ("-otext",), ("--diff",), ("--check", "-ojson"), ("--fix",)])
def test_hostile_file_names_are_shown_and_not_obeyed(
    arguments: tuple[str, ...], isvclog: Isvclog, folder: Path
) -> None:
    with open(os.fsencode(folder) + b"/\x1b[31m\n::error::\xff.yaml", "w") as file:
        file.write(FIXABLE.replace("mode: all", "mode: none"))
    ended = isvclog("lint", ".", "--write-baseline=known.json", env={"PYTHONUTF8": "1"})
    ended = isvclog("lint", ".", *arguments, env={"PYTHONUTF8": "1"})
    assert ended.returncode == 1
    assert "\x1b" not in ended.stdout + ended.stderr
    assert not any(line.startswith("::") for line in (ended.stdout + ended.stderr).splitlines())
    stale = isvclog("lint", ".", "--baseline=known.json", "--no-ignores", env={"PYTHONUTF8": "1"})
    assert "\x1b" not in stale.stdout + stale.stderr
    assert main(["lint", "\x1b[31m.yaml", "--baseline", "\x1b.json"]) == 2


def test_colour_and_width(isvclog: Isvclog, folder: Path) -> None:
    (folder / "a.yaml").write_text(FIXABLE)
    assert "\x1b[31m-        - x-request-id" in isvclog("lint", "--diff", env={"FORCE_COLOR": "1"}).stdout
    assert "\x1b" not in isvclog("lint", "--diff", env={"FORCE_COLOR": "1", "NO_COLOR": "1"}).stdout
    assert (
        "\x1b" in isvclog("lint", "--color=always", "--fix", "-", "-otext", input=FIXABLE.replace("all", "none")).stderr
    )
    lines = isvclog("lint", "-otext", "a.yaml", env={"COLUMNS": "40"}).stdout.splitlines()
    assert not [line for line in lines if len(line) > 40 and " " in line.strip()]


def test_names_of_rules_are_completed_behind_commas() -> None:
    assert complete_rules("missing-u") == ["missing-url"]
    assert complete_rules("empty-url,missing-u") == ["empty-url,missing-url"]
    assert complete_rules("missing-url,missing-u") == []
    assert len(complete_rules("")) == len(all_rules())


@pytest.mark.skipif(os.name == "nt", reason="the current folder cannot be removed there")
def test_a_folder_that_is_gone_is_no_hindrance(isvclog: Isvclog, folder: Path) -> None:
    (folder / "gone").mkdir()
    enter = f"import os; os.chdir({str(folder / 'gone')!r}); os.rmdir(os.getcwd()); "
    command = [sys.executable, "-P", "-c", enter + "from isvclog.cli.main import run; run()", "lint", "-", "--fix"]
    ended = subprocess.run(command, input=FIXABLE, capture_output=True, text=True)
    assert (ended.returncode, ended.stdout) == (0, FIXABLE.replace("x-request-id", "X-Request-Id"))


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs a full disk")
@pytest.mark.parametrize("arguments", [("-ojson", "a.yaml"), ("--diff", "a.yaml"), ("--fix", "-")], ids=" ".join)
def test_a_full_disk_is_told_of(arguments: tuple[str, ...], isvclog: Isvclog, folder: Path) -> None:
    (folder / "a.yaml").write_text(FIXABLE)
    with open("/dev/full", "w") as full, open(folder / "a.yaml") as source:
        ended = isvclog("lint", *arguments, "-q", stdout=full, stderr=subprocess.PIPE, stdin=source)
    assert ended.returncode == 3
    assert ended.stderr.endswith("isvclog: error: the output cannot be written: No space left on device\n")


@pytest.mark.skipif(os.name == "nt", reason="needs links")
def test_fixing_goes_through_a_link(isvclog: Isvclog, folder: Path) -> None:
    (folder / "real.yml").write_text(FIXABLE)
    (folder / "a.yaml").symlink_to("real.yml")
    assert isvclog("lint", "a.yaml", "--fix").returncode == 0
    assert (folder / "a.yaml").is_symlink()
    assert "X-Request-Id" in (folder / "real.yml").read_text()


def test_a_comment_at_the_key_is_about_the_lines_of_its_value(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    manifest = """\
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata:
  name: iris
  annotations:
    note: |{comment}
      one
      two
spec:
  predictor:
    logger: {{mode: all, url: "http://sink.ml.svc", metadataAnnotations: [note]}}
    sklearn: {{storageUri: gs://models/iris}}
"""
    (folder / "a.yaml").write_text(manifest.format(comment=""))
    assert main(["lint", "a.yaml", "-o", "concise"]) == 1
    assert capsys.readouterr().out.startswith("a.yaml:7:10: error: A line break in the value of `note`")
    (folder / "a.yaml").write_text(manifest.format(comment="  # isvclog: ignore[truncated-annotation] as it is"))
    assert main(["lint", "a.yaml", "-o", "concise"]) == 0
    assert capsys.readouterr().out == ""
